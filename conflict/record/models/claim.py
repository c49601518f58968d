"""Published claims, their parties, their relations, and findings."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from conflict.record.models import count
from conflict.record.models.actor import PublishedActor
from conflict.record.models.entry import CHRONOLOGY, Column, CsvLineField, LabelsField, LinkedQuerySet
from conflict.record.models.event import PublishedEvent, PublishedEventLocation, first_day_under_way
from conflict.record.models.location import PublishedLocation
from conflict.record.models.spans import may_lie_within
from conflict.vocabulary import ClaimKind, PartyRole


class PublishedClaimQuerySet(LinkedQuerySet["PublishedClaim"]):
    def by(self, party: str) -> Self:
        """Claims made by the actor, or on behalf of the place."""
        return self._of_party(PartyRole.CLAIMANT, party)

    def about(self, party: str) -> Self:
        """Claims with the actor or the place as their subject: losses suffered, or the place concerned."""
        return self._of_party(PartyRole.SUBJECT, party)

    def on_control_of(self, place: str) -> Self:
        """Claims on who holds the place. Counts of them are kept by the query `CONTROL` of conflict/record/models/count.py."""
        subjects = PublishedClaimParty.objects.filter(role=PartyRole.SUBJECT, location=place, party=place)
        return self.filter(kind=ClaimKind.CONTROL, key__in=subjects.values("claim"))

    def _of_party(self, role: PartyRole, party: str) -> Self:
        if self.instead:
            return self.linked(PublishedClaimParty.objects.filter(role=role, party=party), "claim")
        return self.along("parties", "claim", role=role, party=party)

    def reaching(self, at_least: int | None = None, at_most: int | None = None) -> Self:
        """Claims whose figure may lie within the bounds, both inclusive; claims without a number never match.

        “At least 25” counts as 25, because it does not say 30.
        """
        top, bottom = Coalesce("high", "low"), Coalesce("low", "high")
        rows = self if at_least is None else self.alias(top=top).filter(top__gte=at_least)
        return rows if at_most is None else rows.alias(bottom=bottom).filter(bottom__lte=at_most)

    def counting(self) -> Self:
        """Figures that count, by `conflict.estimates`."""
        return self.filter(counts=True)

    def within(self, location: str) -> Self:
        """Claims about events at the location, at one below it, or touching one."""
        if self.instead:
            return self.linked(PublishedEventLocation.objects.filter(location=location), "event", to="event")
        found = self.filter(event__places__location=location)
        return found.asking_instead(sorts_on=F("event__places__sorts_on"))

    def between(self, start: date | None, end: date | None) -> Self:
        """Claims about events that may have happened within the half-open period [start, end)."""
        found = self.filter(may_lie_within(start, end, "event__span"))
        if start is None:
            return found
        return found.filter(**{f"{self.column('sorts_on')}__gte": first_day_under_way(start, using=self.db)})

    def chronological(self) -> Self:
        """In the order of their events, then by key."""
        return self.order_by(*self.order(CHRONOLOGY))


class PublishedClaim(models.Model):
    """One assertion, from its event's current public version."""

    entry_kind = "claim"

    key = Column(primary_key=True)
    event = models.ForeignKey(PublishedEvent, models.DO_NOTHING, related_name="claims")
    kind = Column()
    measure = Column(blank=True)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    qualifier = Column(blank=True)
    rank = Column()
    made_on = Column(blank=True)
    label = models.TextField()
    labels = LabelsField()
    sorts_on = models.DateField()
    body = models.TextField(blank=True)
    csv_line = CsvLineField()
    counts = models.BooleanField(default=False, db_default=False, help_text="Whether it is a figure that counts.")

    objects = PublishedClaimQuerySet.as_manager()

    class Meta:
        triggers = count.triggers("record_publishedclaim")
        indexes = [
            models.Index(fields=["sorts_on", "key"], name="publishedclaim_chronology"),  # every list, keyset
            models.Index(fields=["kind", "sorts_on", "key"], name="publishedclaim_kind"),
            models.Index(fields=["measure", "sorts_on", "key"], name="publishedclaim_measure"),
            models.Index(fields=["rank", "sorts_on", "key"], name="publishedclaim_rank"),
            models.Index("measure", Coalesce("high", "low"), name="publishedclaim_figure"),  # ?at_least=, of events too
        ]

    def __str__(self) -> str:
        return self.label


class PublishedClaimHome(models.Model):
    """An event that has, or in an earlier version had, this claim: used to find claims that are no longer public."""

    claim = Column()
    event = Column()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "event"], name="publishedclaimhome_once")]

    def __str__(self) -> str:
        return f"{self.claim} of {self.event}"


class PublishedClaimParty(models.Model):
    """Party to a claim: claimant, relayer, subject, or alleged holder of the place."""

    claim = models.ForeignKey(PublishedClaim, models.DO_NOTHING, related_name="parties")
    role = Column()
    actor = models.ForeignKey(
        PublishedActor, models.DO_NOTHING, null=True, related_name="claim_parties", db_index=False
    )
    location = models.ForeignKey(
        PublishedLocation, models.DO_NOTHING, null=True, related_name="claim_parties", db_index=False
    )
    party = Column(
        blank=True, help_text="Key of the actor or place; empty where the claim has this key in this role already."
    )
    described_as = models.CharField(max_length=200, blank=True)
    sorts_on = models.DateField(help_text="As the claim has it, so that a party's claims lie in order.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "role", "sorts_on", "claim"], name="publishedclaimparty_once", condition=~Q(party="")
            ),  # and ?claimant=, ?subject=
        ]
        triggers = count.triggers("record_publishedclaimparty")

    def __str__(self) -> str:
        return self.described_as or str(self.actor_id or self.location_id)


class PublishedClaimRelation(models.Model):
    """Relation of one claim to another, of the same event or a different one."""

    claim = models.ForeignKey(PublishedClaim, models.DO_NOTHING, related_name="relations")
    kind = Column()
    other = models.ForeignKey(PublishedClaim, models.DO_NOTHING, related_name="related_from")

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind} {self.other_id}"


class PublishedFinding(models.Model):
    """The desk's conclusion on one aspect of an event."""

    event = models.ForeignKey(PublishedEvent, models.DO_NOTHING, related_name="findings")
    key = Column()
    aspect = Column()
    measure = Column(blank=True)
    low = models.BigIntegerField(null=True)
    best = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    grade = Column(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "key"], name="publishedfinding_once")]
        indexes = [
            models.Index(fields=["grade", "event", "key"], name="publishedfinding_grade"),  # ?grade=, also of events
            models.Index(fields=["aspect", "event", "key"], name="publishedfinding_aspect"),
            models.Index(fields=["measure", "event", "key"], name="publishedfinding_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.key}"
