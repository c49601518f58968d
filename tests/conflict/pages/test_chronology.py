import re

import pytest

from conflict.public.cache.responses import kept
from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


def listed(page):
    """Keys of the events that the page lists, in its order."""
    return re.findall('<li class="event-row" id="([^"]+)"', page.content.decode())


class TestTheChronology:
    def test_shows_the_warning_of_the_source_text_above_everything(self, read):
        page = read("/")

        assert page.index("Most sources date from 2012 to 2015.") < page.index("Islamists capture Konna")
        assert "raised in September 2024, open for 18 months" in page

    def test_is_in_the_order_of_time_with_the_undated_last(self, read):
        page = read("/")

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
        page = read("/")

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
        page = read(f"/?{query}")

        assert title in page
        assert "<strong>1 event</strong>" in page

    def test_takes_a_place_with_all_that_lies_in_it(self, read):
        assert "<strong>4 events</strong>" in read("/?place=mali")

    def test_takes_a_period_with_all_nested_in_it(self, read):
        assert "<strong>3 events</strong>" in read("/?period=intervention")

    def test_says_the_filter_in_words(self, read):
        page = read("/?actor=france&from=2013-01")

        assert "naming France" in page
        assert "from January 2013" in page

    def test_does_not_pass_off_an_empty_answer_as_an_answer(self, read):
        assert "not that nothing happened" in read("/?q=zeppelin")

    def test_shows_an_empty_period_as_a_gap(self, read):
        assert "nothing recorded" in read("/")
        assert "That is a gap in the chronology" in read("/periods/quiet/")


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
        page = client.get(f"/?{query}")

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

        seen, path = [], "/"
        while path:
            page = client.get(path)
            seen += listed(page)
            path = f"/{page.context['page'].next}" if page.context["page"].next else ""

        assert len(seen) == len(set(seen)) == 135
        back = client.get(f"/{page.context['page'].previous}")
        assert listed(back) == seen[60:120]


class TestTheNumberOfQueries:
    @pytest.mark.parametrize(
        "path", ["/", "/actors/", "/places/", "/sources/", "/places/konna/", "/actors/army/", "/periods/konna-battle/"]
    )
    def test_is_the_same_for_few_and_many(self, path, client, django_assert_num_queries):
        client.get("/map/")  # the first page under a head also reads that head, and what has been published up to it
        with django_assert_num_queries(12, exact=False) as few:
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
        kept.clear()  # or it would be asked first whether what was kept still stands
        client.get("/map/")

        with django_assert_num_queries(number, exact=False):
            client.get(path)
