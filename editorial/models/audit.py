"""Audit log: who did what to which entry, when and why; kept forever, never public."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models.fields import ProseField
from conflict.vocabulary import EntryKind
from editorial.models.dispute import Dispute
from editorial.models.submission import Submission


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def concerning(self, kind: str, key: str) -> Self:
        return self.filter(entries__contains=[f"{kind} {key}"])

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class AuditEntry(models.Model):
    """One verb of the workflow, done. Append-only."""

    verb = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="audit_entries"
    )
    at = models.DateTimeField()
    why = ProseField(blank=True)
    entries = ArrayField(
        models.CharField(max_length=150), default=list, help_text=gettext_lazy("Kind and key of each entry concerned.")
    )
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="audit_entries")
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, blank=True, related_name="audit_entries")
    batch = models.BigIntegerField(
        null=True, blank=True, help_text=gettext_lazy("First number in the log, where something became public.")
    )

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        permissions = [("read_audit", "Can read the audit trail")]
        indexes = [
            GinIndex(fields=["entries"], name="audit_entry_by_entry"),  # audit view of one entry
            models.Index(fields=["-at"], name="audit_entry_by_time"),  # audit view
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _("%(verb)s by %(by)s") % {"verb": self.verb, "by": self.by or _("the system")}


class HistoryCheckpoint(models.Model):
    """Last row number of each history table when a batch was published.

    Changes after it are not in the published version, and their authors may not
    approve them. Row numbers rather than times: a transaction may begin before a publication
    and be written after it.
    """

    batch = models.BigIntegerField(primary_key=True)
    last_rows: Any = models.JSONField(help_text=gettext_lazy("Last row number by history table."))

    def __str__(self) -> str:
        return _("checkpoint of batch %(batch)s") % {"batch": self.batch}


class JournalNote(models.Model):
    """A note on an entry, from editor to editor."""

    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = ProseField()

    class Meta:
        indexes = [models.Index(fields=["entry_kind", "key"], name="journal_note_by_entry")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:80]
