"""Published events, with their participants and places."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, SpGistIndex
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from conflict import vocabulary
from conflict.documents.references import SINGLE_SOURCE
from conflict.record.models import count
from conflict.record.models.actor import PublishedActor, PublishedActorQuerySet
from conflict.record.models.entry import CHRONOLOGY, FEW, Column, PublishedEntry, PublishedQuerySet, identifiers_column
from conflict.record.models.location import PublishedLocation, PublishedLocationQuerySet, named_or_asked
from conflict.record.models.period import PublishedPeriod
from conflict.record.models.spans import lies_within, may_lie_within, may_lie_within_or_outside

SHORT = timedelta(days=62)


class PublishedEventQuerySet(PublishedQuerySet["PublishedEvent"]):
    def between(self, start: date | None, end: date | None) -> Self:
        """Events that may have happened within the half-open period [start, end); None leaves a side open.

        For a short period, events are found by the index of spans and then sorted. That index has no order, so for a
        long period the list is read in order, starting with the first event under way when the period begins: from the
        beginning of the chronology, reaching 2018 takes a thousand times as long.
        """
        found = self.filter(may_lie_within(start, end))
        if start is None:
            return found
        if end is not None and end - start <= SHORT and not self.instead:
            return found.found_first()
        return found.filter(**{f"{self.column('sorts_on')}__gte": first_day_under_way(start, using=self.db)})

    def few(self) -> Self | None:
        return self.found_first() if self.order_by()[: FEW + 1].count() <= FEW else None

    def found_first(self) -> Self:
        """Find the rows before sorting them: with an indexed order, the planner tends to read the whole chronology."""
        day = F(self.column("sorts_on"))
        return self.asking_instead(sorts_on=Coalesce(day, day))

    def happening_within(self, start: date | None, end: date | None) -> Self:
        """Events that cannot have happened outside the half-open period [start, end)."""
        return self.filter(lies_within(start, end))

    def possibly_within(self, start: date | None, end: date | None) -> Self:
        """Events that may have happened within the half-open period [start, end), and may also have not."""
        found = self.filter(may_lie_within_or_outside(start, end))
        return found if self.instead else found.found_first()

    def involving(self, actor: str) -> Self:
        """Events in which the actor took part, made a claim, or is mentioned by one."""
        if self.instead:
            return self.linked(PublishedEventActor.objects.filter(actor=actor), "event")
        return self.along("named_actors", "event", "kind", actor=actor)

    def involving_any(self, actors: PublishedActorQuerySet) -> Self:
        """Events that name one of the actors in any way."""
        return self.filter(
            Exists(PublishedEventActor.objects.filter(event=OuterRef("pk"), actor__in=actors.values("pk")))
        )

    def with_part_taken(self, by: PublishedActorQuerySet, **part: Collection[str]) -> Self:
        """Events in which one of the actors took part with one of these roles, sides and certainties."""
        taken = PublishedParticipation.objects.filter(event=OuterRef("pk"), actor__in=by.values("pk"))
        return self.filter(Exists(taken.filter(**{f"{name}__in": values for name, values in part.items()})))

    def located_among(self, locations: PublishedLocationQuerySet) -> Self:
        return self.filter(named_or_asked("location", locations.using(self.db)))

    def with_single_source(self, yes: bool = True) -> Self:
        """Events that cite exactly one source, including the citations of their parts; or all others."""
        return self.filter(sources=SINGLE_SOURCE) if yes else self.exclude(sources=SINGLE_SOURCE)

    def without_source(self, yes: bool = True) -> Self:
        """Events without any source, their parts included; or all others."""
        return self.filter(sources=0) if yes else self.exclude(sources=0)

    def with_unresolved_sources(self, yes: bool = True) -> Self:
        """Events that cite a source of which only the number is known; or all others."""
        return self.filter(unresolved_sources__gt=0) if yes else self.exclude(unresolved_sources__gt=0)

    def within(self, location: str) -> Self:
        """Events at the location, at one below it, or touching one."""
        if self.instead:
            return self.linked(PublishedEventLocation.objects.filter(location=location), "event")
        return self.along("places", "event", "kind", location=location)

    def during(self, period: str) -> Self:
        """Events filed under the period or one nested in it.

        These periods, and the range of dates of their events, are queried first, so that only that part of an index of
        the chronology is read.
        """
        filed = PublishedEvent.objects.filter(period=OuterRef("pk")).values("sorts_on")
        first, last = (Subquery(filed.order_by(order)[:1]) for order in ("sorts_on", "-sorts_on"))
        periods = PublishedPeriod.objects.using(self.db).lying_within(period)
        days = periods.values_list("pk", first, last)
        found = [(key, first, last) for key, first, last in days if first]
        if not found:
            return self.none()
        keys, firsts, lasts = zip(*found, strict=True)
        return self.filter(period__in=keys, **{f"{self.column('sorts_on')}__range": (min(firsts), max(lasts))})

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(**{f"{self.column('kind')}__in": kinds})

    def disputed(self) -> Self:
        """Contested, or with rival claims; decided by `conflict.rival_facts.is_disputed`."""
        return self.filter(is_disputed=True)

    def chronological(self) -> Self:
        """Earliest first; the key breaks ties, so the order is total."""
        return self.order_by(*self.order(CHRONOLOGY))


def first_day_under_way(day: date, *, using: str) -> date:
    """Earliest sort date of the events that may have been under way on this day; the day itself if there are none.

    Computed from the spans, which their index finds: searching for the lowest `sorts_on` would read through the
    chronology.
    """
    under_way = PublishedEvent.objects.using(using).filter(span__contains=day)
    first: date | None = under_way.aggregate(first=Min(Coalesce("span__startswith", "sorts_on")))["first"]
    return min(first or day, day)


class PublishedEvent(PublishedEntry):
    entry_kind = vocabulary.EntryKind.EVENT.value

    kind = Column()
    standing = Column()
    when = Column(blank=True)
    span = DateRangeField(null=True)
    sorts_on = models.DateField(help_text="Where it stands in the chronology; undated events stand at the end.")
    location = models.ForeignKey(
        PublishedLocation, models.DO_NOTHING, null=True, related_name="events", db_index=False
    )  # indexed below, together with the order
    period = models.ForeignKey(PublishedPeriod, models.DO_NOTHING, null=True, related_name="events", db_index=False)
    sources = models.PositiveIntegerField(
        default=0, help_text="Number of different sources behind the event and its claims."
    )
    unresolved_sources = models.PositiveIntegerField(default=0)
    is_disputed = models.BooleanField(
        default=False,
        help_text="Contested, or with claims that contradict or deny each other.",
    )

    card = models.TextField(
        blank=True, default="", db_default="", help_text="What lists show of it, in every language, as JSON."
    )

    identifiers = identifiers_column()

    objects = PublishedEventQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        indexes = [
            *PublishedEntry.Meta.indexes,
            GinIndex(fields=["identifiers"], name="publishedevent_identifiers"),  # ?identifier=
            models.Index(fields=["sorts_on", "key"], name="publishedevent_chronology"),  # every list, keyset
            # ?actor=, ?place=: rows found through a link are sorted without reading the rows themselves
            models.Index(fields=["key"], include=["sorts_on"], name="publishedevent_when"),
            models.Index(fields=["kind", "sorts_on", "key"], name="publishedevent_kind"),  # ?kind=
            models.Index(fields=["period", "sorts_on", "key"], name="publishedevent_period"),  # ?period=, period pages
            models.Index(
                fields=["location", "sorts_on", "key"], name="publishedevent_location"
            ),  # ?place=, place pages
            SpGistIndex(
                fields=["span"], include=["sorts_on", "key", "location", "kind"], name="publishedevent_span"
            ),  # ?after=, ?before=, and their maps
            # Rare cases have partial indexes: ?disputed=, ?single_source=, ?unresolved=
            models.Index(fields=["sorts_on", "key"], name="publishedevent_disputed", condition=Q(is_disputed=True)),
            models.Index(fields=["sorts_on", "key"], name="publishedevent_few_sources", condition=Q(sources__lte=1)),
            models.Index(
                fields=["sorts_on", "key"], name="publishedevent_unresolved", condition=Q(unresolved_sources__gt=0)
            ),
        ]
        triggers = count.triggers("record_publishedevent", rewritten=("unresolved_sources", "is_disputed"))


class PublishedParticipation(models.Model):
    """One actor's part in one event."""

    event = models.ForeignKey(PublishedEvent, models.DO_NOTHING, related_name="participations")
    actor = models.ForeignKey(PublishedActor, models.DO_NOTHING, related_name="participations")
    role = Column()
    side = Column(blank=True)
    standing = Column()

    def __str__(self) -> str:
        return f"{self.actor_id} {self.role} {self.event_id}"


