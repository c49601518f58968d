"""Computed range over rival claims: widening, exclusions, and figures in words."""

from typing import Any

import pytest

from conflict.estimates import estimates
from tests.documents import claim, described, ref, relation

SIDE = [ref("actor", "mnla")]
ALL = [described("all sides")]


def counted(
    key: str, low: int | None = None, high: int | None = None, qualifier: str = "exact", **fields: Any
) -> dict[str, Any]:
    return claim(key, low=low, high=high, qualifier=qualifier, **{"subject": SIDE, **fields})


CASES = {
    "one exact figure": ([counted("a", 46, 46)], (46, 46, False, [])),
    "rivals span their extremes": ([counted("a", 1, 1), counted("b", 9, 12, "about")], (1, 12, False, [])),
    "more than leaves the top open": ([counted("a", 1, 1), counted("b", 100, None, "more_than")], (1, 100, True, [])),
    "at least alone has a bottom and an open top": ([counted("a", 12, None, "at_least")], (12, 12, True, [])),
    "up to gives no bottom": ([counted("a", None, 20, "up_to")], (None, 20, False, [])),
    "dozens is a word and no number": ([counted("a", qualifier="dozens")], (None, None, True, ["dozens"])),
    "unknown is neither zero nor silence": ([counted("a", qualifier="unknown")], (None, None, False, ["unknown"])),
    "zero is a figure": ([counted("a", 0, 0)], (0, 0, False, [])),
    "a deprecated claim is left out": (
        [counted("a", 1, 1), counted("b", 99, 99, rank="deprecated")],
        (1, 1, False, []),
    ),
    "a revised claim is left out": (
        [counted("old", 98, 98), counted("new", 81, 81, relations=[relation("revises", "old")])],
        (81, 81, False, []),
    ),
    "a part of a counted whole is left out": (
        [counted("part", 41, 41, relations=[relation("part_of", "whole")]), counted("whole", 800, 800)],
        (800, 800, False, []),
    ),
    "a contradicted claim stays": (
        [counted("a", 10, 10), counted("b", 97, 97, relations=[relation("contradicts", "a")])],
        (10, 97, False, []),
    ),
}


class TestAnEstimate:
    @pytest.mark.parametrize(("claims", "expected"), CASES.values(), ids=CASES)
    def test_spans_the_claims_that_count(self, claims, expected):
        (estimate,) = estimates(claims)

        assert (estimate.low, estimate.high, estimate.is_open_above, estimate.in_words) == expected

    def test_is_made_apart_for_each_subject_and_measure(self):
        found = estimates(
            [counted("a", 46, 46), counted("b", 148, 148, subject=ALL), counted("c", 4, 4, measure="vehicles_lost")]
        )

        assert [(estimate.measure, estimate.low) for estimate in found] == [
            ("killed", 46),
            ("killed", 148),
            ("vehicles_lost", 4),
        ]

    def test_knows_a_revision_by_a_claim_of_another_event(self):
        assert estimates([counted("old", 98, 98)], replaced={"old"}) == []

    def test_counts_joint_claimants_once_whatever_their_order(self):
        both = [ref("actor", "mali"), ref("actor", "niger")]
        (estimate,) = estimates([counted("a", 1, 1, claimant=both), counted("b", 2, 2, claimant=both[::-1])])

        assert estimate.claimants == 1

    def test_is_not_made_of_what_is_no_figure(self):
        assert estimates([claim("a", kind="control", measure="", low=3, high=3, qualifier="exact")]) == []


CLAIMS_THAT_DO_NOT_COUNT = {
    "a denial": {"kind": "denial"},
    "a claim that denies": {"stance": "denies"},
    "a claim that neither confirms nor denies": {"stance": "neither"},
    "a claim that it was not so": {"negated": True},
    "a deprecated claim": {"rank": "deprecated"},
}


