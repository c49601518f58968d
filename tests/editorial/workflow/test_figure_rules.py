"""Contradictory figures of one event, and the messages that refuse them."""

import pytest

from editorial.workflow.figure_rules import broken_by
from tests.documents import claim, finding, ref, relation


def figure(key, low=None, high=None, relations=(), **fields):
    return claim(key, low=low, high=high, qualifier="exact", relations=list(relations), **fields)


REFUSED = {
    "parts of each other": (
        [figure("a", 3, 3, [relation("part_of", "b")]), figure("b", 3, 3, [relation("part_of", "a")])],
        "The claims a and b are part of each other: say which one is the whole.",
    ),
    "a circle of parts": (
        [
            figure("a", 3, 3, [relation("part_of", "b")]),
            figure("b", 3, 3, [relation("part_of", "c")]),
            figure("c", 3, 3, [relation("part_of", "a")]),
        ],
        "The claims a and b and c are part of each other: say which one is the whole.",
    ),
    "claims that revise each other": (
        [figure("a", 98, 98, [relation("revises", "b")]), figure("b", 81, 81, [relation("supersedes", "a")])],
        "The claims a and b revise each other: say which one came later.",
    ),
    "a part larger than its whole": (
        [figure("part", 41, 41, [relation("part_of", "whole")]), figure("whole", 39, 39)],
        "The claim part (41) is larger than whole (39), which it is part of: correct a figure, or take the relation out.",
    ),
    "two units of one distance": (
        [figure("far", 2, 2, measure="distance", unit="km"), figure("near", 300, 300, measure="distance", unit="m")],
        "The claims far (km) and near (m) give one distance in two units: give both in one, or say of whom or what each is.",
    ),
    "a revision in another unit": (
        [
            figure("first", 2, 2, measure="aircraft_lost", unit="aircraft"),
            figure("later", 1, 1, [relation("revises", "first")], measure="aircraft_lost", unit="helicopters"),
        ],
        "The claims later and first count the same and give two units, helicopters and aircraft: give both in one.",
    ),
    "a denial of nothing": (
        [claim("denial", kind="denial", measure="")],
        "The claim denial is a denial and does not say what it denies: relate it to the claim that it denies.",
    ),
}
ALLOWED = {
    "a part of a whole that may be more": [
        figure("part", 41, 41, [relation("part_of", "whole")]),
        claim("whole", low=39, qualifier="at_least"),
    ],
    "a denial that says what it denies": [
        figure("a", 3, 3),
        claim("denial", kind="denial", measure="", relations=[relation("denies", "a")]),
    ],
    "a denial of a claim of another event": [
        claim("denial", kind="denial", measure="", relations=[relation("denies", "elsewhere")])
    ],
    "distances of two things": [
        figure("far", 2, 2, measure="distance", unit="km", subject=[ref("location", "gao")]),
        figure("near", 300, 300, measure="distance", unit="m", subject=[ref("location", "konna")]),
    ],
}


class TestFiguresOfAnEvent:
    @pytest.mark.parametrize(("claims", "sentence"), REFUSED.values(), ids=REFUSED)
    def test_are_refused_with_a_sentence(self, claims, sentence):
        assert list(broken_by({"claims": claims, "findings": []})) == [sentence]

    @pytest.mark.parametrize("claims", ALLOWED.values(), ids=ALLOWED)
    def test_may_say(self, claims):
        assert list(broken_by({"claims": claims, "findings": []})) == []

    def test_are_decided_by_one_finding(self):
        army, police = [ref("actor", "army")], [ref("actor", "police")]
        findings = [
            finding("reports", best=81, subject=army),
            finding("army-statement", best=90, subject=army),
            finding("of-the-police", best=3, subject=police),
            finding("undecided", subject=army, rule="undecided"),
        ]

        assert list(broken_by({"claims": [], "findings": findings})) == [
            "The findings reports and army-statement both decide one figure (killed): keep one, or say of whose losses each is."
        ]
