"""What other sites take away: embeds that may be framed, feeds of any filter, citations that credit the accounts."""

import re

import pytest

from tests import documents as doc
from tests.conflict.pages.conftest import CAST

pytestmark = pytest.mark.usefixtures("record")
LATER = next(entry for kind, entry in CAST if entry["key"] == "later")


class TestAnEmbed:
    @pytest.mark.parametrize(
        "address",
        [
            "/embed/events/later/",
            "/fr/embed/events/later/?version=1",
            "/embed/chart/?kind=battle",
            "/embed/map/",
            "/embed/places/konna/",
        ],
    )
    def test_may_be_framed_and_nothing_else_may(self, client, address):
        answer = client.get(address)

        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "frame-ancestors 'none'" in client.get("/events/later/")["Content-Security-Policy"]
        assert client.get("/events/later/")["X-Frame-Options"] == "DENY"

    def test_of_an_event_stands_as_it_does_or_is_frozen_to_a_version(self, read):
        doc.published([("event", {**LATER, "title": "Ceasefire agreed"})], at=doc.NOON.replace(hour=13))

        assert "Ceasefire agreed" in read("/embed/events/later/")
        frozen = read("/embed/events/later/?version=1")
        assert "Ceasefire signed" in frozen
        assert "changed since" in frozen

    def test_of_deaths_frozen_today_counts_what_the_live_one_counts(self, client):
        number = client.get("/embed/chart/").context["step"].number

        live, frozen = (
            client.get(f"/embed/chart/?chart=killed&to=2013{frozen}").content.decode().partition("<table")[2]
            for frozen in ("", f"&publication={number}")
        )

        assert "46–100 or more" in live
        assert frozen.partition("</table>")[0] == live.partition("</table>")[0]

    @pytest.mark.parametrize("embed", ["chart", "map"])
    def test_of_a_chart_or_map_is_frozen_to_a_publication_that_later_ones_do_not_change(self, client, embed):
        number = client.get(f"/embed/{embed}/").context["step"].number
        address = f"/fr/embed/{embed}/?publication={number}&from=2013&to=2013"
        before = client.get(address).content.decode()
        (title, live) = ("<title>", f"/embed/{embed}/?from=2013&to=2013")
        alive = client.get(live).content.decode()

        doc.published([doc.event("newer", place="konna", when="2013-01-20")], at=doc.NOON.replace(hour=13))
        after = client.get(address).content.decode()

        drawing = slice(before.index(title), before.index("<a href=", before.index("</figure>")))
        assert after[drawing] == before[drawing]
        assert f"publication={number}" in after
        assert client.get(live).content.decode() != alive

    @pytest.mark.parametrize(
        ("query", "reason"),
        [
            ("chart/?publication=999999", "There is no publication 999999."),
            ("map/?publication=1&actor=france", "not by actor"),
        ],
    )
    def test_is_not_frozen_to_what_cannot_be_told_of_then(self, read, query, reason):
        assert reason in read(f"/embed/{query}", 400)

    @pytest.mark.parametrize("embed", ["chart/", "map/", "events/later/", "places/konna/"])
    def test_names_where_it_comes_from_and_its_licence(self, read, embed):
        assert re.search(r'href="http://testserver/">\S.* · .*CC BY', read(f"/embed/{embed}"), re.DOTALL)

    @pytest.mark.parametrize(
        ("address", "status"),
        [("later/?version=7", 404), ("later/?version=0", 400), ("later/?version=x", 400), ("never-was/", 404)],
    )
    def test_of_an_unknown_version_is_refused(self, read, address, status):
        read(f"/embed/events/{address}", status)


class TestAFilteredFeed:
    def test_holds_what_the_list_shows_and_says_so(self, read):
        feed = read("/feeds/events.atom?actor=france")

        assert "France: Konna is not retaken" in feed
        assert "naming France" in feed
        assert "Ceasefire signed" not in feed
        assert 'href="/feeds/events.atom?actor=france"' in read("/chronology/?actor=france")
        read("/feeds/events.atom?actr=france", 400)


class TestACitation:
    def test_credits_whoever_gives_the_figures_and_their_sources(self, read):
        assert "Figures by one witness [226]; Malian Army; a witness." in read("/events/konna-dead/cite/plain/")
        assert "Figures by one witness [226]; Malian Army; a witness." in read("/events/konna-dead/cite/ris/")
