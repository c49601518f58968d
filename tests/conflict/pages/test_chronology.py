import re
from xml.etree import ElementTree

import pytest

from conflict.pages.chronology import PAGE_SIZE
from conflict.public import introduction
from conflict.public.cache import contents, fragments
from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


def listed(page):
    """Keys of the events that the page lists, in its order."""
    return re.findall('<li class="event-row" id="([^"]+)"', page.content.decode())


class TestTheChronology:
    def test_is_in_the_order_of_time_with_the_undated_last(self, read):
        page = read("/chronology/")

        titles = [
            "Islamists capture Konna",
            "Dead around Konna",
            "France: Konna is not retaken",
            "Ceasefire signed",
            "Something happened",
        ]
        assert sorted(titles, key=page.index) == titles
        assert "Date not known" in page

    def test_says_whose_the_figures_are_where_accounts_differ(self, read):
        page = read("/chronology/")

        assert "Movement for Oneness and Jihad: 46–100 or more killed" in page
        assert ": accounts differ (46, says one witness; more than 100, says the Malian Army" in page
        assert "dozens" in page

    @pytest.mark.parametrize(
        ("query", "title"),
        [
            ("q=ceasefire", "Ceasefire signed"),
            ("q=Menaka", "Something happened"),
            ("q=MUJAO&kind=territorial_change", "Islamists capture Konna"),
            ("from=2014", "Ceasefire signed"),
            ("to=2013-01-10", "Islamists capture Konna"),
            ("actor=france", "France: Konna is not retaken"),
            ("place=menaka", "Something happened"),
            ("kind=agreement", "Ceasefire signed"),
            ("standing=disputed&from=2013-01-15&to=2013-01-15", "France: Konna is not retaken"),
        ],
    )
    def test_is_filtered_by(self, read, query, title):
        page = read(f"/chronology/?{query}")

        assert title in page
        assert "<strong>1 event</strong>" in page

    def test_takes_a_place_with_all_that_lies_in_it(self, read):
        assert "<strong>4 events</strong>" in read("/chronology/?place=mali")

    def test_takes_a_period_with_all_nested_in_it(self, read):
        assert "<strong>3 events</strong>" in read("/chronology/?period=intervention")

    def test_says_the_filter_in_words(self, read):
        page = read("/chronology/?actor=france&from=2013-01")

        assert "naming France" in page
        assert "from January 2013" in page

    def test_does_not_pass_off_an_empty_answer_as_an_answer(self, read):
        assert "not that nothing happened" in read("/chronology/?q=zeppelin")

    def test_shows_an_empty_period_as_a_gap(self, read):
        assert "nothing recorded" in read("/chronology/")
        assert "That is a gap in the chronology" in read("/periods/quiet/")

    def test_is_read_from_its_end_by_numbered_pages(self, client):
        doc.published(
            [doc.event(f"many-{number:03}", when="2013-02-01", place="konna") for number in range(130)],
            at=doc.NOON.replace(hour=13),
        )

        newest, earliest = (
            [key for number in (1, 2, 3, 4) for key in listed(client.get(f"/chronology/?order={order}&page={number}"))]
            for order in ("newest", "earliest")
        )

        assert len(newest) == 135
        assert newest == earliest[::-1]
        assert "This list has 4 pages" in client.get("/chronology/?page=5").content.decode()

    def test_draws_one_year_by_month(self, read):
        assert '<ol class="year-links month-links">' in read("/chronology/?from=2013&to=2013")


