"""Emergencies: publications before review, which wait until a second person has read every step of them.

Whoever published one too long ago may publish nothing further until somebody else has read it, and nobody may
publish another in an emergency meanwhile.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from conflict.message import gettext as _
from conflict.record.models import Publication
from conflict.record.review_state import READ
from editorial.models import AuditEntry, Submission, SubmittedEntry, User
from editorial.models.stages import Stage
from editorial.workflow.exceptions import Held

READ_WITHIN = timedelta(hours=72)
MOST_WAITING = 3  # emergency publications of one person that may wait at a time
VERB = "publish_in_emergency"


def waiting() -> "QuerySet[Any]":
    """Emergency publications of which at least one entry has not been read by a second person since; oldest first.

    A function of the log: neither a dispute nor a withdrawal by one person takes anything out of it.
    """
    later = Publication.objects.filter(
        READ, entry_kind=OuterRef("entry_kind"), key=OuterRef("key"), number__gte=OuterRef("submission__batch")
    )
    unread = SubmittedEntry.objects.filter(~Exists(later), submission=OuterRef("pk"))
    found = Submission.objects.filter(Exists(unread), is_emergency=True, stage=Stage.PUBLISHED)
    return found.annotate(published_at=Min("audit_entries__at", filter=Q(audit_entries__verb=VERB))).order_by(
        "published_at", "pk"
    )


def is_overdue(published_at: datetime, at: datetime) -> bool:
    return published_at < at - READ_WITHIN


def overdue(at: datetime) -> "QuerySet[Any]":
    return waiting().filter(published_at__lt=at - READ_WITHIN)


def waiting_of(person: User) -> "QuerySet[Any]":
    return waiting().filter(pk__in=AuditEntry.objects.filter(verb=VERB, by=person).values("submission"))


def refuse_held(by: User, at: datetime) -> None:
    """Raise Held if an emergency publication of this person waits beyond the deadline."""
    first = waiting_of(by).filter(published_at__lt=at - READ_WITHIN).first()
    if first is not None:
        raise Held(
            _(
                "%(by)s published submission %(first)s in an emergency, and nobody else has read it within %(hours)s hours: until somebody has, nothing else is published for %(by)s."
            )
            % {"by": by.get_username(), "first": first.pk, "hours": _hours()}
        )


def refuse_another(by: User, at: datetime) -> None:
    """Raise Held unless this person may publish in an emergency now."""
    refuse_held(by, at)
    if first := overdue(at).first():
        raise Held(
            _(
                "Submission %(first)s was published in an emergency, and nobody else has read it within %(hours)s hours: read it first, then publish this."
            )
            % {"first": first.pk, "hours": _hours()}
        )
    if waiting_of(by).count() >= MOST_WAITING:
        raise Held(
            _("%(most)s publications of yours in an emergency wait to be read by somebody else: ask for that first.")
            % {"most": MOST_WAITING}
        )


def _hours() -> int:
    return READ_WITHIN // timedelta(hours=1)
