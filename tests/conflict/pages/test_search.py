import pytest

pytestmark = pytest.mark.usefixtures("record")


class TestSearch:
    @pytest.mark.parametrize("words", ["Menaka", "ménaka", "MÉNAKA"])
    def test_forgives_accents(self, words, read):
        assert "/places/menaka/" in read(f"/search/?q={words}")

    def test_knows_aliases(self, read):
        page = read("/search/?q=MUJAO")

        assert "/actors/mojwa/" in page
        assert "/events/konna-taken/" in page

    @pytest.mark.parametrize(
        ("words", "found", "said"),
        [
            ("Mennaka&kind=location", "/places/menaka/", "Similar names:"),
            ("Konnna", "/chronology/?place=konna", "Did you mean:"),
            ("how many died at Komna", "/chronology/?place=konna", "Did you mean:"),
            ("Kona 2013", "/chronology/?place=konna&amp;from=2013&amp;to=2013", "Did you mean:"),
            ("malain armi attakc", "/chronology/?actor=army", "Did you mean:"),
        ],
    )
    def test_forgives_typing_errors_and_says_so(self, words, found, said, read):
        page = read(f"/search/?q={words}")

        assert f'href="{found}"' in page
        assert said in page

    def test_finds_the_misspelt_name_among_several_words(self, read):
        assert "/places/menaka/" in read("/search/?q=Mennaka%20attack")

    def test_puts_what_is_called_exactly_so_first(self, client):
        groups = client.get("/search/?q=konna").context["groups"]

        assert groups[0].kind == "location"
        assert groups[0].entries[0].key == "konna"

    def test_says_the_dead_of_what_it_finds(self, read):
        assert "46–100 or more" in read("/search/?q=Konna")

    def test_keeps_to_one_kind(self, read):
        page = read("/search/?q=Konna&kind=location")

        assert "/places/konna/" in page
        assert "/events/konna-taken/" not in page

    @pytest.mark.parametrize(("address", "words"), [("", "Konna 15 January 2013"), ("/fr", "15 janvier 2013")])
    def test_reads_dates_and_puts_what_is_sure_before_what_is_possible(self, address, words, client):
        (group, *_) = client.get(f"{address}/search/", {"q": words}).context["groups"]

        assert [row.key for row in group.entries] == ["konna-denied"]
        assert group.possible == ()

        (group, *_) = client.get(f"{address}/search/", {"q": "20 February 2014"}).context["groups"]

        assert (group.entries, [row.key for row in group.possible]) == ([], ["later"])

    def test_reads_the_same_date_in_the_chronology(self, client):
        chosen = client.get("/chronology/", {"q": "Konna January 2013"}).context["chosen"]

        assert chosen.given == {"q": "Konna", "from": "2013-01", "to": "2013-01"}
        assert [part["words"] for part in chosen.said()] == ["with the words “Konna”", "dated January 2013"]
        assert chosen.sentence == "Events with the words “Konna”, in January 2013"

    @pytest.mark.parametrize("words", ["captured", "capturing", "captures", "capture"])
    def test_finds_every_form_of_a_word(self, words, read):
        assert "/events/konna-taken/" in read(f"/search/?q={words}&kind=event")

    @pytest.mark.parametrize(
        ("words", "filtered"),
        [
            ("What happened in Konna in 2013?", "/chronology/?place=konna&amp;from=2013&amp;to=2013"),
            ("Konna", "/chronology/?place=konna"),
            ("what is MUJAO's part", "/chronology/?actor=mojwa"),
        ],
    )
    def test_understands_a_question_that_names_a_place_an_actor_or_a_date(self, words, filtered, client):
        page = client.get("/search/", {"q": words})

        assert f'<p class="understood"><a href="{filtered}">' in page.content.decode()
        assert page.context["groups"][0].entries
        assert "No results" not in page.content.decode()

    def test_says_when_there_is_nothing(self, read):
        assert "No results for" in read("/search/?q=zzzzqqqq")


class TestSuggestions:
    def test_put_names_that_begin_so_first(self, client):
        assert [one["name"] for one in client.get("/search/suggestions/?q=ma").json()][:2] == ["Mali", "Malian Army"]

    @pytest.mark.parametrize("words", ["menaka", "Mennaka", "MÉNA"])
    def test_forgive_accents_and_typing_errors(self, words, client):
        assert client.get("/search/suggestions/", {"q": words}).json()[0]["name"] == "Ménaka"

    def test_know_aliases(self, client):
        assert client.get("/search/suggestions/?q=mujao").json()[0]["key"] == "mojwa"

    @pytest.mark.parametrize("words", ["%", "_", "'; --", "\\"])
    def test_take_signs_for_what_they_are(self, words, client):
        assert client.get("/search/suggestions/", {"q": words}).json() == []

    def test_lead_to_entries_and_to_the_events_of_a_date(self, client):
        [first, *_] = client.get("/fr/search/suggestions/?q=10 janvier 2013").json()

        assert first["address"] == "/fr/chronology/?q=10+janvier+2013"
        assert client.get("/fr/search/suggestions/?q=mujao").json()[0]["address"] == "/fr/actors/mojwa/"