class Link(models.Model):
    """Mention of something in an event, with copies of the event's columns by which such lists are filtered and sorted."""

    sorts_on = models.DateField()
    kind = Column()

    class Meta:
        abstract = True


class PublishedEventActor(Link):
    """Mention of an actor in an event: as participant, claimant, relayer, subject or holder."""

    event = models.ForeignKey(PublishedEvent, models.DO_NOTHING, related_name="named_actors", db_index=False)
    actor = models.ForeignKey(PublishedActor, models.DO_NOTHING, related_name="named_in", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "actor"], name="publishedeventactor_once")]
        indexes = [
            models.Index(fields=["actor", "sorts_on", "event"], include=["kind"], name="publishedeventactor_order")
        ]  # ?actor=
        triggers = count.triggers("record_publishedeventactor")

    def __str__(self) -> str:
        return f"{self.actor_id} in {self.event_id}"


class PublishedEventLocation(Link):
    """Location at which, within which or touching which an event happened: a region has the events of its towns."""

    event = models.ForeignKey(PublishedEvent, models.DO_NOTHING, related_name="places", db_index=False)
    location = models.ForeignKey(PublishedLocation, models.DO_NOTHING, related_name="touched_by", db_index=False)
    is_named = models.BooleanField(help_text="The event names it. Else it lies around one that the event names.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "location"], name="publishedeventlocation_once")]
        indexes = [
            models.Index(
                fields=["location", "sorts_on", "event"],
                include=["kind", "is_named"],
                name="publishedeventlocation_order",
            )
        ]  # ?place=
        triggers = count.triggers("record_publishedeventlocation")

    def __str__(self) -> str:
        return f"{self.event_id} at {self.location_id}"
