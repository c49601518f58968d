"""Actors: parties that act, suffer, speak or publish, with their names and affiliations."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conflict import dates, families, vocabulary
from conflict.chronology import OTHER
from conflict.message import gettext
from conflict.models.entry import Entry, leads_back, tracked
from conflict.models.fields import EDTFField, IdentifiersField, LineField, ProseField, SpanField, span_of
from conflict.models.lookups import held_in
from conflict.models.translations import TranslationsField
from conflict.models.triggers import touches

PART_OF = vocabulary.AffiliationKind.PART_OF
DESCENT = (vocabulary.AffiliationKind.SPLINTER_OF, vocabulary.AffiliationKind.SUCCESSOR_OF)


@tracked
class Actor(Entry):
    """A state, group, unit, body, person, outlet or population. Not a role: roles belong to events."""

    entry_kind = vocabulary.EntryKind.ACTOR.value
    document_children = ("names", "affiliations__other", "affiliations__citations__source")

    name = LineField(max_length=200)
    kind = models.CharField(max_length=40, choices=vocabulary.ActorKind)
    family = models.CharField(max_length=40, choices=families.choices, default=OTHER)
    pronoun = models.CharField(
        max_length=10,
        choices=vocabulary.Pronoun,
        blank=True,
        default="",
        db_default="",
        help_text=_("Of a person, where a source tells."),
    )
    country = LineField(max_length=120, blank=True)
    when = EDTFField(verbose_name="active", help_text=_("EDTF: when it existed or was active, as far as known."))
    span = SpanField()
    description = ProseField(blank=True)
    identifiers = IdentifiersField(
        _("in other systems"),
        help_text=_("wikidata:Q1065, ucdp:1173, or the address there; several with blanks between."),
    )
    reliability = models.CharField(
        _("reliability as an outlet"),
        max_length=20,
        choices=vocabulary.Reliability,
        blank=True,
        default="",
        db_default="",
    )
    reliability_reason = LineField(_("why it is rated so"), max_length=300, blank=True, default="", db_default="")
    reliability_on = models.DateField(_("rated on"), null=True, blank=True)
    translations = TranslationsField()

    class Meta:
        triggers = Entry.rules("actor")
        indexes = [
            models.Index(fields=["name"], name="actor_by_name"),  # admin change list
            *(held_in(column, of="actor") for column in ("name", "key", "identifiers")),  # search in the list
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pronoun="") | Q(kind=vocabulary.ActorKind.PERSON),
                name="actor_with_pronoun_is_a_person",
                violation_error_message=_("Only a person has a pronoun: leave it empty, or choose the kind “person”."),
            ),
            models.CheckConstraint(
                condition=Q(reliability="", reliability_reason="", reliability_on__isnull=True)
                | (~Q(reliability="") & ~Q(reliability_reason="") & Q(reliability_on__isnull=False)),
                name="actor_reliability_has_reason_and_date",
                violation_error_message=_(
                    "A rating of an outlet has a reason and a date: give all three, or leave all three empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class ActorName(models.Model):
    """A further name of one actor, such as its acronym in another language."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="names")
    name = LineField(max_length=200)
    kind = models.CharField(max_length=20, choices=vocabulary.NameKind, default=vocabulary.NameKind.SPELLING)
    language = LineField(max_length=20, blank=True)
    note = LineField(max_length=300, blank=True)
    translations = TranslationsField()

    translated_as: ClassVar[str] = "spelling"

    class Meta:
        triggers = touches("conflict_actor", "SELECT actor_id FROM {rows}")
        indexes = [held_in("name", of="actor_name")]  # search in the list of actors
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "name"],
                name="actor_name_is_given_once",
                violation_error_message=_("This actor already has this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Affiliation(models.Model):
    """Relation of one actor to another for a time; read as `actor kind other`."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="affiliations")
    kind = models.CharField(max_length=40, choices=vocabulary.AffiliationKind)
    other = models.ForeignKey(Actor, models.PROTECT, related_name="affiliated")
    role = LineField(max_length=120, blank=True, help_text=_("Office or title, where one is named."))
    when = EDTFField()
    span = SpanField()
    standing = models.CharField(max_length=20, choices=vocabulary.Standing, default=vocabulary.Standing.KNOWN)
    note = LineField(max_length=300, blank=True)
    translations = TranslationsField()

    class Meta:
        triggers = touches("conflict_actor", "SELECT actor_id FROM {rows}")
        constraints = [
            models.CheckConstraint(
                condition=~Q(actor=F("other")),
                name="affiliation_is_with_another_actor",
                violation_error_message=_("An actor cannot be affiliated with itself."),
            ),
            models.UniqueConstraint(
                fields=["actor", "kind", "other", "when", "role"],
                name="affiliation_is_given_once",
                violation_error_message=_("This affiliation is already recorded for the same time and role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} – {self.get_kind_display()} – {self.other}"

    def clean(self) -> None:
        """Validate with readable messages that no actor descends from itself, or is part of itself at any one time."""
        if not (self.actor_id and self.other_id):
            return
        if self.kind in DESCENT and leads_back(Affiliation, "actor", self, DESCENT):
            raise ValidationError(gettext("These two would descend from each other: say which one came first."))
        if self.kind == PART_OF and leads_back(Affiliation, "actor", self, {PART_OF}, self._at_the_same_time()):
            raise ValidationError(
                gettext("These two would be part of each other at the same time: say which one is the whole.")
            )

    def _at_the_same_time(self) -> Q:
        try:
            span = span_of(self.when)
        except dates.ImpossibleDate:
            return Q(pk=None)  # the date's own message comes first
        return Q(span__isnull=True) | Q(span__overlap=span) if span else Q()
