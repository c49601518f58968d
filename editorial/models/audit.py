"""Audit log: who did what to which entry, when and why; kept forever, never public."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conflict.models.fields import MessageField, ProseField
from conflict.vocabulary import LONGEST_KEY, EntryKind
from editorial.models.dispute import Dispute
from editorial.models.submission import Submission


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def concerning(self, kind: str, key: str) -> Self:
        return self.filter(entries__contains=[f"{kind} {key}"])

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


VERBS = {
    "approval_void": pgettext_lazy("verb", "approval void"),
    "approve": pgettext_lazy("verb", "approve"),
    "ask_erasure": pgettext_lazy("verb", "ask erasure"),
    "ask_for_roles": pgettext_lazy("verb", "ask for roles"),
    "assign_notice": pgettext_lazy("verb", "assign notice"),
    "change_account": pgettext_lazy("verb", "change account"),
    "change_webhook": pgettext_lazy("verb", "change webhook"),
    "claim_review": pgettext_lazy("verb", "claim review"),
    "confirm_roles": pgettext_lazy("verb", "confirm roles"),
    "consent": pgettext_lazy("verb", "consent"),
    "create_webhook": pgettext_lazy("verb", "create webhook"),
    "decline_proposal": pgettext_lazy("verb", "decline proposal"),
    "decline_roles": pgettext_lazy("verb", "decline roles"),
    "discard_draft": pgettext_lazy("verb", "discard draft"),
    "dispute": pgettext_lazy("verb", "dispute"),
    "erase": pgettext_lazy("verb", "erase"),
    "give_roles_alone": pgettext_lazy("verb", "give roles alone"),
    "issue_key": pgettext_lazy("verb", "issue key"),
    "make_account": pgettext_lazy("verb", "make account"),
    "make_superuser": pgettext_lazy("verb", "make superuser"),
    "narrow_notice": pgettext_lazy("verb", "narrow notice"),
    "pause_webhook": pgettext_lazy("verb", "pause webhook"),
    "plan_notice_review": pgettext_lazy("verb", "plan notice review"),
    "publication_failed": pgettext_lazy("verb", "publication failed"),
    "publish": pgettext_lazy("verb", "publish"),
    "publish_in_emergency": pgettext_lazy("verb", "publish in emergency"),
    "raise_notice": pgettext_lazy("verb", "raise notice"),
    "reset_password": pgettext_lazy("verb", "reset password"),
    "reset_second_factor": pgettext_lazy("verb", "reset second factor"),
    "resolve_notice": pgettext_lazy("verb", "resolve notice"),
    "resubmit": pgettext_lazy("verb", "resubmit"),
    "resume_webhook": pgettext_lazy("verb", "resume webhook"),
    "return_for_revision": pgettext_lazy("verb", "return for revision"),
    "revoke_key": pgettext_lazy("verb", "revoke key"),
    "rights_changed": pgettext_lazy("verb", "rights changed"),
    "rotate_webhook_secret": pgettext_lazy("verb", "rotate webhook secret"),
    "schedule": pgettext_lazy("verb", "schedule"),
    "send_webhook_again": pgettext_lazy("verb", "send webhook again"),
    "settle_dispute": pgettext_lazy("verb", "settle dispute"),
    "stand_by": pgettext_lazy("verb", "stand by"),
    "submit": pgettext_lazy("verb", "submit"),
    "suspend_roles": pgettext_lazy("verb", "suspend roles"),
    "take_roles": pgettext_lazy("verb", "take roles"),
    "take_up_proposal": pgettext_lazy("verb", "take up proposal"),
    "withdraw_submission": pgettext_lazy("verb", "withdraw submission"),
}


def verb_name(verb: str) -> str:
    """A verb as a person writes it: “return for revision”."""
    return str(VERBS.get(verb, verb.replace("_", " ")))


class AuditEntry(models.Model):
    """One verb of the workflow, done. Append-only."""

    verb = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="audit_entries"
    )
    at = models.DateTimeField()
    why = MessageField(blank=True)
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
        return _("%(verb)s by %(by)s") % {"verb": verb_name(self.verb), "by": self.by or _("the system")}


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
    key = models.CharField(max_length=LONGEST_KEY)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = ProseField()

    class Meta:
        indexes = [models.Index(fields=["entry_kind", "key"], name="journal_note_by_entry")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:80]
