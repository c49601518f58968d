"""What other sites take away: embeds that may be framed, feeds of any filter, citations that credit the accounts."""

import pytest

from tests import documents as doc
from tests.conflict.pages.conftest import CAST

pytestmark = pytest.mark.usefixtures("record")
LATER = next(entry for kind, entry in CAST if entry["key"] == "later")


class TestAnEmbed:
    @pytest.mark.parametrize(
        "address", ["/embed/events/later/", "/fr/embed/events/later/?version=1", "/embed/chart/?kind=battle"]
    )
    def test_may_be_framed_and_nothing_else_may(self, client, address):
        answer = client.get(address)

        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
        assert "frame-ancestors 'none'" in client.get("/events/later/")["Content-Security-Policy"]
        assert client.get("/events/later/")["X-Frame-Options"] == "DENY"

    def test_of_an_event_stands_as_it_does_or_is_frozen_to_a_version(self, read):
        doc.published([("event", {**LATER, "title": "Ceasefire agreed"})], at=doc.NOON.replace(hour=13))

        assert "Ceasefire agreed" in read("/embed/events/later/")
        frozen = read("/embed/events/later/?version=1")
        assert "Ceasefire signed" in frozen
        assert "changed since" in frozen

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