class TestAClaim:
    @pytest.mark.parametrize("fields", CLAIMS_THAT_DO_NOT_COUNT.values(), ids=CLAIMS_THAT_DO_NOT_COUNT)
    def test_is_no_figure_unless_it_asserts_one(self, fields):
        assert estimates([counted("a", 5, 5, **fields)]) == []

    @pytest.mark.parametrize("fields", CLAIMS_THAT_DO_NOT_COUNT.values(), ids=CLAIMS_THAT_DO_NOT_COUNT)
    def test_replaces_another_only_if_it_asserts(self, fields):
        later = counted("later", 81, 81, relations=[relation("revises", "first")], **fields)

        (estimate,) = estimates([counted("first", 98, 98), later])

        assert (estimate.low, estimate.high) == (98, 98)

    def test_stands_when_it_and_another_revise_each_other(self):
        one = counted("one", 98, 98, relations=[relation("revises", "other")])
        other = counted("other", 81, 81, relations=[relation("revises", "one")])

        (estimate,) = estimates([one, other])

        assert (estimate.low, estimate.high) == (81, 98)

    def test_is_replaced_by_the_last_of_a_row_of_revisions(self):
        row = [
            counted("first", 120, 120),
            counted("second", 98, 98, relations=[relation("revises", "first")]),
            counted("third", 81, 81, relations=[relation("revises", "second")]),
        ]

        (estimate,) = estimates(row[::-1])

        assert estimate.claims == ["third"]

    def test_that_is_part_of_its_own_part_still_counts(self):
        one = counted("one", 7, 7, relations=[relation("part_of", "other")])
        other = counted("other", 9, 9, relations=[relation("part_of", "one")])

        (estimate,) = estimates([one, other])

        assert (estimate.low, estimate.high) == (7, 9)

    def test_that_is_part_of_a_whole_in_words_keeps_its_number(self):
        whole = counted("whole", qualifier="dozens")
        (estimate,) = estimates([whole, counted("part", 20, 20, relations=[relation("part_of", "whole")])])

        assert (estimate.low, estimate.high, estimate.is_open_above, estimate.in_words) == (20, 20, True, ["dozens"])


class TestARange:
    def test_has_no_lower_end_where_one_account_gives_only_an_upper_one(self):
        (estimate,) = estimates([counted("a", None, 5, "up_to"), counted("b", 10, 10)])

        assert (estimate.low, estimate.high) == (None, 10)

    def test_is_of_one_unit(self):
        far = {"measure": "distance", "subject": []}
        found = estimates([counted("a", 2, 2, unit="km", **far), counted("b", 300, 300, unit="m", **far)])

        assert [(estimate.unit, estimate.low, estimate.high) for estimate in found] == [("km", 2, 2), ("m", 300, 300)]

    def test_takes_a_unit_however_it_is_spelt(self):
        lost = {"measure": "aircraft_lost"}
        found = estimates(
            [counted("a", 1, 1, unit="helicopter", **lost), counted("b", 3, 3, unit="Helicopters", **lost)]
        )

        assert [(estimate.low, estimate.high) for estimate in found] == [(1, 3)]

    def test_counts_persons_in_persons_whoever_they_are(self):
        found = estimates([counted("a", 4, 4), counted("b", 5, 5, unit="Chadian peacekeepers")])

        assert [(estimate.low, estimate.high, estimate.unit) for estimate in found] == [(4, 5, "")]

    def test_is_of_one_scope(self):
        found = estimates([counted("assault", 7, 7), counted("crisis", 39, 39, scope="episode")])

        assert {(estimate.scope, estimate.low) for estimate in found} == {("event", 7), ("episode", 39)}

    def test_tells_one_figure_told_twice_from_two(self):
        (same,) = estimates([counted("a", 1, 1), counted("b", 1, 1)])
        (two,) = estimates([counted("a", 1, 1), counted("b", 2, 2)])

        assert (same.figures, two.figures) == (1, 2)

    def test_keeps_the_best_figure_of_an_only_account(self):
        own = counted("a", 20, 48, "estimate", best=27)
        (alone,) = estimates([own])
        (beside,) = estimates([own, counted("b", 30, 30)])

        assert (alone.low, alone.best, alone.high) == (20, 27, 48)
        assert (beside.low, beside.best, beside.high) == (20, None, 48)
