"""Circular relations, and parts larger than their whole, are refused on the form with a message."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from conflict.models import Actor, Affiliation, Claim, ClaimRelation, Event, EventRelation

pytestmark = pytest.mark.django_db


def event(key: str) -> Event:
    return Event.objects.create(key=key, title=key, kind="battle", when="2013-01-10")


def claim(key: str, low: int = 3, **fields) -> Claim:
    known, _ = Event.objects.get_or_create(key="konna", defaults={"title": "Konna", "kind": "battle"})
    figure = {"measure": "killed", "qualifier": "exact", "low": low, "high": low, **fields}
    return Claim.objects.create(event=known, key=key, kind="figure", statement=key, **figure)


def refusal(row) -> str:
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    return " ".join(refused.value.messages)


class TestEventsThatArePartOfOthers:
    def test_cannot_be_part_of_what_is_part_of_them(self):
        war, battle, day = event("war"), event("battle"), event("day")
        EventRelation.objects.create(event=day, kind="part_of", other=battle)
        EventRelation.objects.create(event=battle, kind="part_of", other=war)

        assert "say which one is the whole" in refusal(EventRelation(event=war, kind="part_of", other=day))

    def test_may_be_part_of_several(self):
        war, battle, day = event("war"), event("battle"), event("day")
        EventRelation.objects.create(event=day, kind="part_of", other=battle)

        EventRelation(event=day, kind="part_of", other=war).full_clean()

    def test_are_refused_by_the_database_too(self):
        war, battle = event("war"), event("battle")
        EventRelation.objects.create(event=battle, kind="part_of", other=war)

        with pytest.raises(IntegrityError, match="Of two events only one can be the part of the other"):
            EventRelation.objects.create(event=war, kind="part_of", other=battle)


class TestActorsThatBelongToOthers:
    @pytest.fixture
    def actors(self):
        return [Actor.objects.create(key=key, name=key, kind="armed_group") for key in ("a", "b", "c")]

    def test_cannot_be_part_of_their_part_at_the_same_time(self, actors):
        one, two, three = actors
        Affiliation.objects.create(actor=one, kind="part_of", other=two, when="2012")
        Affiliation.objects.create(actor=two, kind="part_of", other=three)

        assert "say which one is the whole" in refusal(
            Affiliation(actor=three, kind="part_of", other=one, when="2012-06")
        )
        Affiliation(actor=three, kind="part_of", other=one, when="2015").full_clean()

    def test_cannot_descend_from_what_descends_from_them(self, actors):
        one, two, _ = actors
        Affiliation.objects.create(actor=one, kind="splinter_of", other=two, when="2012")

        assert "which one came first" in refusal(Affiliation(actor=two, kind="successor_of", other=one, when="2015"))


class TestClaimsThatBearOnOthers:
    def test_cannot_be_part_of_each_other(self):
        one, other = claim("one"), claim("other")
        ClaimRelation.objects.create(claim=one, kind="part_of", other=other)

        assert "say which one is the whole" in refusal(ClaimRelation(claim=other, kind="part_of", other=one))

    def test_cannot_revise_what_supersedes_them(self):
        one, other = claim("one"), claim("other")
        ClaimRelation.objects.create(claim=one, kind="supersedes", other=other)

        assert "say which one came later" in refusal(ClaimRelation(claim=other, kind="revises", other=one))

    def test_cannot_be_part_of_a_smaller_whole(self):
        part, whole = claim("part", 41), claim("whole", 39)

        assert "41 cannot be larger than its whole of 39" in refusal(
            ClaimRelation(claim=part, kind="part_of", other=whole)
        )

    def test_may_be_part_of_a_whole_that_may_be_more(self):
        part, whole = claim("part", 41), claim("whole", 39, qualifier="at_least", high=None)

        ClaimRelation(claim=part, kind="part_of", other=whole).full_clean()
