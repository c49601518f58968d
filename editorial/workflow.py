"""The verbs of the desk: the only ways in which a submission changes and something becomes public.

Each verb is keyword-only and atomic, checks who may, does one thing, and records who, when
and why. `at` is the moment it counts as done; the caller reads the clock.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, OperationalError, transaction

from conflict.models import ENTRIES
from conflict.record import log
from conflict.record.closure import ClosureRefused
from conflict.record.log import Step
from conflict.record.models import PUBLISHED, Action, Publication
from conflict.record.publishing import PublishingRefused
from conflict.vocabulary import ChangeKind, EntryKind
from editorial import permissions, publishing
from editorial.disputing import dispute, reply, settle_dispute
from editorial.models import Comment, Deed, Review, Submission, SubmittedEntry, User
from editorial.refusals import ApprovalVoid, FourEyes, NotPermitted, TransitionRefused, WorkflowRefused
from editorial.stages import IN_EMERGENCY, TRANSITIONS, Stage

__all__ = [
    "Proposal",
    "approve",
    "changed_since_submitted",
    "claim_review",
    "comment",
    "dispute",
    "publish",
    "publish_due",
    "publish_in_emergency",
    "reply",
    "resubmit",
    "retract",
    "return_for_revision",
    "schedule",
    "settle_dispute",
    "submit",
    "withdraw_submission",
]


log_of_faults = logging.getLogger(__name__)


class Proposal(NamedTuple):
    """One entry to propose: its publication as it stands on the desk, or its withdrawal."""

    kind: str
    key: str
    action: Action = Action.PUBLISH
    successor: str = ""


@transaction.atomic
def submit(
    *,
    entries: Sequence[Proposal],
    by: User,
    at: datetime,
    title: str,
    reason: str,
    change_kind: ChangeKind,
    is_emergency: bool = False,
) -> Submission:
    """Propose these entries together, as they stand on the desk now.

    Raises NotPermitted; WorkflowRefused where an entry is not ready, says what is public already,
    or is in another submission that is not settled.
    """
    _require(permissions.may_submit(by), by, "submit entries for review")
    if not reason.strip():
        raise WorkflowRefused("Say why: the reason is published with the change.")
    submission = Submission.objects.create(
        title=title.strip() or _title_of(entries),
        reason=reason.strip(),
        change_kind=change_kind,
        submitted_by=by,
        submitted_at=at,
        is_emergency=is_emergency,
    )
    _propose(submission, entries)
    _note("submit", by, at, reason, submission)
    return submission


@transaction.atomic
def resubmit(*, submission: Submission, by: User, at: datetime, note: str = "") -> Submission:
    """Propose the same entries anew, as they stand on the desk now; any approval is void."""
    submission = _locked(submission)
    _require(permissions.may_submit(by), by, "submit entries for review")
    if submission.stage != Stage.OPEN:
        _move(submission, Stage.OPEN)
    entries = _proposals(submission)
    submission.entries.all().delete()
    submission.publish_at = None
    submission.save()
    _propose(submission, entries)
    _note("resubmit", by, at, note, submission)
    return submission


@transaction.atomic
def claim_review(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Say “I am reviewing this”, so that two people do not read the same at once."""
    submission = _locked(submission)
    _require(permissions.may_review(by), by, "review submissions")
    if submission.stage != Stage.OPEN:
        raise TransitionRefused(
            f"Submission {submission.pk} is {submission.get_stage_display()}; only one open for review can be taken on."
        )
    submission.reviewer = by
    submission.save()
    _note("claim_review", by, at, "", submission)
    return submission


@transaction.atomic
def return_for_revision(*, submission: Submission, by: User, at: datetime, note: str) -> Review:
    """Give it back to its author, with what has to change."""
    submission = _locked(submission)
    _require(permissions.may_review(by), by, "review submissions")
    if not note.strip():
        raise WorkflowRefused("Say what has to change before it can be approved.")
    _move(submission, Stage.RETURNED)
    submission.publish_at = None
    submission.save()
    _note("return_for_revision", by, at, note, submission)
    return Review.objects.create(
        submission=submission, by=by, at=at, verdict=Review.Verdict.RETURNED, note=note, digest=submission.digest
    )


