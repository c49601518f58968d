"""Contradictory figures, posted with the desk's own forms: refused on the form or at submission, in a sentence."""

import pytest
from django.urls import reverse

from conflict.models import Claim, ClaimRelation, Event, EventRelation
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(desk):
    """`posted(entry, kind="part_of", other=…)` saves the entry's form with one more relation; what the page says."""

    def post(entry, other=None, kind="", **typed):
        address = reverse(f"admin:conflict_{entry._meta.model_name}_change", args=[entry.pk])
        page = desk.get(address).content.decode()
        fields = filled_in(page)
        if other:
            place = int(fields["relations-TOTAL_FORMS"])
            typed |= {f"relations-{place}-kind": kind, f"relations-{place}-other": other.pk}
            typed |= {"relations-TOTAL_FORMS": place + 1, f"relations-{place}-id": ""}
        answer = desk.post(address, {**fields, **typed})
        return answer.content.decode() if answer.status_code == 200 else ""

    return post


@pytest.fixture
def submitted(desk, draft):
    """What the desk says when the draft is submitted."""

    def submit():
        address = reverse("admin:conflict_event_changelist")
        page = desk.post(address, {"action": "submit_for_review", "_selected_action": [draft.pk]}, follow=True)
        return page.content.decode()

    return submit


def another(claim, key, **fields):
    figure = {"measure": "killed", "qualifier": "exact", "low": 3, "high": 3, **fields}
    return Claim.objects.create(event=claim.event, key=key, kind="figure", statement=f"{key}.", **figure)


class TestAFormWith:
    def test_events_that_are_part_of_each_other_is_refused(self, draft, posted):
        other = Event.objects.create(key="2013-01-battle", title="Battle", kind="battle", when="2013-01")
        EventRelation.objects.create(event=other, kind="part_of", other=draft)

        assert "say which one is the whole" in posted(draft, other, "part_of")

    def test_claims_that_are_part_of_each_other_is_refused(self, draft, posted):
        claim = draft.claims.get()
        other = another(claim, "whole", low=50, high=50)
        ClaimRelation.objects.create(claim=other, kind="part_of", other=claim)

        assert "say which one is the whole" in posted(claim, other, "part_of")

    def test_claims_that_revise_each_other_is_refused(self, draft, posted):
        claim = draft.claims.get()
        other = another(claim, "later")
        ClaimRelation.objects.create(claim=other, kind="supersedes", other=claim)

        assert "say which one came later" in posted(claim, other, "revises")

    def test_a_part_larger_than_its_whole_is_refused_from_either_side(self, draft, posted):
        part = draft.claims.get()
        whole = another(part, "whole", low=39, high=39)

        assert "A part of 46 cannot be larger than its whole of 39" in posted(part, whole, "part_of")

        Claim.objects.filter(pk=whole.pk).update(low=50, high=50)
        assert posted(part, whole, "part_of") == ""
        assert "cannot be larger than its whole of 50" in posted(part, low="60", high="60")
        assert "45 is smaller than a part of it" in posted(whole, low="45", high="45")


class TestASubmissionWith:
    def test_a_denial_that_denies_nothing_is_refused(self, draft, submitted):
        Claim.objects.create(event=draft, key="denial", kind="denial", stance="denies", statement="It was not so.")

        assert "is a denial and does not say what it denies" in submitted()

    def test_two_units_of_one_distance_is_refused(self, draft, submitted):
        claim = draft.claims.get()
        another(claim, "far", measure="distance", unit="km")
        another(claim, "near", measure="distance", unit="m")

        assert "in two units" in submitted()
