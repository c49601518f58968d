"""Disputes: a challenge to an entry or a claim, argued on the desk, visible to readers as a notice while open."""

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conflict.models import Notice, Source
from conflict.models.fields import ProseField
from conflict.vocabulary import LONGEST_KEY, EntryKind
from editorial.models.stages import DISPUTE_TRANSITIONS, DisputeStage, pairs
from editorial.models.submission import Submission


class Ground(models.TextChoices):
    CONTRADICTING_SOURCE = "contradicting_source", _("a source contradicts it")
    MISATTRIBUTION = "misattribution", _("it is ascribed to the wrong party")
    WRONG_FIGURE = "wrong_figure", _("a figure is wrong")
    OUTDATED = "outdated", _("it is out of date")
    OTHER = "other", _("another reason")


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> Self:
        return self.filter(stage=DisputeStage.OPEN)

    def opened_since(self, user: models.Model, moment: datetime) -> Self:
        """Disputes that this account opened after the moment."""
        return self.filter(opened_by=user, opened_at__gt=moment)

    def oldest_first(self) -> Self:
        return self.order_by("opened_at", "pk")


class Dispute(models.Model):
    """One challenge. Its statement stays on the desk; readers see a dated notice with the ground.

    So a dispute is public at once, and still nothing that only one person has read is.
    """

    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    claim_key = models.CharField(
        max_length=LONGEST_KEY, blank=True, help_text=_("For a dispute of one claim of the event.")
    )
    ground = models.CharField(max_length=30, choices=Ground)
    statement = ProseField(help_text=_("What is wrong, and why. For the desk only."))
    counter_source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="disputes")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="disputes_opened")
    opened_at = models.DateTimeField()
    stage = models.CharField(max_length=20, choices=DisputeStage, default=DisputeStage.OPEN)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="disputes_settled"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    public_reason = ProseField(blank=True, help_text=_("Why it was settled so; published."))
    outcome = models.CharField(
        max_length=20,
        choices=DisputeStage,
        blank=True,
        help_text=_("As which it is settled once its settlement is published."),
    )
    settlement = models.OneToOneField(Submission, models.PROTECT, null=True, blank=True, related_name="settled_dispute")
    correction = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="settles")
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="dispute")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        permissions = [("open_dispute", "Can open a dispute"), ("settle_dispute", "Can settle a dispute")]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="dispute_newest")]  # the list
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=DisputeStage.OPEN, settled_at__isnull=True, settled_by__isnull=True)
                | (
                    ~Q(stage=DisputeStage.OPEN)
                    & Q(settled_at__isnull=False, settled_by__isnull=False)
                    & ~Q(public_reason="")
                ),
                name="dispute_settled_says_by_whom_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(stage=DisputeStage.UPHELD) | Q(correction__isnull=False),
                name="dispute_upheld_names_its_correction",
            ),
            models.UniqueConstraint(
                fields=["entry_kind", "key", "claim_key", "ground"],
                condition=Q(stage=DisputeStage.OPEN),
                name="dispute_on_the_same_ground_is_open_once",
                violation_error_message=_("A dispute on the same ground is open already: add to its thread."),
            ),
        ]
        triggers = [pgtrigger.FSM(name="stages_follow", field="stage", transitions=pairs(DISPUTE_TRANSITIONS))]

    def __str__(self) -> str:
        return gettext("%(what)s: %(which)s") % {"what": self.claim_key or self.key, "which": self.get_ground_display()}