@transaction.atomic
def approve(*, submission: Submission, by: User, at: datetime, note: str = "") -> Review:
    """Record that `by` has read the submitted documents and stands by them.

    Raises FourEyes for a reviewer who wrote any part of it, superusers included; TransitionRefused
    unless it is open for review; ApprovalVoid where the desk no longer says what was submitted.
    """
    submission = _locked(submission)
    _require(permissions.may_review(by), by, "review submissions")
    _lock_entries(_proposals(submission))
    if by.pk in permissions.writers(submission):
        raise FourEyes(
            f"You wrote part of submission {submission.pk}, or proposed it: somebody else has to approve it."
        )
    if changed := changed_since_submitted(submission):
        raise ApprovalVoid(
            f"Edited since it was submitted: {', '.join(changed)}. Ask for it to be submitted again, so that you approve what will be published."
        )
    _move(submission, Stage.APPROVED)
    submission.save()
    _note("approve", by, at, note, submission)
    return Review.objects.create(
        submission=submission, by=by, at=at, verdict=Review.Verdict.APPROVED, note=note, digest=submission.digest
    )


@transaction.atomic
def schedule(*, submission: Submission, by: User, at: datetime, publish_at: datetime) -> Submission:
    """Have an approved submission published at a later moment; it is checked again then."""
    submission = _locked(submission)
    _require(permissions.may_publish(by), by, "publish")
    if submission.stage != Stage.APPROVED:
        raise TransitionRefused(_only("scheduled", submission))
    if publish_at <= at:
        raise WorkflowRefused("That moment has passed: choose a later one, or publish now.")
    submission.publish_at, submission.failure = publish_at, ""
    submission.save()
    _note("schedule", by, at, f"for {publish_at.isoformat()}", submission)
    return submission


def publish(*, submission: Submission, by: User, at: datetime) -> list[Publication]:
    """Publish all entries of an approved submission, or none.

    Raises ApprovalVoid, and opens the submission for review again, where an edit of substance
    came after the approval; PublishingRefused or ClosureRefused where the record does not allow it.
    """
    _require(permissions.may_publish(by), by, "publish")
    try:
        return _publish_approved(submission, by, at)
    except ApprovalVoid as void:
        _open_again(submission, by, at, str(void))
        raise


def publish_due(*, at: datetime) -> list[Submission]:
    """Publish what is scheduled for this moment or earlier. What fails stays approved and says why."""
    due = list(Submission.objects.due(at).oldest_first())
    for submission in due:
        try:
            _publish_approved(submission, None, at)
        except ApprovalVoid as void:
            _open_again(submission, None, at, str(void))
        except (WorkflowRefused, PublishingRefused, ClosureRefused) as refusal:
            _fail(submission, at, str(refusal))
        except OperationalError:
            raise  # the database is away: still scheduled, tried again the next time
        except Exception as fault:
            # One that cannot be published must not keep the others waiting for ever.
            log_of_faults.exception("Submission %s could not be published at its time.", submission.pk)
            _fail(submission, at, f"A fault of the software ({type(fault).__name__}); the server's log has it whole.")
    return due


@transaction.atomic
def publish_in_emergency(*, submission: Submission, by: User, at: datetime, why: str) -> list[Publication]:
    """Publish an open submission that nobody else has read. Loud: the log's reason says so, the audit keeps it."""
    submission = _locked(submission)
    _require(permissions.may_publish_in_emergency(by), by, "publish without review")
    if not why.strip():
        raise WorkflowRefused("Say why this cannot wait for a second person.")
    submission.is_emergency = True
    _lock_entries(_proposals(submission))
    if changed := changed_since_submitted(submission):
        raise ApprovalVoid(f"Edited since it was submitted: {', '.join(changed)}. Submit it again first.")
    reason = f"{submission.reason} (Published in an emergency, before review by a second person.)"
    publications = _append(submission, reason, at)
    _note("publish_in_emergency", by, at, why, submission)
    return publications


@transaction.atomic
def withdraw_submission(*, submission: Submission, by: User, at: datetime, note: str = "") -> Submission:
    """Take the proposal back. The desk's drafts stay as they are."""
    submission = _locked(submission)
    _require(permissions.may_withdraw(by, submission), by, "withdraw somebody else's submission")
    _move(submission, Stage.WITHDRAWN)
    submission.publish_at = None
    submission.save()
    submission.entries.update(is_live=False)
    _note("withdraw_submission", by, at, note, submission)
    return submission


