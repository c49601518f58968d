"""Merges of actors, places and periods: whatever names one of them names the other, as drafts of one submission."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conflict.models import (
    ENTRIES,
    Actor,
    Affiliation,
    Citation,
    ClaimParty,
    Event,
    EventLocation,
    EventRelation,
    Location,
    Notice,
    Participation,
    Period,
    Source,
)
from conflict.record.models import PublishedReference, Tombstone
from conflict.vocabulary import ChangeKind, NoticeKind
from editorial.accounts.roles import Role
from editorial.models import Submission
from editorial.workflow import permissions, review, submissions
from editorial.workflow.edit_history import authors_of
from editorial.workflow.exceptions import FourEyes, WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, just_signed_in, person

pytestmark = pytest.mark.django_db

KEY, NOON, EVENING = "2013-01-10-konna", MORNING + timedelta(hours=3), MORNING + timedelta(hours=9)


@pytest.fixture
def twice(author, reviewer, chief):
    """An army, a town and a phase that are each on the desk twice; all of it is public, and a draft names them too."""
    with at_the_desk_of(author):
        event = an_event()
        army, town = Actor.objects.get(key="malian-army"), Location.objects.get(key="konna")
        forces = Actor.objects.create(key="fama", name="FAMa", kind="armed_force")
        ville = Location.objects.create(key="konna-ville", name="Konna-ville", kind="town")
        phase = Period.objects.create(key="phase", title="Phase", position=2)
        Location.objects.create(key="quarter", name="Quarter", kind="site", parent=ville)
        Period.objects.create(key="week", title="Week", position=3, parent=phase)
        unit = Actor.objects.create(key="unit", name="Unit", kind="military_unit")
        Affiliation.objects.create(actor=unit, kind="part_of", other=forces)
        Affiliation.objects.create(actor=army, kind="part_of", other=forces)  # of the one that stays: it goes
        Affiliation.objects.create(actor=forces, kind="allied_with", other=unit)
        cited = Source.objects.get(key="cite-1")
        Source.objects.filter(pk=cited.pk).update(publisher=forces)
        same = Participation.objects.create(event=event, actor=forces, role="defender")
        Citation.objects.create(participation=same, source=cited, locator="p. 7")
        ClaimParty.objects.create(claim=event.claims.get(), role="subject", actor=forces)
        other = an_event("2013-01-11-konna")
        other.participations.update(actor=forces)
        Event.objects.filter(pk=other.pk).update(location=ville, period=phase)
        EventLocation.objects.create(event=other, location=town)
        EventLocation.objects.create(event=event, location=ville)
        for name in ("actor", "location", "period"):
            target = {"actor": forces, "location": ville, "period": phase}[name]
            Notice.objects.create(key=f"on-{name}", kind=NoticeKind.NEEDS_UPDATE, reason="Old.", **{name: target})
    everything = submissions.submit(
        entries=[EntryChange(kind, one.key) for kind, model in ENTRIES.items() for one in model.objects.in_key_order()],
        by=author,
        at=MORNING,
        title="All",
        reason="New.",
        change_kind=ChangeKind.NEW,
    )
    review.approve(submission=everything, by=reviewer, at=NOON)
    review.publish(submission=everything, by=chief, at=NOON)
    with at_the_desk_of(author):
        draft = an_event("2013-01-12-konna")
        Participation.objects.create(event=draft, actor=forces, role="attacker")
        Event.objects.filter(pk=draft.pk).update(location=ville, period=phase)


PAIRS = {
    "actor": ("fama", "malian-army", {"actor fama", "actor malian-army", "actor unit", "event 2013-01-11-konna", f"event {KEY}", "notice on-actor", "source cite-1"}),
    "location": ("konna-ville", "konna", {"location konna-ville", "location konna", "location quarter", "event 2013-01-11-konna", f"event {KEY}", "notice on-location"}),
    "period": ("phase", "war", {"period phase", "period week", "event 2013-01-11-konna", "notice on-period"}),
}  # fmt: skip


class TestMerging:
    @pytest.mark.parametrize("kind", PAIRS)
    def test_lets_whatever_names_the_one_name_the_other(self, twice, reviewer, chief, kind):
        key, successor, changed = PAIRS[kind]
        second = person("second", Role.MANAGING_EDITOR)

        merge = submissions.retract(kind=kind, key=key, by=chief, at=NOON, reason="The same.", successor=successor)

        assert {f"{entry.entry_kind} {entry.key}" for entry in merge.entries.all()} == changed
        assert authors_of([("event", "2013-01-11-konna")]) == {chief.pk}
        assert chief.pk in permissions.authors(merge)
        with pytest.raises(FourEyes):
            review.approve(submission=merge, by=chief, at=EVENING)
        review.approve(submission=merge, by=reviewer, at=EVENING)
        review.publish(submission=merge, by=second, at=EVENING)
        assert Tombstone.objects.get(entry_kind=kind, key=key).successor == successor
        assert not PublishedReference.objects.filter(**{kind: key}).exists()
        draft = Event.objects.get(key="2013-01-12-konna")
        assert key not in {getattr(draft.location, "key", ""), getattr(draft.period, "key", "")}

    def test_of_actors_loses_neither_names_nor_affiliations_nor_citations(self, twice, chief):
        submissions.retract(kind="actor", key="fama", by=chief, at=NOON, reason="The same.", successor="malian-army")

        army = Actor.objects.get(key="malian-army")
        assert [name.name for name in army.names.all()] == ["FAMa"]
        assert {(one.actor.key, one.kind, one.other.key) for one in Affiliation.objects.exclude(actor__key="fama")} == {
            ("unit", "part_of", "malian-army"),
            ("malian-army", "allied_with", "unit"),
        }
        part = Participation.objects.get(event__key=KEY)
        assert (part.actor, part.citations.get().locator) == (army, "p. 7")
        assert Source.objects.get(key="cite-1").publisher == army
        assert ClaimParty.objects.get(role="subject").actor == army

    def test_of_places_names_none_of_them_twice(self, twice, chief):
        submissions.retract(
            kind="location", key="konna-ville", by=chief, at=NOON, reason="The same.", successor="konna"
        )

        assert not EventLocation.objects.exists()
        assert Location.objects.get(key="quarter").parent == Location.objects.get(key="konna")

    def test_into_a_place_within_it_is_refused(self, twice, chief):
        with pytest.raises(WorkflowRefused, match="quarter lies in konna-ville"):
            submissions.retract(
                kind="location", key="konna-ville", by=chief, at=NOON, reason="The same.", successor="quarter"
            )

    @pytest.mark.parametrize(
        ("kind", "key", "successor"),
        [("event", "2013-01-12-konna", KEY), ("actor", "unit", "malian-army"), ("actor", "malian-army", "unit")],
    )
    def test_with_a_third_between_that_would_lead_back_to_itself_is_refused(
        self, twice, author, chief, kind, key, successor
    ):
        Affiliation.objects.filter(actor__key="malian-army").delete()
        Affiliation.objects.create(actor=Actor.objects.get(key="fama"), kind="part_of", other=Actor.objects.get(key="malian-army"))  # fmt: skip
        between, whole, part = Event.objects.get(key="2013-01-11-konna"), Event.objects.get(key=KEY), Event.objects.get(key="2013-01-12-konna")  # fmt: skip
        EventRelation.objects.create(event=part, kind="part_of", other=between)
        EventRelation.objects.create(event=between, kind="part_of", other=whole)

        with pytest.raises(
            WorkflowRefused, match=r"by way of (2013-01-11-konna|fama), which would lead back to itself"
        ):
            submissions.retract(kind=kind, key=key, by=chief, at=NOON, reason="The same.", successor=successor)

    def test_shows_both_and_what_will_change_before_it_is_proposed(self, twice, chief):
        client = Client()
        client.force_login(chief)
        just_signed_in(client, chief)
        fama, army = Actor.objects.get(key="fama"), Actor.objects.get(key="malian-army")
        address = reverse("admin:conflict_actor_retract", args=[fama.pk])
        page = client.get(address, {"into": army.pk}).content.decode()

        assert all(shown in page for shown in ("own name", "2013-01-11-konna", "cite-1", "on-actor", "FAMa"))
        client.post(address, {"successor": army.key, "reason": "The same.", "chosen": "yes", "part": []})
        assert not army.names.exists()
        assert Affiliation.objects.get(kind="allied_with").actor == fama
        assert Submission.objects.latest("pk").entries.count() == len(PAIRS["actor"][2])
