import re
from datetime import timedelta

import pytest

from conflict.vocabulary import ChangeKind
from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture
def corrected():
    entry = next(entry for entry in doc_cast() if entry[1]["key"] == "later")
    changed = ("event", {**entry[1], "title": "Ceasefire agreed", "summary": "In Algiers."})
    doc.published([changed], at=doc.NOON + timedelta(days=1), kind=ChangeKind.CORRECTION, reason="The title was wrong.")


FILTERED = [
    "q=Konna", "from=2013-01&to=2013-02", "kind=battle", "actor=army", "actor=army&role=loser", "dead_of=army", "place=mali",
    "period=intervention", "standing=disputed", "standing=unsourced", "standing=unresolved",
    "bbox=-4,14,-3,15",
]  # fmt: skip


def found(page, kind):
    """Keys of the entries of a kind to which the list of a page links."""
    listed = page[page.index("</header>", page.index("<main")) if "list-head" in page else page.index("<main") :]
    return sorted(
        set(re.findall(rf'href="/{kind}/([a-z0-9-]+)/(?:versions/1/)?"', listed.split('<nav class="pages"')[0]))
    )


def doc_cast():
    from tests.conflict.pages.conftest import CAST

    return CAST


class TestChanges:
    def test_are_told_since_a_day_in_one_sentence(self, client, read):
        doc.published([doc.event("newer", "A newer event")], at=doc.NOON.replace(month=4))

        page = read("/changes/?since=2026-04-01")

        assert "Since 1 April 2026: 1 new entry." in page
        assert "A newer event" in page
        assert "Ceasefire signed" not in page
        read("/changes/?since=yesterday", 400)

    def test_tell_every_step_with_kind_and_reason(self, corrected, read):
        page = read("/changes/")

        assert "2 March 2026" in page
        assert "correction: <span>The title was wrong.</span>" in page
        assert page.index("2 March 2026") < page.index("1 March 2026")

    def test_are_filtered_by_kind(self, corrected, read):
        page = read("/changes/?kind=correction")

        assert "Ceasefire agreed" in page
        assert "Islamists capture Konna" not in page


class TestVersions:
    def test_stand_for_good(self, corrected, read):
        assert "Ceasefire signed" in read("/events/later/versions/1/")
        assert "This is not what stands today." in read("/events/later/versions/1/")
        assert "Ceasefire agreed" in read("/events/later/versions/2/")

    def test_say_what_changed(self, corrected, read):
        page = read("/events/later/versions/2/changes/")

        assert "Ceasefire <del>signed</del> <ins>agreed</ins>" in page
        assert "<ins>In Algiers.</ins>" in page

    def test_are_worded_for_people_in_their_language(self, read):
        page = read("/fr/events/konna-taken/versions/1/")

        assert "<dt>Date</dt><dd>10 janvier 2013</dd>" in page
        assert '<dt>Acteur</dt><dd lang="en">Malian Army</dd>' in page
        assert "konna-taken" not in re.sub(r"<[^>]*>", "", page), "A key is no word for people."

    @pytest.mark.parametrize("kind", ["actors/mojwa", "places/konna", "sources/book", "periods/quiet", "notices/older"])
    def test_are_told_of_every_kind(self, kind, read):
        assert '<dl class="differences"><div><dt>' in read(f"/fr/{kind}/versions/1/")


class TestTheChronologyAsOfADay:
    DAY = "/changes/as-of/?day=2026-03-01"

    def test_is_in_the_order_of_time_with_the_names_of_then(self, corrected, read):
        doc.published([doc.location("konna", "Konna (renamed)", parent="mali")], at=doc.NOON + timedelta(days=2))
        page = read(self.DAY).split('<ol class="plain hits">')[1]

        assert "Ceasefire signed" in page
        assert "Ceasefire agreed" not in page
        assert "Konna</span>" in page
        assert "renamed" not in page
        assert page.index("Islamists capture Konna") < page.index("Ceasefire signed")
        assert "Konna (renamed)" in read("/changes/as-of/?day=2026-03-04")

    @pytest.mark.parametrize("kind", ["actor", "location", "source", "period", "notice"])
    def test_knows_every_kind(self, kind, read):
        assert "/versions/1/" in read(f"{self.DAY}&of={kind}")
        read(f"{self.DAY}&of={kind}&kind=battle", 400)

    @pytest.mark.parametrize("query", [*FILTERED, ""])
    def test_is_filtered_as_the_list_of_that_day_was(self, query, read):
        """Nothing has changed at first, then all; both find what today's list finds."""
        expected = found(read(f"/chronology/?{query}"), "events")
        changed = [
            ("event", {**body, "title": f"{body['title']} (later)"}) for kind, body in doc_cast() if kind == "event"
        ]
        assert expected
        assert found(read(f"{self.DAY}&{query}"), "events") == expected

        doc.published(changed, at=doc.NOON + timedelta(days=1))
        page = read(f"{self.DAY}&{query}")

        assert found(page, "events") == expected
        assert "(later)" not in page

    def test_counts_no_dead_that_a_claim_of_another_event_had_revised(self, read):
        claims = {"counted": [], "revised": [], "revising": [doc.relation("revises", "c-revised")]}
        events = [
            doc.event(
                key,
                claims=[doc.claim(f"c-{key}", low=9, high=9, subject=[doc.ref("actor", "army")], relations=relations)],
            )
            for key, relations in claims.items()
        ]
        doc.published(events)
        doc.published([(kind, {**body, "title": "Later"}) for kind, body in events], at=doc.NOON + timedelta(days=1))

        then = found(read(f"{self.DAY}&dead_of=army"), "events")

        assert {"counted", "revising"} <= set(then)
        assert "revised" not in then

    def test_keep_the_clocks_apart(self, corrected, read):
        page = read("/events/later/")

        assert "first published 1 March 2026" in page
        assert "version 2, last changed 2 March 2026" in page


class TestCiting:
    def test_names_version_and_permanent_address(self, read):
        assert "/events/later/versions/1/" in read("/events/later/")

    @pytest.mark.parametrize(
        ("style", "mark"), [("bibtex", "@misc{later,"), ("ris", "TY  - DATA"), ("plain", "“Ceasefire signed”")]
    )
    def test_is_offered_as(self, style, mark, read):
        assert mark in read(f"/events/later/cite/{style}/")

    def test_knows_no_other_style(self, read):
        read("/events/later/cite/papyrus/", 404)
