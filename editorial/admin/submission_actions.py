"""Verbs of a submission, as offered on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from conflict.models import ENTRIES
from editorial.models import Comment, Submission, User
from editorial.models.stages import LIVE, Stage
from editorial.workflow import permissions, remarks, review, submissions
from editorial.workflow.exceptions import WorkflowRefused

FOREMOST = frozenset(
    {"approve", "publish", "schedule", "return_for_revision", "claim_review"}
)  # the rest is folded away
CANNOT_BE_TAKEN_BACK = frozenset({"publish", "schedule", "publish_in_emergency"})


@dataclass(frozen=True)
class SubmissionAction:
    """A verb as offered on the page: its stages, permission and inputs."""

    verb: str
    label: StrOrPromise
    done: StrOrPromise
    stages: frozenset[Stage]
    may: Callable[[User, Submission], bool]
    call: Callable[[Submission, User, datetime, QueryDict], object]
    asks: str = ""
    asks_moment: bool = False
    asks_colleague: bool = False
    is_weighty: bool = False
    is_of_a_part: bool = False  # offered beside an entry or a comment, not among the steps of the whole


def _moment(given: QueryDict) -> datetime:
    at = parse_datetime(given.get("publish_at", ""))
    if at is None:
        raise WorkflowRefused("Say when: a date and a time, for example 2026-12-01 09:00.")
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _colleague(given: QueryDict) -> User | None:
    """The chosen account; None for any colleague."""
    name = given.get("colleague", "")
    found = permissions.people_who_submit().filter(username=name).first() if name else None
    if name and found is None:
        raise WorkflowRefused(f"Nobody called {name[:150]} may submit entries.")
    return found


def _note(given: QueryDict) -> str:
    return given.get("note", "").strip()


def _read(given: QueryDict) -> str:
    """Digest of the texts that the page showed; a form without it showed nothing."""
    return given.get("digest", "")


def _pair(text: str) -> tuple[str, str] | None:
    """Kind and key of an entry written as event:konna."""
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
    number = given.get("comment", "")
    found = (
        submission.comments.filter(pk=number).first()
        if number.isascii() and number.isdecimal() and len(number) < 19
        else None
    )
    if found is None:
        raise WorkflowRefused(_("Say which suggestion."))
    return found


OPEN = frozenset({Stage.OPEN})
APPROVED = frozenset({Stage.APPROVED})
ACTS = {
    act.verb: act
    for act in (
        SubmissionAction(
            "approve", "Approve", "Approved, for exactly the texts below.", OPEN, permissions.may_approve,
            lambda s, by, at, given: review.approve(submission=s, by=by, at=at, note=_note(given), digest=_read(given)),
            asks="What you checked (optional)", is_weighty=True,
        ),
        SubmissionAction(
            "publish", "Publish now", "Published.", APPROVED, lambda user, s: permissions.may_publish(user),
            lambda s, by, at, given: review.publish(submission=s, by=by, at=at), is_weighty=True,
        ),
        SubmissionAction(
            "schedule", "Publish later", "Scheduled; it is checked again at that moment.", APPROVED, lambda user, s: permissions.may_publish(user),
            lambda s, by, at, given: review.schedule(submission=s, by=by, at=at, publish_at=_moment(given)), asks_moment=True,
        ),
        SubmissionAction(
            "return_for_revision", "Return for revision", "Returned to its author.", OPEN | APPROVED, lambda user, s: permissions.may_review(user),
            lambda s, by, at, given: review.return_for_revision(submission=s, by=by, at=at, note=_note(given)),
            asks="What has to change",
        ),
        SubmissionAction(
            "claim_review", "I am reviewing this", "You are reviewing this.", OPEN, lambda user, s: permissions.may_review(user),
            lambda s, by, at, given: review.claim_review(submission=s, by=by, at=at),
        ),
        SubmissionAction(
            "resubmit", "Submit again, as the desk stands now", "Submitted again; any approval before is void.", LIVE, lambda user, s: permissions.may_submit(user) and permissions.may_resubmit(user, s),
            lambda s, by, at, given: submissions.resubmit(submission=s, by=by, at=at, note=_note(given)), asks="What was changed (optional)",
        ),
        SubmissionAction(
            "consent", "Let a colleague submit it again", "Kept. Whoever submits it again becomes one of its authors.", LIVE, permissions.may_consent,
            lambda s, by, at, given: submissions.consent(submission=s, by=by, at=at, to=_colleague(given)), asks_colleague=True,
        ),
        SubmissionAction(
            "withdraw_submission", "Take the proposal back", "Taken back. The drafts stay as they are.", LIVE, permissions.may_withdraw,
            lambda s, by, at, given: review.withdraw_submission(submission=s, by=by, at=at, note=_note(given)), asks="Why (optional)",
        ),
        SubmissionAction(
            "publish_in_emergency", "Publish without review", "Published without review, and recorded as such.", OPEN, lambda user, s: permissions.may_publish_in_emergency(user),
            lambda s, by, at, given: review.publish_in_emergency(submission=s, by=by, at=at, why=_note(given), digest=_read(given)),
            asks="Why this cannot wait for a second person", is_weighty=True,
        ),
        SubmissionAction(
            "comment", "Comment", "Comment added.", frozenset(Stage), lambda user, s: permissions.may_comment(user),
            lambda s, by, at, given: remarks.comment(
                submission=s, by=by, at=at, text=_note(given), entry=_entry(given), place=given.get("place", ""), suggestion=given.get("suggestion", ""),
            ), asks="Comment, for the desk only",
        ),
        SubmissionAction(
            "tick", _("Tick as read"), _("Ticked."), OPEN, lambda user, s: permissions.may_review(user),
            lambda s, by, at, given: remarks.tick(submission=s, by=by, at=at, entries=_entries(given)),
            is_of_a_part=True,
        ),
        SubmissionAction(
            "return_entry", _("Return this entry alone"), _("Returned to its author in a submission of its own; the rest goes on."), OPEN, lambda user, s: permissions.may_review(user),
            lambda s, by, at, given: review.return_entry(submission=s, by=by, at=at, note=_note(given), **_chosen_entry(given)), is_of_a_part=True,
        ),
        SubmissionAction(
            "take_suggestion", _("Take it"), _("Taken into the draft. Submit it again once you are done."), LIVE, lambda user, s: permissions.may_submit(user) and permissions.may_resubmit(user, s),
            lambda s, by, at, given: remarks.take_suggestion(comment=_suggestion(s, given), by=by, at=at, note=_note(given)), is_of_a_part=True,
        ),
        SubmissionAction(
            "decline_suggestion", _("Leave it"), _("Left as it is."), LIVE, lambda user, s: permissions.may_submit(user) and permissions.may_resubmit(user, s),
            lambda s, by, at, given: remarks.decline_suggestion(comment=_suggestion(s, given), by=by, at=at, note=_note(given)), is_of_a_part=True,
        ),
    )
}  # fmt: skip


def offered_actions(user: User, submission: Submission) -> list[SubmissionAction]:
    """The verbs that the user may call now."""
    return [act for act in ACTS.values() if submission.stage in act.stages and act.may(user, submission)]
