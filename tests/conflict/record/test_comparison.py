"""Comparing documents: every kind of difference, in a table."""

from typing import Any

import pytest

from conflict.documents.comparison import ChangeType, compare
from conflict.documents.references import Reference
from tests import documents
from tests.documents import citation, claim, described, finding, participant, ref, relation

NAMES = {Reference("location", "konna"): "Konna", Reference("actor", "army"): "Malian Army"}


def event(**fields: Any) -> dict[str, Any]:
    return documents.event("konna-falls", **fields)[1]


def told(parts):
    """(part, fate, field, before, after) of every difference."""
    return [
        (part.title, part.fate.value, each.field, each.before, each.after)
        for part in parts
        for each in part.differences
    ]


TABLE = {
    "translations, text by text": (
        event(translations={"fr": {"title": {"text": "Konna", "of": "1"}, "summary": {"text": "Même", "of": "1"}}}),
        event(
            translations={"fr": {"title": {"text": "Konna tombe", "of": "1"}, "summary": {"text": "Même", "of": "2"}}}
        ),
        [
            ("", "changed", "Title (fr)", "Konna", "Konna tombe"),
            ("", "changed", "Summary (fr), confirmed for the changed text", "Même", "Même"),
        ],
    ),
    "a title": (event(title="Old"), event(title="New"), [("", "changed", "Title", "Old", "New")]),
    "a date, and not the days it spans": (
        event(when="2013-01"),
        event(when="2013-01-10"),
        [("", "changed", "When", "2013-01", "2013-01-10")],
    ),
    "a term, by its label": (
        event(kind="battle"),
        event(kind="air_strike"),
        [("", "changed", "Kind", "battle or clash", "air strike")],
    ),
    "a place that is added, by name and key": (
        event(),
        event(place="konna"),
        [("", "changed", "Place", "", "Konna (konna)")],
    ),
    "further places, as one list": (
        event(other_locations=[ref("location", "gao")]),
        event(other_locations=[ref("location", "gao"), ref("location", "konna")]),
        [("", "changed", "Other places", "gao", "gao; Konna (konna)")],
    ),
    "a figure, in the claim that has its key": (
        event(claims=[claim("a", low=1), claim("b", low=5)]),
        event(claims=[claim("b", low=6), claim("a", low=1)]),
        [("Claim b", "changed", "Figure, from", "5", "6")],
    ),
    "zero, which is not nothing": (
        event(claims=[claim("a", low=None)]),
        event(claims=[claim("a", low=0)]),
        [("Claim a", "changed", "Figure, from", "", "0")],
    ),
    "who says it": (
        event(claims=[claim("a", claimant=[described("a witness")])]),
        event(claims=[claim("a", claimant=[ref("actor", "army")])]),
        [("Claim a", "changed", "Claimant", "a witness", "Malian Army (army)")],
    ),
    "the standing of who took part": (
        event(participants=[participant("army", "attacker")]),
        event(participants=[participant("army", "attacker", standing="claimed")]),
        [("Participant Malian Army (army), attacker", "changed", "Standing", "known", "claimed")],
    ),
    "the note of a citation within a claim": (
        event(claims=[claim("a", citations=[citation("s", locator="p. 3")])]),
        event(claims=[claim("a", citations=[citation("s", locator="p. 3", note="read")])]),
        [("Claim a › Citation s, p. 3", "changed", "Note", "", "read")],
    ),
    "the second of two citations that are alike": (
        event(citations=[citation("s", note="one"), citation("s", note="two")]),
        event(citations=[citation("s", note="one"), citation("s", note="two b")]),
        [("Citation s", "changed", "Note", "two", "two b")],
    ),
    "the claims that a finding rests on": (
        event(findings=[finding("f", claims=[ref("claim", "a")])]),
        event(findings=[finding("f", claims=[ref("claim", "a"), ref("claim", "b")])]),
        [("Finding f", "changed", "Claims", "a", "a; b")],
    ),
    "nothing": (event(claims=[claim("a")]), event(claims=[claim("a")]), []),
    "the order of children, which says nothing": (
        event(claims=[claim("a"), claim("b")], citations=[citation("s"), citation("t")]),
        event(claims=[claim("b"), claim("a")], citations=[citation("t"), citation("s")]),
        [],
    ),
}


class TestComparing:
    @pytest.mark.parametrize(("before", "after", "expected"), TABLE.values(), ids=TABLE)
    def test_finds(self, before, after, expected):
        assert told(compare("event", before, after, NAMES)) == expected

    def test_a_child_that_was_added_tells_all_it_says(self):
        [part] = compare("event", event(), event(claims=[claim("a", "46 dead.", low=46)]))

        assert (part.title, part.fate) == ("Claim a", ChangeType.ADDED)
        assert ("Figure, from", "", "46") in [(each.field, each.before, each.after) for each in part.differences]

    def test_a_child_that_was_removed_tells_all_it_said(self):
        [part] = compare("event", event(citations=[citation("s", note="seen")]), event())

        assert (part.title, part.fate) == ("Citation s", ChangeType.REMOVED)
        assert ("Note", "seen", "") in [(each.field, each.before, each.after) for each in part.differences]

    def test_a_relation_between_claims_is_a_child_of_the_claim(self):
        old, new = event(claims=[claim("a")]), event(claims=[claim("a", relations=[relation("contradicts", "b")])])

        [part] = compare("event", old, new)

        assert (part.title, part.fate) == ("Claim a › Relation contradicts, b", ChangeType.ADDED)

    def test_a_new_entry_is_added_as_a_whole(self):
        parts = compare("event", None, event(title="New", claims=[claim("a")]))

        assert [(part.title, part.fate) for part in parts] == [("", ChangeType.ADDED), ("Claim a", ChangeType.ADDED)]

    def test_an_entry_that_is_gone_is_removed_as_a_whole(self):
        [part] = compare("event", event(), None)

        assert part.fate == ChangeType.REMOVED

    @pytest.mark.parametrize(
        ("kind", "one", "other"),
        [
            ("actor", documents.actor("a", "A")[1], documents.actor("a", "B")[1]),
            ("location", documents.location("a", "A")[1], documents.location("a", "B")[1]),
            ("source", documents.source("a", title="A")[1], documents.source("a", title="B")[1]),
            ("period", documents.period("a", "A")[1], documents.period("a", "B")[1]),
            ("notice", documents.notice("a", "A")[1], documents.notice("a", "B")[1]),
        ],
        ids=["actor", "location", "source", "period", "notice"],
    )
    def test_works_for_every_kind_of_entry(self, kind, one, other):
        [part] = compare(kind, one, other)

        assert [(each.before, each.after) for each in part.differences] == [("A", "B")]
