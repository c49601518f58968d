"""Rival dates, places and participants."""

import pytest

from conflict.rival_facts import disputes, rival_facts, rival_holders
from tests.documents import claim, event, participant, ref, relation

ARMY, REBELS = ref("actor", "army"), ref("actor", "rebels")

ARMY, REBELS = ref("actor", "army"), ref("actor", "rebels")


def on_date(key, when, **fields):
    return claim(key, kind="date", measure="", when=when, **fields)


class TestClaims:
    def test_dispute_one_another_while_both_are_in_force(self):
        told = claim("told")
        denied = claim("denied", relations=[relation("denies", "told"), relation("revises", "guessed")])
        guessed = claim("guessed", relations=[relation("contradicts", "told")])
        wrong = claim("wrong", rank="deprecated", relations=[relation("disputes", "told")])
        met = told | {"related_from": [relation("denies", "denied"), relation("disputes", "elsewhere")]}

        assert disputes([told, denied, guessed, wrong]) == [("denied", "told")]
        assert disputes([met, denied]) == [("denied", "told"), ("elsewhere", "told")]
        assert disputes([told | {"rank": "deprecated"}, denied]) == []
        assert disputes([met, denied], replaced={"told"}) == []  # by a claim of another event


class TestADate:
    @pytest.mark.parametrize(
        ("own", "claimed", "rivals"),
        [
            ("2019-06-10", ["2019-06-09"], ["date"]),
            ("2019-06", ["2019-06-09"], []),  # it may be the same day
            ("", ["2019-06-09", "2019-06-10"], ["date"]),
            ("", ["2019-06-09"], []),
            ("2019-06-09/2019-06-11", ["2019-06-10"], []),
        ],
    )
    def test_is_a_rival_of_one_that_has_no_day_in_common_with_it(self, own, claimed, rivals):
        claims = [on_date(f"c{number}", when) for number, when in enumerate(claimed)]

        assert rival_facts(event("raid", when=own, claims=claims)[1]) == rivals

    def test_that_its_claimant_revised_or_the_desk_deprecated_is_none(self):
        revised = [
            on_date("first", "2019-06-09"),
            on_date("later", "2019-06-10", relations=[relation("revises", "first")]),
        ]
        deprecated = [on_date("wrong", "2019-06-09", rank="deprecated")]

        assert rival_facts(event("raid", when="2019-06-10", claims=revised)[1]) == []
        assert rival_facts(event("raid", when="2019-06-10", claims=revised[:1])[1], replaced={"first"}) == []
        assert rival_facts(event("raid", when="2019-06-10", claims=deprecated)[1]) == []

    def test_that_is_denied_is_disputed(self):
        denied = [on_date("denied", "2019-06-10", negated=True)]

        assert rival_facts(event("raid", when="2019-06-10", claims=denied)[1]) == ["date"]


class TestPlaceAndParticipants:
    def test_are_rivals_where_the_event_names_others_or_what_it_names_is_denied(self):
        elsewhere = claim("c", kind="place", measure="", subject=[ref("location", "gao")])
        took_part = claim("p", kind="participant", measure="", subject=[ref("actor", "army")])
        told = {"place": "konna", "participants": [participant("army", "attacker")]}

        assert rival_facts(event("raid", **told, claims=[elsewhere, took_part])[1]) == ["place"]
        assert rival_facts(event("raid", **told, claims=[took_part | {"negated": True}])[1]) == ["participant"]


class TestHoldersOfAPlace:
    @pytest.mark.parametrize(
        ("other", "rivals"),
        [
            ({"holder": [ARMY]}, False),
            ({"holder": [REBELS]}, True),
            ({"holder": [REBELS], "negated": True}, False),  # it leaves the place to the army
            ({"holder": [ARMY], "stance": "denies"}, True),
            ({"holder": [ARMY, REBELS]}, True),  # the first leaves no room for the rebels
            ({"holder": [REBELS], "rank": "deprecated"}, False),
            ({"holder": [REBELS], "scope_when": "2013-01"}, True),
            ({"holder": [REBELS], "scope_when": "2012"}, False),
            ({"holder": []}, True),
        ],
    )
    def test_are_rivals_where_one_account_leaves_no_room_for_a_holder_of_another(self, other, rivals):
        own = {"kind": "control", "measure": "", "subject": [ref("location", "konna")]}
        first = claim("first", holder=[ARMY], **own)

        assert bool(rival_holders([first, claim("other", **own, **other)], "2013-01-20")) is rivals
