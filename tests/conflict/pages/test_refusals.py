import pytest

from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")

LISTS = [
    "/",
    "/actors/",
    "/places/",
    "/sources/",
    "/notices/",
    "/changes/",
    "/search/",
    "/events/konna-dead/",
    "/actors/army/",
]
NONSENSE = [
    "from=2015-02-29",
    "from=yesterday",
    "from=2014&to=2013",
    "actor=nobody",
    "place=atlantis",
    "period=none-such",
    "kind=miracle",
    "standing=excellent",
    "after=no-cursor",
    "before=2013-99-99~key",
    "after=2013-01-01~a&before=2013-01-01~b",
    "q=" + "a" * 10_000,
    "q=%00",
    "kind=battle&kind=attack",
    "actor=" + "x" * 500,
]


class TestAnAddressThatAsksForNonsense:
    @pytest.mark.parametrize("path", LISTS)
    def test_is_refused_by_the_name_of_the_unknown_parameter(self, path, read):
        page = read(f"{path}?actr=army", 400)

        assert "“actr”" in page

    @pytest.mark.parametrize("query", NONSENSE, ids=[query[:30] for query in NONSENSE])
    def test_is_refused_with_a_page_that_helps(self, query, read):
        page = read(f"/chronology/?{query}", 400)

        assert "<li>" in page
        assert "This page accepts:" in page

    @pytest.mark.parametrize("words", ['"(', "& | !", "the"])
    def test_is_refused_where_it_asks_for_no_word(self, words, client, record):
        answer = client.get("/chronology/", {"q": words})

        assert answer.status_code == 400
        assert "This page accepts:" in answer.content.decode()

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            (path, words)
            for path in ("/chronology/", "/search/", "/actors/", "/sources/")
            for words in ("'; DROP TABLE x; --", "<script>alert(1)</script>", '"(', "& | !", "a:*b", "%25_%5C")
            if (path, words) not in {("/chronology/", '"('), ("/chronology/", "& | !")}
        ],
    )
    def test_is_answered_where_it_is_only_strange(self, path, words, client):
        response = client.get(path, {"q": words})

        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()

    def test_is_not_written_to(self, client):
        assert client.post("/").status_code == 405


class TestARole:
    def test_without_an_actor_is_refused_in_the_readers_language(self, read):
        assert "Choose an actor as well" in read("/chronology/?role=attacker", 400)
        assert "Choisissez aussi un acteur" in read("/fr/chronology/?role=attacker", 400)

    def test_of_an_actor_is_said_in_words(self, read, record):
        assert "in the role “" in read("/chronology/?actor=army&role=defender")


class TestAKeyThatNeverWas:
    @pytest.mark.parametrize("page", ["events", "actors", "places", "sources", "periods", "notices"])
    def test_is_not_found(self, page, read):
        read(f"/{page}/never-was/", 404)

    def test_is_helped_by_entries_that_come_near(self, read):
        assert "/events/konna-taken/" in read("/events/Konna-Taken/", 404)
        assert "/events/konna-dead/" in read("/events/2013-dead-around-konna/", 404)

    def test_has_no_versions(self, read):
        read("/events/never-was/versions/", 404)
        read("/events/konna-dead/versions/7/", 404)
        read("/events/konna-dead/versions/999999999999/", 404)


class TestAWithdrawnEntry:
    @pytest.fixture
    def gone(self):
        doc.withdrawn("event", "later", at=doc.NOON.replace(hour=14), reason="Told twice.", successor="konna-dead")

    def test_answers_410_with_date_reason_and_successor(self, gone, read):
        page = read("/events/later/", 410)

        assert "1 March 2026" in page
        assert "Told twice." in page
        assert "/events/konna-dead/" in page

    def test_keeps_its_versions_citable(self, gone, read):
        assert "Ceasefire signed" in read("/events/later/versions/1/")
        assert "withdrawn" in read("/events/later/versions/2/")
        assert "Ceasefire signed" in read("/events/later/versions/")


class TestAnyOtherAddress:
    def test_answers_with_a_page_of_this_site(self, read):
        assert "Page not found" in read("/no/such/page/", 404)


class TestAnAddressWithOneFault:
    def test_is_asked_again_with_the_fault_beside_its_field_and_the_rest_kept(self, read):
        page = read("/chronology/?actor=france&from=2013-13&kind=battle", 400)

        assert 'name="from" value="2013-13" aria-invalid="true" aria-describedby="fault-from"' in page
        assert 'id="fault-from"' in page
        assert 'name="actor" value="france">' in page
        assert 'name="kind" value="battle">' in page


class TestAnEmptyParameter:
    @pytest.mark.parametrize(
        ("asked", "kept"),
        [("/chronology/?q=&from=2013&to=", "/chronology/?from=2013"), ("/fr/search/?q=&kind=", "/fr/search/")],
    )
    def test_never_stands_in_an_address(self, asked, kept, client):
        answer = client.get(asked)

        assert (answer.status_code, answer["Location"]) == (301, kept)