@transaction.atomic
def retract(*, kind: str, key: str, by: User, at: datetime, reason: str, successor: str = "") -> Submission:
    """Propose to withdraw a public entry; with `successor`, to merge it into that one."""
    _require(permissions.may_retract(by), by, "propose the withdrawal of an entry")
    change_kind = ChangeKind.MERGE if successor else ChangeKind.WITHDRAWAL
    title = f"Merge {key} into {successor}" if successor else f"Withdraw {key}"
    return submit(
        entries=[Proposal(kind, key, Action.WITHDRAW, successor)],
        by=by,
        at=at,
        title=title[:200],
        reason=reason,
        change_kind=change_kind,
    )


@transaction.atomic
def comment(*, submission: Submission, by: User, at: datetime, text: str) -> Comment:
    """Say something about a submission, on the desk only."""
    _require(permissions.may_comment(by), by, "comment on submissions")
    if not text.strip():
        raise WorkflowRefused("The comment is empty.")
    return Comment.objects.create(submission=submission, by=by, at=at, text=text.strip())


def changed_since_submitted(submission: Submission) -> list[str]:
    """Keys of entries whose document is no longer the one submitted; a save without change is none."""
    submitted = {
        (entry.entry_kind, entry.key): entry.text
        for entry in submission.entries.all()
        if entry.action == Action.PUBLISH
    }
    now = {(step.kind, step.key): step.text for step in _steps(_proposals(submission), submission)}
    return sorted(key for (kind, key), text in submitted.items() if now.get((kind, key)) != text)


# What the verbs share


def _propose(submission: Submission, entries: Sequence[Proposal]) -> None:
    if not entries:
        raise WorkflowRefused("Choose at least one entry to submit.")
    _lock_entries(entries)
    steps = {(step.kind, step.key): step for step in _steps(entries, submission)}
    for entry in entries:
        if entry[:2] not in steps:
            raise WorkflowRefused(f"The {entry.kind} {entry.key} is not on the desk, or is kept from the public.")
        if (
            entry.action == Action.WITHDRAW
            and not PUBLISHED[entry.kind]._default_manager.filter(key=entry.key).exists()
        ):
            raise WorkflowRefused(f"The {entry.kind} {entry.key} is not public: there is nothing to withdraw.")
    publishing.refuse_unchanged([step for step in steps.values() if step.action == Action.PUBLISH])
    rows = [
        SubmittedEntry(
            submission=submission,
            entry_kind=entry.kind,
            key=entry.key,
            action=entry.action,
            successor=entry.successor,
            text=steps[entry[:2]].text,
            sha256=steps[entry[:2]].text_sha256 if entry.action == Action.PUBLISH else "",
        )
        for entry in entries
    ]
    try:
        with transaction.atomic():
            SubmittedEntry.objects.bulk_create(rows)
    except IntegrityError as error:
        raise WorkflowRefused(_already_submitted(entries)) from error


def _already_submitted(entries: Sequence[Proposal]) -> str:
    live = SubmittedEntry.objects.filter(is_live=True, key__in=[entry.key for entry in entries]).select_related(
        "submission"
    )
    found = [
        f"{row.entry_kind} {row.key} in submission {row.submission_id}"
        for row in live
        if any((row.entry_kind, row.key) == entry[:2] for entry in entries)
    ]
    return (
        f"Already submitted and not settled: {', '.join(found)}."
        if found
        else "An entry is named twice in this submission."
    )


def _proposals(submission: Submission) -> list[Proposal]:
    return [
        Proposal(entry.entry_kind, entry.key, Action(entry.action), entry.successor)
        for entry in submission.entries.order_by("pk")
    ]


def _steps(entries: Sequence[Proposal], submission: Submission, reason: str = "") -> list[Step]:
    """What publishing these entries now would append to the log."""
    change_kind, reason = ChangeKind(submission.change_kind), reason or submission.reason
    steps = []
    for kind, model in ENTRIES.items():
        keys = [entry.key for entry in entries if entry.kind == kind and entry.action == Action.PUBLISH]
        if keys:
            steps += publishing.steps_for(model.objects.filter(key__in=keys), change_kind, reason)
    return steps + [
        Step(EntryKind(entry.kind), entry.key, change_kind, reason, action=Action.WITHDRAW, successor=entry.successor)
        for entry in entries
        if entry.action == Action.WITHDRAW
    ]


