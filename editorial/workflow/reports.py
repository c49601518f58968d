"""Reports of readers: received from anybody, opened and settled at the desk."""

import hashlib
import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from conflict.public import queries
from conflict.text import prose
from conflict.vocabulary import EntryKind
from editorial.models import Report, User
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused, refuse_empty

CLAIM = "claim"


class UnknownTarget(Exception):
    """Nothing public has this key."""


def target(kind: str, key: str) -> Report:
    """An unsaved report about a public entry or claim. Raises UnknownTarget if there is none."""
    claim_key = ""
    if kind == CLAIM:
        event_key = queries.claims().filter(key=key).values_list("event_id", flat=True).first()
        kind, key, claim_key = EntryKind.EVENT, event_key or "", key
    if kind not in EntryKind.values or not key or (entry := queries.entry(kind, key)) is None:
        raise UnknownTarget(kind, key)
    return Report(entry_kind=kind, key=key, claim_key=claim_key, version=entry.version)


def receive(report: Report, *, at: datetime, language: str = "") -> str:
    """Store a report written in this language, and return its receipt, which nobody but the sender is told."""
    receipt = secrets.token_urlsafe(18)
    report.received_at, report.receipt_sha256, report.language = at, _hash(receipt), language
    report.full_clean()
    report.save()
    return receipt


def find(receipt: str) -> Report | None:
    return Report.objects.filter(receipt_sha256=_hash(receipt)).first()


def open_report(*, report: Report, by: User, at: datetime) -> None:
    """Note that an editor has opened the report; the first one is kept. Raises NotPermitted."""
    permissions.require(permissions.may_settle_reports(by), by, _("open and settle reports of readers"))
    Report.objects.filter(pk=report.pk).waiting().update(opened_at=at, opened_by=by)


def settle(*, report: Report, by: User, at: datetime, answer: str) -> None:
    """Answer the report and erase the sender's contact.

    Raises NotPermitted, or WorkflowRefused without an answer and for a report that is settled or was not opened.
    """
    permissions.require(permissions.may_settle_reports(by), by, _("open and settle reports of readers"))
    refuse_empty(answer, _("Say what became of it: the sender reads the answer at the address of the receipt."))
    done = Report.objects.filter(pk=report.pk, opened_at__isnull=False).unsettled()
    if not done.update(settled_at=at, settled_by=by, answer=prose(answer), contact=""):
        raise WorkflowRefused(_("This report is settled, or nobody has opened it. Open it first, then settle it."))


def _hash(receipt: str) -> str:
    return hashlib.sha256(receipt.encode()).hexdigest()
