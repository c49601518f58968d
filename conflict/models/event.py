"""Events: what happened, when and where, with who took part."""

from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from conflict import vocabulary
from conflict.message import gettext as _
from conflict.models.actor import Actor
from conflict.models.entry import Entry, leads_back, tracked
from conflict.models.fields import EDTFField, IdentifiersField, LineField, ProseField, SpanField
from conflict.models.location import Location
from conflict.models.lookups import chosen_in, held_in
from conflict.models.period import Period
from conflict.models.translations import TranslationsField
from conflict.models.triggers import one_way, touches

PART_OF = vocabulary.EventRelationKind.PART_OF


@tracked
class Event(Entry):
    """One occurrence, as presented by the sources. Figures and rival accounts are claims, never columns of the event."""

    entry_kind = vocabulary.EntryKind.EVENT.value
    document_parents = ("location", "period")
    document_children = (
        "places__location",
        "participations__actor",
        "participations__citations__source",
        "claims__parties__actor",
        "claims__parties__location",
        "claims__relations__other",
        "claims__citations__source",
        "findings__parties__actor",
        "findings__parties__location",
        "findings__claims",
        "findings__citations__source",
        "relations__other",
        "citations__source",
    )

    title = LineField(max_length=200)
    summary = ProseField(blank=True)
    kind = models.CharField(max_length=40, choices=vocabulary.EventKind)
    when = EDTFField()
    span = SpanField()
    as_written = LineField(max_length=200, blank=True, help_text=gettext_lazy("The date in the source's own wording."))
    date_basis = models.CharField(max_length=20, choices=vocabulary.DateBasis, blank=True)
    year_basis = models.CharField(max_length=20, choices=vocabulary.YearBasis, blank=True)
    standing = models.CharField(
        max_length=20, choices=vocabulary.EventStanding, default=vocabulary.EventStanding.STATED
    )
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="events")
    location_precision = models.CharField(max_length=20, choices=vocabulary.PlacePrecision, blank=True)
    period = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="events")
    identifiers = IdentifiersField(
        gettext_lazy("in other systems"),
        help_text=gettext_lazy(
            "wikidata:Q1065, ucdp:77, acled:ABC123, or the address there; several with blanks between."
        ),
    )
    translations = TranslationsField()

    class Meta:
        triggers = Entry.rules("event")
        indexes = [
            GistIndex(fields=["span"], name="event_by_span"),  # desk: overlapping dates, duplicate warning
            models.Index(fields=["when", "key"], name="event_by_when"),  # the list, ordered by date
            models.Index(fields=["title", "key"], name="event_by_title"),  # the list, ordered by title
            *(chosen_in(column, of="event") for column in ("kind", "standing")),
            *(
                held_in(column, of="event") for column in ("title", "summary", "key", "identifiers")
            ),  # search in the list
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def other_locations(self) -> list[Location]:
        return [place.location for place in self.places.all()]


@tracked
class EventLocation(models.Model):
    """A further location touched by an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="places")
    location = models.ForeignKey(Location, models.PROTECT, related_name="further_events")

    class Meta:
        triggers = touches("conflict_event", "SELECT event_id FROM {rows}")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "location"],
                name="event_place_is_given_once",
                violation_error_message=gettext_lazy("This location is already given for the event."),
            )
        ]

    def __str__(self) -> str:
        return str(self.location)


@tracked
class EventRelation(models.Model):
    """Relation of an event to another that it is part of, or possibly the same as; events are never merged silently."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=vocabulary.EventRelationKind)
    other = models.ForeignKey(Event, models.PROTECT, related_name="related_from")

    class Meta:
        triggers = [
            *touches("conflict_event", "SELECT event_id FROM {rows}"),
            one_way(
                "conflict_eventrelation", "event_id", "other_id", [PART_OF], "Of two events only one can be the part"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(event=F("other")),
                name="event_relation_is_with_another_event",
                violation_error_message=gettext_lazy("An event cannot be related to itself."),
            ),
            models.UniqueConstraint(
                fields=["event", "kind", "other"],
                name="event_relation_is_given_once",
                violation_error_message=gettext_lazy("This relation is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} – {self.get_kind_display()} – {self.other}"

    def clean(self) -> None:
        """Validate with a readable message that no event is part of itself."""
        is_part = self.kind == PART_OF and self.event_id and self.other_id
        if is_part and leads_back(EventRelation, "event", self, {PART_OF}):
            raise ValidationError(_("These two would be part of each other: say which one is the whole."))


@tracked
class Participation(models.Model):
    """One actor's part in one event, in one role, with its certainty."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=vocabulary.ParticipantRole)
    side = models.CharField(max_length=20, choices=vocabulary.Side, blank=True)
    standing = models.CharField(max_length=20, choices=vocabulary.Standing, default=vocabulary.Standing.KNOWN)
    note = LineField(max_length=300, blank=True)
    translations = TranslationsField()

    class Meta:
        triggers = touches("conflict_event", "SELECT event_id FROM {rows}")
        indexes = [chosen_in(column, of="participation") for column in ("role", "side", "standing")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "actor", "role"],
                name="participation_is_given_once",
                violation_error_message=gettext_lazy("This actor already has this role in the event."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"