class TestTheFrontPage:
    @pytest.fixture(autouse=True)
    def _introduction(self, settings, tmp_path):
        settings.INTRODUCTION_FILE = tmp_path / "introduction.json"
        settings.INTRODUCTION_FILE.write_text(
            """{"title": {"en": "A war", "fr": "Une guerre"}, "missing": {"en": "Conclude nothing."},
            "lead": [{"question": {"en": "Who"}, "answer": {"en": "They do.", "fr": "Eux."}}],
            "phases": [{"from": "2013-01", "to": "2013-06", "title": {"en": "First"}, "summary": {"en": "It began."}},
                       {"from": "2014", "to": "", "title": {"en": "Second"}, "summary": {"en": "It went on."}}],
            "turns": [{"event": "konna-taken", "label": {"en": "Konna"}}]}""",
            encoding="utf-8",
        )
        introduction._read.cache_clear()
        yield
        introduction._read.cache_clear()

    def test_tells_who_fights_and_what_is_missing_before_any_event(self, read):
        page = read("/")

        order = ["They do.", "What is missing", "Conclude nothing.", "It began.", "event-row"]
        assert sorted(order, key=page.index) == order
        assert "Warning: September 2024, open for 18 months</a>" in page
        assert "Eux." in read("/fr/")
        assert 'lang="en">Conclude nothing.' in read("/fr/")

    def test_counts_a_phase_as_the_list_does_to_which_it_leads(self, read):
        page = read("/")

        leads = re.findall(r'<a href="(/chronology/\?from=[^"]+)"[^>]*>.*?· ([0-9]+) event', page, re.DOTALL)
        assert [number for _link, number in leads] == ["3", "1"]
        for link, number in leads:
            assert re.search(rf"<strong>{number} events?</strong>", read(link.replace("&amp;", "&")))

    def test_sets_two_accounts_against_each_other(self, read):
        page = read("/")

        question = page.index("Killed: Movement for Oneness and Jihad")
        assert question < page.index("One witness says") < page.index("The Malian Army says")

    def test_follows_what_is_published(self, read):
        read("/")
        doc.published([doc.event("new", "A new battle", when="2015-05-01")], at=doc.NOON.replace(hour=13))

        page = read("/")
        assert "A new battle" in page
        assert "Since 1 March 2026: " in page

    def test_leads_older_addresses_of_the_list_to_where_it_stands(self, client):
        assert client.get("/fr/?kind=battle")["Location"] == "/fr/chronology/?kind=battle"


class TestDownloads:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "q=Konna&from=2013-01&to=2013-02",
            "actor=army&kind=battle",
            "place=konna",
            "period=konna-battle",
            "standing=disputed",
            "standing=unsourced",
            "standing=unresolved",
            "bbox=-5,14,-3,16",
        ],
    )
    def test_hold_the_same_events_as_the_list(self, query, client):
        page = client.get(f"/chronology/?{query}")

        link = next(
            link for link in re.findall(r'href="(/api/v1/events/[^"]+)"', page.content.decode()) if "json" in link
        )
        told = client.get(link.replace("&amp;", "&").replace("geojson", "json")).json()

        assert {event["key"] for event in told["results"]} == set(listed(page))


class TestPages:
    def test_lead_through_all_events_and_back(self, read, client, record):
        doc.published(
            [doc.event(f"many-{number:03}", when="2013-02-01", place="konna") for number in range(130)],
            at=doc.NOON.replace(hour=13),
        )

        seen, path = [], "/chronology/"
        while path:
            page = client.get(path)
            seen += listed(page)
            path = f"/chronology/{page.context['page'].next}" if page.context["page"].next else ""

        assert len(seen) == len(set(seen)) == 135
        back = client.get(f"/chronology/{page.context['page'].previous}")
        assert listed(back) == seen[2 * PAGE_SIZE : 3 * PAGE_SIZE]


class TestTheNumberOfQueries:
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/chronology/",
            "/actors/",
            "/places/",
            "/sources/",
            "/places/konna/",
            "/actors/army/",
            "/periods/konna-battle/",
        ],
    )
    def test_is_the_same_for_few_and_many(self, path, client, django_assert_num_queries):
        client.get("/map/")  # the first page under a head also reads that head, and what has been published up to it
        with django_assert_num_queries(14, exact=False) as few:
            client.get(path)
        number = len(few)
        events = [
            doc.event(
                f"many-{number:03}",
                when="2013-02-01",
                place="konna",
                period="konna-battle",
                participants=[doc.participant("army", "defender")],
            )
            for number in range(80)
        ]
        others = [doc.actor(f"actor-{number}") for number in range(40)] + [
            doc.source(f"s-{number}", number=number) for number in range(40)
        ]
        doc.published([*others, *events], at=doc.NOON.replace(hour=13))
        for kept in (contents, fragments):
            kept.store.clear()  # or it would be asked first whether what was kept still stands
        client.get("/map/")

        with django_assert_num_queries(number, exact=False):
            client.get(path)


class TestTheChartAsAFile:
    def test_has_the_numbers_of_the_bars(self, read):
        assert read("/chronology/months.csv?from=2013&to=2013").splitlines() == ["month,events", "2013-01,3"]
        assert "2013-01,2013-01,46,100,True" in read("/chronology/months.csv?chart=killed").splitlines()

    @pytest.mark.parametrize("query", ["", "?chart=killed", "?q=nothing-like-it", "?actor=army"])
    def test_is_a_drawing_that_says_what_it_is(self, query, read):
        drawing = ElementTree.fromstring(read(f"/fr/chronology/months.svg{query}"))  # noqa: S314  # our own

        said = " ".join(drawing.itertext())
        assert "par mois" in said
        assert "CC BY-SA 4.0" in said
