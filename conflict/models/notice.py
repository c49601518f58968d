"""Notices: dated warnings on an entry or on the whole chronology, and their resolution."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conflict import vocabulary
from conflict.models.actor import Actor
from conflict.models.claim import Claim
from conflict.models.entry import Entry, exactly_one, tracked
from conflict.models.event import Event
from conflict.models.fields import EDTFField, ProseField, SpanField
from conflict.models.location import Location
from conflict.models.lookups import held_in
from conflict.models.period import Period
from conflict.models.source import Source
from conflict.models.translations import TranslationsField
from conflict.models.triggers import touches

POINTS_AT = ("period", "event", "actor", "location", "source", "claim")


class Pointer(models.Model):
    """Pointer to one entry or claim."""

    period = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def target(self) -> Any:
        """The entry or claim; None for the whole chronology."""
        return next((getattr(self, name) for name in POINTS_AT if getattr(self, f"{name}_id")), None)


def past_review(today: date) -> Q:
    """Condition for notices that `is_past_review` holds of."""
    return Q(resolved_on__isnull=True, review_by__lt=today)


@tracked
class Notice(Entry, Pointer):
    """A warning to readers, or to editors only. Stays on record after it is resolved."""

    entry_kind = vocabulary.EntryKind.NOTICE.value
    document_parents = POINTS_AT
    document_children = tuple(f"mentions__{name}" for name in POINTS_AT)

    kind = models.CharField(max_length=40, choices=vocabulary.NoticeKind)
    audience = models.CharField(max_length=20, choices=vocabulary.Audience, default=vocabulary.Audience.PUBLIC)
    whole_chronology = models.BooleanField(default=False)
    reason = ProseField()
    origin = models.CharField(max_length=20, choices=vocabulary.NoticeOrigin, default=vocabulary.NoticeOrigin.DESK)
    raised_on = EDTFField(help_text=_("EDTF; empty if the day is not known."))
    raised_span = SpanField(derived_from="raised_on")
    review_by = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    resolution = ProseField(blank=True)
    translations = TranslationsField()

    class Meta:
        triggers = Entry.rules("notice")
        indexes = [
            *(held_in(column, of="notice") for column in ("reason", "key")),  # search in the list
            *(
                models.Index(fields=[column, "-id"], name=f"notice_by_{column}")
                for column in ("raised_on", "review_by")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(whole_chronology=True) & Q(**{f"{name}__isnull": True for name in POINTS_AT}))
                | (Q(whole_chronology=False) & exactly_one(*POINTS_AT)),
                name="notice_has_exactly_one_target",
                violation_error_message=_(
                    "A notice is on the whole chronology, or on exactly one period, event, actor, location, source or claim."
                ),
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | ~Q(resolution=""),
                name="notice_resolved_says_how",
                violation_error_message=_("Say how the notice was resolved."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(what)s: %(which)s") % {
            "what": self.get_kind_display(),
            "which": self.target or _("the whole chronology"),
        }

    def is_past_review(self, today: date) -> bool:
        return self.resolved_on is None and self.review_by is not None and self.review_by < today

    @property
    def concerns(self) -> list[Any]:
        return [mention.target for mention in self.mentions.all()]


@tracked
class NoticeMention(Pointer):
    """A further entry or claim mentioned by a notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="mentions")

    class Meta:
        triggers = touches("conflict_notice", "SELECT notice_id FROM {rows}")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(*POINTS_AT),
                name="notice_mention_is_of_one_thing",
                violation_error_message=_("A mention points at exactly one entry or claim."),
            )
        ]

    def __str__(self) -> str:
        return str(self.target)
