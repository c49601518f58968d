"""Periods: the phases of the chronology, nested and ordered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conflict import vocabulary
from conflict.models.entry import Entry, refuse_cycle, tracked
from conflict.models.fields import EDTFField, LineField, ProseField, SpanField
from conflict.models.translations import TranslationsField
from conflict.models.triggers import no_cycle


@tracked
class Period(Entry):
    """A phase of the chronology. A period without events says so on its page."""

    entry_kind = vocabulary.EntryKind.PERIOD.value
    document_parents = ("parent",)

    title = LineField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(help_text=_("Order in the chronology."))
    when = EDTFField()
    span = SpanField()
    introduction = ProseField(blank=True)
    translations = TranslationsField()
    heading_origin = models.CharField(
        max_length=20, choices=vocabulary.HeadingOrigin, default=vocabulary.HeadingOrigin.EDITOR
    )

    class Meta:
        triggers = [*Entry.rules("period"), no_cycle("conflict_period", "period")]
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                name="period_positions_differ",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another period already has this position."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="period_is_not_its_own_parent",
                violation_error_message=_("A period cannot lie within itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        refuse_cycle(self, "period")
