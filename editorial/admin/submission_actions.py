"""Verbs of a submission, as offered on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.models import Submission, User
from editorial.models.stages import LIVE, Stage
from editorial.workflow import permissions, review, submissions
from editorial.workflow.exceptions import WorkflowRefused

FOREMOST = frozenset(
    {"approve", "publish", "schedule", "return_for_revision", "claim_review"}
)  # the rest is folded away
CANNOT_BE_TAKEN_BACK = frozenset({"publish", "schedule", "publish_in_emergency"})


@dataclass(frozen=True)
class SubmissionAction:
    """A verb as offered on the page: its stages, permission and inputs."""

    verb: str
    label: str | Promise
    done: str | Promise
    stages: frozenset[Stage]
    may: Callable[[User, Submission], bool]
    call: Callable[[Submission, User, datetime, QueryDict], object]
    asks: str | Promise = ""
    asks_moment: bool = False
    asks_colleague: bool = False
    is_weighty: bool = False


def _moment(given: QueryDict) -> datetime:
    at = parse_datetime(given.get("publish_at", ""))
    if at is None:
        raise WorkflowRefused(_("Say when: a date and a time, for example 2026-12-01 09:00."))
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _colleague(given: QueryDict) -> User | None:
    """The chosen account; None for any colleague."""
    name = given.get("colleague", "")
    found = permissions.people_who_submit().filter(username=name).first() if name else None
    if name and found is None:
        raise WorkflowRefused(_("Nobody called %(name)s may submit entries.") % {"name": name[:150]})
    return found


def _note(given: QueryDict) -> str:
    return given.get("note", "").strip()


def _read(given: QueryDict) -> str:
    """Digest of the texts that the page showed; a form without it showed nothing."""
    return given.get("digest", "")


OPEN = frozenset({Stage.OPEN})
APPROVED = frozenset({Stage.APPROVED})
ACTS = {
    act.verb: act
    for act in (
        SubmissionAction(
            "approve", gettext_lazy("Approve"), gettext_lazy("Approved, for exactly the texts below."), OPEN, permissions.may_approve,
            lambda s, by, at, given: review.approve(submission=s, by=by, at=at, note=_note(given), digest=_read(given)),
            asks=gettext_lazy("What you checked (optional)"), is_weighty=True,
        ),
        SubmissionAction(
            "publish", gettext_lazy("Publish now"), gettext_lazy("Published."), APPROVED, lambda user, _: permissions.may_publish(user),
            lambda s, by, at, _: review.publish(submission=s, by=by, at=at), is_weighty=True,
        ),
        SubmissionAction(
            "schedule", gettext_lazy("Publish later"), gettext_lazy("Scheduled; it is checked again at that moment."), APPROVED, lambda user, _: permissions.may_publish(user),
            lambda s, by, at, given: review.schedule(submission=s, by=by, at=at, publish_at=_moment(given)), asks_moment=True,
        ),
        SubmissionAction(
            "return_for_revision", gettext_lazy("Return for revision"), gettext_lazy("Returned to its author."), OPEN | APPROVED, lambda user, _: permissions.may_review(user),
            lambda s, by, at, given: review.return_for_revision(submission=s, by=by, at=at, note=_note(given)),
            asks=gettext_lazy("What has to change"),
        ),
        SubmissionAction(
            "claim_review", gettext_lazy("I am reviewing this"), gettext_lazy("You are reviewing this."), OPEN, lambda user, _: permissions.may_review(user),
            lambda s, by, at, _: review.claim_review(submission=s, by=by, at=at),
        ),
        SubmissionAction(
            "resubmit", gettext_lazy("Submit again, as the desk stands now"), gettext_lazy("Submitted again; any approval before is void."), LIVE, lambda user, s: permissions.may_submit(user) and permissions.may_resubmit(user, s),
            lambda s, by, at, given: submissions.resubmit(submission=s, by=by, at=at, note=_note(given)), asks=gettext_lazy("What was changed (optional)"),
        ),
        SubmissionAction(
            "consent", gettext_lazy("Let a colleague submit it again"), gettext_lazy("Kept. Whoever submits it again becomes one of its authors."), LIVE, permissions.may_consent,
            lambda s, by, at, given: submissions.consent(submission=s, by=by, at=at, to=_colleague(given)), asks_colleague=True,
        ),
        SubmissionAction(
            "withdraw_submission", gettext_lazy("Take the proposal back"), gettext_lazy("Taken back. The drafts stay as they are."), LIVE, permissions.may_withdraw,
            lambda s, by, at, given: review.withdraw_submission(submission=s, by=by, at=at, note=_note(given)), asks=gettext_lazy("Why (optional)"),
        ),
        SubmissionAction(
            "publish_in_emergency", gettext_lazy("Publish without review"), gettext_lazy("Published without review, and recorded as such."), OPEN, lambda user, _: permissions.may_publish_in_emergency(user),
            lambda s, by, at, given: review.publish_in_emergency(submission=s, by=by, at=at, why=_note(given), digest=_read(given)),
            asks=gettext_lazy("Why this cannot wait for a second person"), is_weighty=True,
        ),
        SubmissionAction(
            "comment", gettext_lazy("Comment"), gettext_lazy("Comment added."), frozenset(Stage), lambda user, _: permissions.may_comment(user),
            lambda s, by, at, given: review.comment(submission=s, by=by, at=at, text=_note(given)), asks=gettext_lazy("Comment, for the desk only"),
        ),
    )
}  # fmt: skip


def offered_actions(user: User, submission: Submission) -> list[SubmissionAction]:
    """The verbs that the user may call now."""
    return [act for act in ACTS.values() if submission.stage in act.stages and act.may(user, submission)]
