"""Effect of a publication on cached pages: those that show a change are rendered again, the others kept."""

import re
import threading
from time import sleep

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from conflict.public.cache.counts import once_for_each_head
from conflict.public.cache.reads import recording
from conflict.public.head import Head
from conflict.record.models import PublishedCount
from tests import documents as doc
from tests.conflict.pages.conftest import CAST

LATER, STILL_LATER = doc.NOON.replace(hour=14), doc.NOON.replace(hour=15)
TAKEN = next(entry for kind, entry in CAST if entry["key"] == "konna-taken")
PAGES_THAT_COUNT = ["/chronology/", "/map/", "/places/"]
EVENTS = [f"/events/{entry['key']}/" for kind, entry in CAST if kind == "event"]


def counted(client, *addresses):
    """Whether these addresses, read now, ask for the counts of the whole record."""
    with CaptureQueriesContext(connections["public"]) as asked:
        for address in addresses:
            assert client.get(address).status_code == 200
    return any(PublishedCount._meta.db_table in query["sql"] for query in asked)


def read(client, path):
    return client.get(path).content.decode()


def months_open(client, path):
    """For how many months the first notice of this page has been open."""
    return int(re.search("open for ([0-9]+) months", client.get(path).content.decode())[1])


def reworded(**fields):
    return [("event", {**TAKEN, **fields})]


@pytest.mark.usefixtures("record")
class TestARewording:
    @pytest.fixture(autouse=True)
    def _read_before(self, client, record):
        for address in (*PAGES_THAT_COUNT, "/actors/", *EVENTS):
            client.get(address)

    def test_leaves_counts_as_they_are(self, client):
        doc.published(
            [
                *reworded(summary="Told better."),
                doc.actor("aqim", "Al-Qaeda in the Maghreb", family="jihadist", description="Described."),
            ],
            at=LATER,
        )

        assert not counted(client, *PAGES_THAT_COUNT)

    def test_is_on_the_page_and_in_the_head_that_all_pages_show(self, client):
        (step,) = doc.published(reworded(summary="Told better."), at=LATER)

        assert "Told better." in client.get("/events/konna-taken/").content.decode()
        for address in (*PAGES_THAT_COUNT, "/events/konna-taken/", "/events/konna-dead/"):
            assert step.sha256 in client.get(address).content.decode()

    def test_of_a_title_is_on_the_pages_of_the_events_around(self, client):
        named = f">{TAKEN['title']}<"
        around = [path for path in EVENTS if path != "/events/konna-taken/" and named in read(client, path)]
        doc.published(reworded(title="A town falls"), at=LATER)

        assert len(around) >= 2
        for path in around:
            assert ">A town falls<" in read(client, path)
            assert named not in read(client, path)

    def test_renders_no_page_that_does_not_show_it(self, client):
        doc.published(reworded(summary="Told better."), at=LATER)

        for address in ("/events/konna-dead/", "/map/", "/places/", "/actors/"):
            assert {one.name for one in client.get(address).templates} <= {"parts/stands.html"}

    @pytest.mark.parametrize(
        "asked", ["?from=2013&to=2013", "?actor=mojwa", "?place=konna&kind=battle", "?period=konna-battle"]
    )
    def test_leaves_maps_and_charts_of_what_was_asked_for(self, asked, client):
        for path in ("/map/", "/chronology/"):
            client.get(path + asked)
        doc.published(reworded(summary="Told better."), at=LATER)

        rendered = {one.name for path in ("/map/", "/chronology/") for one in client.get(path + asked).templates}
        assert not {"map.html", "parts/histogram.html"} & rendered

    def test_makes_the_map_of_words_anew(self, client):
        client.get("/map/?q=airport")
        doc.published(reworded(summary="They took the airport."), at=LATER)

        assert "<strong>1 event</strong>" in client.get("/map/?q=airport").content.decode()

    @pytest.mark.parametrize(
        "published",
        [
            reworded(when="2014-03-01"),
            reworded(other_locations=[doc.ref("location", "menaka")]),
            reworded(location=doc.ref("location", "menaka")),
            reworded(location=None),
            reworded(period=doc.ref("period", "quiet")),
            reworded(kind="capture"),
            reworded(standing="contested"),
            reworded(participants=[doc.participant("mojwa", "attacker")]),
            reworded(citations=[doc.citation("book")]),
            [doc.event("another", "Another")],
            [doc.actor("nomads", "The nomads")],
            [doc.actor("aqim", "Al-Qaeda in the Maghreb", family="state", description="Described.")],
            [doc.location("gao", "Gao")],
            [doc.notice("bare", "Bare of sources.", target=doc.ref("event", "konna-taken"))],
            [*reworded(summary="Told better."), doc.event("another", "Another")],
        ],
        ids=[
            "date",
            "another place",
            "place",
            "no place any more",
            "period",
            "kind",
            "standing",
            "who took part",
            "sources",
            "an event",
            "an actor",
            "another family",
            "a place",
            "a notice",
            "a rewording and an event",
        ],
    )
    def test_is_nothing_that_changes_what_others_show(self, client, published):
        doc.published(published, at=LATER)

        assert all(counted(client, address) for address in PAGES_THAT_COUNT)

    def test_is_no_withdrawal_and_no_return_in_the_same_words(self, client):
        doc.withdrawn("event", "konna-taken", at=LATER)
        gone = client.get("/chronology/").content.decode()
        doc.published([("event", TAKEN)], at=STILL_LATER)

        assert 'id="konna-taken"' not in gone
        assert counted(client, "/chronology/")
        assert 'id="konna-taken"' in client.get("/chronology/").content.decode()


class TestAPage:
    @pytest.mark.parametrize("odd", ["\ue000", "\ue000site", "site\ue000", "\ue000\ue000"])
    def test_shows_characters_of_nobodys_alphabet_as_they_were_published(self, odd, client, record):
        doc.published([doc.event("odd", f"Told in an odd font {odd}", when="2013-01-11")], at=LATER)

        for path in ("/chronology/", "/events/odd/"):
            told = client.get(path).content.decode()
            assert f"odd font {odd}" in told
            assert "http://testserver" in told

    def test_tells_for_how_long_a_notice_is_open_though_only_events_were_reworded_since(self, client, record):
        doc.published([doc.notice("bare", raised_on="2024-01", target=doc.ref("event", "konna-dead"))], at=LATER)
        before = {path: months_open(client, path) for path in ("/", "/events/konna-dead/")}

        doc.published(reworded(summary="Told better."), at=STILL_LATER.replace(year=LATER.year + 1))

        for path, months in before.items():
            assert months_open(client, path) == months + 12


class TestACount:
    def test_is_made_once_for_all_who_ask_at_once(self):
        made = []

        @once_for_each_head
        def slow() -> int:
            made.append(1)
            sleep(0.05)
            return 7

        def ask() -> None:
            with recording(Head(1, "a")):
                slow()

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(made) == 1

    def test_that_fails_is_made_by_the_next_one(self):
        answers = iter([ValueError("broken"), 7])

        @once_for_each_head
        def failing() -> int:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        with recording(Head(1, "a")):
            with pytest.raises(ValueError, match="broken"):
                failing()
            assert failing() == 7
