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

from conflict import text as texts
from conflict.models import ENTRIES
from editorial.models import Comment, Submission, User
from editorial.models.stages import LIVE, Stage
from editorial.workflow import permissions, remarks, review, scheduled_publication, submissions
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
    is_of_a_part: bool = False  # offered beside an entry or a comment, not among the steps of the whole


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


def _pair(text: str) -> tuple[str, str] | None:
    """Kind and key of an entry written as event:old-bridge."""
    kind, _colon, key = text.partition(":")
    return (kind, key) if kind in ENTRIES and key and "\0" not in key else None


def _entry(given: QueryDict) -> tuple[str, str] | None:
    return _pair(given.get("entry", ""))


def _entries(given: QueryDict) -> list[tuple[str, str]]:
    return [pair for pair in map(_pair, given.getlist("entry")) if pair is not None]


def _chosen_entry(given: QueryDict) -> dict[str, str]:
    entry = _entry(given)
    if entry is None:
        raise WorkflowRefused(_("Say which entry."))
    return {"kind": entry[0], "key": entry[1]}


def _suggestion(submission: Submission, given: QueryDict) -> Comment:
    found = submission.comments.filter(pk=texts.primary_key(given.get("comment", ""))).first()
    if found is None:
        raise WorkflowRefused(_("Say which suggestion."))
    return found


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
            lambda s, by, at, given: scheduled_publication.schedule(submission=s, by=by, at=at, publish_at=_moment(given)), asks_moment=True,
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
            lambda s, by, at, given: remarks.comment(
                submission=s, by=by, at=at, text=_note(given), entry=_entry(given), place=given.get("place", ""), suggestion=given.get("suggestion", ""),
            ), asks=gettext_lazy("Comment, for the desk only (@name tells a colleague)"),
        ),
        SubmissionAction(
            "tick", gettext_lazy("Tick as read"), gettext_lazy("Ticked."), OPEN, lambda user, _: permissions.may_review(user),
            lambda s, by, at, given: remarks.tick(submission=s, by=by, at=at, entries=_entries(given)),
            is_of_a_part=True,
        ),
        SubmissionAction(
            "return_entry", gettext_lazy("Return this entry alone"), gettext_lazy("Returned to its author in a submission of its own; the rest goes on."), OPEN, lambda user, _: permissions.may_review(user),
            lambda s, by, at, given: review.return_entry(submission=s, by=by, at=at, note=_note(given), **_chosen_entry(given)), is_of_a_part=True,
        ),
        SubmissionAction(
            "take_suggestion", gettext_lazy("Take it"), gettext_lazy("Taken into the draft. Submit it again once you are done."), LIVE, lambda user, s: permissions.may_submit(user) and permissions.may_resubmit(user, s),
            lambda s, by, at, given: remarks.take_suggestion(comment=_suggestion(s, given), by=by, at=at, note=_note(given)), is_of_a_part=True,
        ),
        SubmissionAction(
            "decline_suggestion", gettext_lazy("Leave it"), gettext_lazy("Left as it is."), LIVE, lambda user, s: permissions.may_submit(user) and permissions.may_resubmit(user, s),
            lambda s, by, at, given: remarks.decline_suggestion(comment=_suggestion(s, given), by=by, at=at, note=_note(given)), is_of_a_part=True,
        ),
    )
}  # fmt: skip


def offered_actions(user: User, submission: Submission) -> list[SubmissionAction]:
    """The verbs that the user may call now."""
    return [act for act in ACTS.values() if submission.stage in act.stages and act.may(user, submission)]
