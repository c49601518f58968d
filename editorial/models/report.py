"""Reports by readers: an error or an objection, sent without an account, read by nobody but the desk."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conflict.models.fields import LineField, ProseField
from conflict.vocabulary import LONGEST_KEY, EntryKind
from editorial.models.dispute import Ground

LONGEST_TEXT, LONGEST_SOURCE, LONGEST_CONTACT = 3000, 500, 200


class ReportKind(models.TextChoices):
    ERROR = "error", _("an error")
    OBJECTION = "objection", _("an objection")


class ReportQuerySet(models.QuerySet["Report"]):
    def waiting(self) -> Self:
        """Reports that no editor has opened yet."""
        return self.filter(opened_at__isnull=True)

    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)


class Report(models.Model):
    """One report about a public entry or claim.

    Readers see no more than how many wait to be opened. Its sender has a receipt, of which only the hash is kept; the
    contact is erased when the report is settled.
    """

    kind = models.CharField(max_length=20, choices=ReportKind)
    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    claim_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    version = models.PositiveIntegerField(help_text=_("The public version that the reader saw."))
    ground = models.CharField(max_length=30, choices=Ground)
    text = ProseField(max_length=LONGEST_TEXT)
    source = LineField(max_length=LONGEST_SOURCE, blank=True)
    contact = LineField(max_length=LONGEST_CONTACT, blank=True)
    language = models.CharField(max_length=10, blank=True, help_text=_("Language of the form in which it was written."))
    receipt_sha256 = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reports_opened"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reports_settled"
    )
    answer = ProseField(blank=True, help_text=_("What became of it; shown to its sender."))

    objects = ReportQuerySet.as_manager()

    class Meta:
        permissions = [("settle_report", "Can open and settle reports of readers")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="report_opened_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, answer="")
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False, opened_at__isnull=False, contact="")
                    & ~Q(answer="")
                ),
                name="report_settled_says_how_and_forgets_the_contact",
            ),
        ]
        indexes = [models.Index(fields=["-received_at", "-id"], name="report_newest")]  # the desk's list

    def __str__(self) -> str:
        return gettext("%(what)s: %(which)s") % {"what": self.claim_key or self.key, "which": self.get_ground_display()}