@transaction.atomic
def _publish_approved(submission: Submission, by: User | None, at: datetime) -> list[Publication]:
    log.lock()
    submission = _locked(submission)
    if submission.stage != Stage.APPROVED:
        raise TransitionRefused(_only("published", submission))
    _lock_entries(_proposals(submission))
    approval = submission.reviews.filter(verdict=Review.Verdict.APPROVED).order_by("-pk").first()
    changed = changed_since_submitted(submission)
    if approval is None or approval.digest != submission.digest or changed:
        raise ApprovalVoid(
            f"Submission {submission.pk} was edited after its approval ({', '.join(changed) or 'what was submitted'}): it has to be reviewed again."
        )
    if approval.by_id in permissions.writers(submission):
        raise ApprovalVoid(
            f"Submission {submission.pk} was approved by somebody who has since written part of it: somebody else has to approve it."
        )
    publications = _append(submission, submission.reason, at)
    _note("publish", by, at, "", submission)
    return publications


def _append(submission: Submission, reason: str, at: datetime) -> list[Publication]:
    publications = publishing.publish_steps(_steps(_proposals(submission), submission, reason), at)
    if submission.is_emergency and submission.stage == Stage.OPEN:
        _move(submission, Stage.PUBLISHED, IN_EMERGENCY)
    else:
        _move(submission, Stage.PUBLISHED)
    submission.batch, submission.publish_at, submission.failure = publications[0].number, None, ""
    submission.save()
    submission.entries.update(is_live=False)
    return publications


@transaction.atomic
def _open_again(submission: Submission, by: User | None, at: datetime, why: str) -> None:
    submission = _locked(submission)
    if submission.stage != Stage.APPROVED:
        return
    _move(submission, Stage.OPEN)
    submission.publish_at, submission.failure = None, why
    submission.save()
    _note("approval_void", by, at, why, submission)


@transaction.atomic
def _fail(submission: Submission, at: datetime, why: str) -> None:
    scheduled = submission.publish_at
    submission = _locked(submission)
    if submission.stage != Stage.APPROVED or submission.publish_at != scheduled:
        return  # somebody, or another worker, was faster: what failed is not how it stands now
    submission.publish_at, submission.failure = None, why
    submission.save()
    _note("publication_failed", None, at, why, submission)


def _locked(submission: Submission) -> Submission:
    return Submission.objects.select_for_update().get(pk=submission.pk)


def _lock_entries(entries: Sequence[Proposal]) -> None:
    """Keep the desk's entries from changing until the transaction ends; a change of a child waits too."""
    for kind, model in ENTRIES.items():
        keys = [entry.key for entry in entries if entry.kind == kind]
        if keys:
            list(model.objects.filter(key__in=keys).order_by("pk").select_for_update().values_list("pk"))


def _move(submission: Submission, to: Stage, table: dict[Stage, frozenset[Stage]] = TRANSITIONS) -> None:
    if to not in table.get(Stage(submission.stage), frozenset()):
        raise TransitionRefused(
            f"Submission {submission.pk} is {submission.get_stage_display()}; from there it cannot become {to.label}."
        )
    submission.stage = to


def _only(done: str, submission: Submission) -> str:
    return f"Submission {submission.pk} is {submission.get_stage_display()}; only an approved submission can be {done}."


def _require(permitted: bool, user: User, what: str) -> None:
    if not permitted:
        raise NotPermitted(f"The account {user.get_username()} may not {what}.")


def _title_of(entries: Iterable[Proposal]) -> str:
    return ", ".join(entry.key for entry in entries)[:200]


def _note(verb: str, by: User | None, at: datetime, why: str, submission: Submission) -> None:
    Deed.objects.create(
        verb=verb,
        by=by,
        at=at,
        why=why,
        submission=submission,
        entries=[f"{entry.entry_kind} {entry.key}" for entry in submission.entries.all()],
        batch=submission.batch,
    )
