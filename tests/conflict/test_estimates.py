"""The computed range over rival claims: what widens it, what is left out, what stands in words."""

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
