"""Rules of the desk: `full_clean()` gives the message, and the database refuses a direct write."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from conflict.models import (
    Actor,
    ActorName,
    Affiliation,
    Citation,
    Claim,
    ClaimParty,
    ClaimRelation,
    EventRelation,
    Finding,
    Location,
    Notice,
    Participation,
    Period,
    Source,
)
from editorial.workflow.publisher import publish_baseline
from tests.desk import MORNING, an_event

pytestmark = pytest.mark.django_db


def a_claim(**fields: Any) -> Claim:
    return Claim(event=an_event(), key="a-claim", statement="So.", **{"kind": "figure", "measure": "killed", **fields})


def a_finding(**fields: Any) -> Finding:
    given = {"aspect": "figure", "measure": "killed", "best": 46, "rule": "single_claim", "reason": "Only one count."}
    return Finding(event=an_event(), key="dead", **{**given, **fields})


def place(**fields: Any) -> Location:
    return Location(key="ber", name="Ber", kind="town", **fields)


def citing(*names: str) -> Citation:
    event = an_event()
    things = {"event": event, "claim": event.claims.get(), "participation": event.participations.get()}
    return Citation(source=Source.objects.get(), **{name: things[name] for name in names})


def on_itself(model: Any, **fields: Any) -> Any:
    actor = Actor.objects.create(key="mnla", name="MNLA", kind="armed_group")
    return model(actor=actor, other=actor, kind="part_of", **fields)


def twice(make: Any) -> Any:
    make().save()
    return make()


def same_name() -> ActorName:
    actor, _ = Actor.objects.get_or_create(key="mojwa", defaults={"name": "MOJWA", "kind": "armed_group"})
    return ActorName(actor=actor, name="MUJAO")


RULES = {
    "claim_low_is_not_above_high": (
        lambda: a_claim(low=9, high=3, qualifier="about"),
        "The lower figure is above the upper one.",
    ),
    "claim_figures_are_not_negative": (lambda: a_claim(low=-1, qualifier="at_least"), "A figure cannot be below zero."),
    "claim_number_is_qualified": (lambda: a_claim(low=3, high=3), "A number needs a qualifier"),
    "claim_number_is_qualified, dozens": (lambda: a_claim(low=24, qualifier="dozens"), "stand without a number"),
    "claim_exact_figure_is_one_number": (lambda: a_claim(low=3, high=4, qualifier="exact"), "the same number"),
    "claim_exact_figure_is_one_number, none": (lambda: a_claim(qualifier="exact"), "the same number"),
    "claim_at_least_has_only_a_lower_figure": (
        lambda: a_claim(low=3, high=4, qualifier="at_least"),
        "give a lower figure and no upper one",
    ),
    "claim_up_to_has_only_an_upper_figure": (
        lambda: a_claim(low=3, high=4, qualifier="up_to"),
        "gives an upper figure and no lower one",
    ),
    "claim_best_lies_within_its_range": (
        lambda: a_claim(low=20, best=50, high=48, qualifier="estimate"),
        "needs a lower and an upper one around it",
    ),
    "claim_best_lies_within_its_range, alone": (
        lambda: a_claim(best=50, qualifier="estimate"),
        "needs a lower and an upper one around it",
    ),
    "claim_of_the_event_has_no_days_of_its_own": (
        lambda: a_claim(scope_when="2013-01-10"),
        "covers the event's own days",
    ),
    "claim_figure_has_a_measure": (lambda: a_claim(measure=""), "say what is counted"),
    "claim_deprecated_has_a_reason": (lambda: a_claim(rank="deprecated"), "Say why the claim is deprecated."),
    "claim_party_is_one_thing": (
        lambda: ClaimParty(claim=an_event().claims.get(), role="claimant"),
        "fill in exactly one of the three",
    ),
    "claim_party_place_is_a_subject": (
        lambda: ClaimParty(claim=an_event().claims.get(), role="claimant", location=Location.objects.get()),
        "it cannot make, relay or hold anything",
    ),
    "claim_relation_is_with_another_claim": (
        lambda: ClaimRelation(claim=an_event().claims.get(), other=Claim.objects.get(), kind="contradicts"),
        "A claim cannot be related to itself.",
    ),
    "event_relation_is_with_another_event": (
        lambda: EventRelation(event=(event := an_event()), other=event, kind="part_of"),
        "An event cannot be related to itself.",
    ),
    "participation_is_given_once": (
        lambda: Participation(event=an_event(), actor=Actor.objects.get(), role="defender"),
        "This actor already has this role in the event.",
    ),
    "affiliation_is_with_another_actor": (lambda: on_itself(Affiliation), "An actor cannot be affiliated with itself."),
    "actor_name_is_given_once": (lambda: twice(same_name), "This actor already has this name."),
    "location_coordinates_are_a_pair_on_earth": (lambda: place(latitude=16), "together, or neither"),
    "location_coordinates_are_a_pair_on_earth, off": (
        lambda: place(latitude=91, longitude=0, coordinate_origin="x", coordinate_precision="near"),
        "−90 to 90",
    ),
    "location_coordinates_have_origin_and_precision": (
        lambda: place(latitude=16, longitude=0),
        "Say where the coordinates come from",
    ),
    "citation_supports_exactly_one_thing, two": (lambda: citing("event", "claim"), "A citation supports exactly one"),
    "citation_supports_exactly_one_thing, none": (lambda: citing(), "A citation supports exactly one"),
    "source_resolved_has_a_title": (lambda: Source(key="s", kind="news"), "A resolved source has a title"),
    "source_unresolved_has_a_number_or_note": (
        lambda: Source(key="s", kind="unresolved", resolved=False),
        "needs its citation number",
    ),
    "finding_figures_are_in_order": (lambda: a_finding(low=50, best=46), "must rise from low to best to high"),
    "finding_figures_are_not_negative": (lambda: a_finding(low=-1), "A figure cannot be below zero."),
    "finding_on_a_figure_has_measure_and_figure": (
        lambda: a_finding(best=None),
        "needs its measure, and a figure, a grade",
    ),
    "finding_on_occurrence_or_attribution_is_a_grade": (
        lambda: a_finding(aspect="attribution"),
        "Only a finding on a figure gives figures",
    ),
    "finding_without_decision_has_no_figure": (lambda: a_finding(rule="undecided"), "take the figures out"),
    "finding_has_a_reason": (lambda: a_finding(reason=""), "This field cannot be blank"),
    "notice_has_exactly_one_target": (
        lambda: Notice(key="n", kind="disputed", reason="?"),
        "on exactly one period, event",
    ),
    "notice_has_exactly_one_target, both": (
        lambda: Notice(key="n", kind="disputed", reason="?", whole_chronology=True, event=an_event()),
        "on exactly one period, event",
    ),
    "notice_resolved_says_how": (
        lambda: Notice(key="n", kind="disputed", reason="?", whole_chronology=True, resolved_on="2026-01-01"),
        "Say how the notice was resolved.",
    ),
}


class TestARule:
    @pytest.mark.parametrize(("name", "case"), RULES.items(), ids=RULES)
    def test_is_a_sentence_to_the_editor_and_a_wall_to_a_direct_write(self, name, case):
        make, sentence = case
        row = make()

        with pytest.raises(ValidationError) as refusal:
            row.full_clean()
        assert any(sentence in message for message in refusal.value.messages), refusal.value.messages
        with pytest.raises(IntegrityError, match=name.split(",")[0]), transaction.atomic():
            type(row)._default_manager.bulk_create([row])


class TestAKey:
    @pytest.mark.parametrize(
        "key", ["Konna", "konna taken", "konna--taken", "-konna", "konná", "konna/taken", "k" * 121]
    )
    def test_is_lower_case_letters_digits_and_single_hyphens(self, key):
        with pytest.raises(ValidationError):
            Actor(key=key, name="X", kind="state").full_clean()

    def test_is_unchangeable_once_published(self):
        event = published_event()

        with pytest.raises(DatabaseError, match="a published key is never changed"), transaction.atomic():
            type(event).objects.filter(pk=event.pk).update(key="another")

    def test_can_be_changed_before(self):
        event = an_event()

        type(event).objects.filter(pk=event.pk).update(key="another")

        assert type(event).objects.get().key == "another"


class TestAPublishedEntry:
    def test_is_not_deleted_from_the_desk(self):
        event = published_event()

        with (
            pytest.raises(DatabaseError, match="withdraw it with a reason instead of deleting it"),
            transaction.atomic(),
        ):
            event.delete()


class TestATree:
    @pytest.mark.parametrize("model", [Location, Period], ids=["of locations", "of periods"])
    def test_has_no_cycle(self, model):
        fields = {"name": "x", "kind": "region"} if model is Location else {"title": "x"}
        rows = []
        for number, key in enumerate("abc"):
            position = {} if model is Location else {"position": number}
            rows.append(model.objects.create(key=key, parent=rows[-1] if rows else None, **fields, **position))
        rows[0].parent = rows[2]

        with pytest.raises(ValidationError, match="would lie within itself"):
            rows[0].full_clean()
        with pytest.raises(IntegrityError, match="would lie within itself"), transaction.atomic():
            rows[0].save()


class TestModifiedAt:
    CHANGES = {
        "a participation": lambda event: event.participations.update(note="x"),
        "a claim": lambda event: event.claims.update(unit="bodies"),
        "a party of a claim": lambda event: ClaimParty.objects.update(described_as="two witnesses"),
        "a citation of a claim": lambda event: Citation.objects.filter(claim__isnull=False).update(locator="p. 1"),
        "a citation taken away": lambda event: event.citations.all().delete(),
        "a finding added": lambda event: Finding.objects.create(
            event=event, key="dead", aspect="figure", measure="killed", best=46, rule="single_claim", reason="Only one."
        ),
    }

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_is_touched_by(self, change):
        event = an_event()
        yesterday = "2026-01-01T00:00:00Z"
        with transaction.atomic():
            set_clock(event, yesterday)
        event.refresh_from_db()
        before = event.modified_at

        change(event)

        event.refresh_from_db()
        assert event.modified_at > before


def set_clock(event: Any, moment: str) -> None:
    """Put `modified_at` back, past the trigger that sets it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE conflict_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE conflict_event SET modified_at = %s WHERE id = %s", [moment, event.pk])
        cursor.execute("ALTER TABLE conflict_event ENABLE TRIGGER USER")


def published_event() -> Any:
    event = an_event()
    publish_baseline(at=MORNING)
    return event


class TestHistory:
    def test_keeps_every_insert_update_and_delete(self):
        event = an_event()
        event.title = "Konna, again"
        event.save()
        claim = event.claims.get()
        claim.delete()

        assert [row.title for row in event.history.order_by("pgh_id")] == ["Konna falls", "Konna, again"]
        assert list(claim.history.model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)) == [
            "insert",
            "delete",
        ]

    def test_has_no_row_for_a_mere_touch(self):
        event = an_event()
        event.participations.update(note="x")

        assert event.history.count() == 1

    def test_cannot_be_rewritten(self):
        event = an_event()

        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            event.history.update(title="It never was")
