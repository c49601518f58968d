"""Verbs of review and publication: the only ways to change a submission or make anything public.

Each verb is keyword-only and atomic, checks who may, does one thing, and records who, when
and why. `at` is the moment it counts as done; the caller reads the clock.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from conflict.message import gettext as _
from conflict.message import pgettext
from conflict.record import log
from conflict.record.log import People, Step
from conflict.record.models import Publication
from conflict.record.review_state import marked_emergency
from editorial.accounts.four_eyes import is_second
from editorial.models import Review, Submission, User
from editorial.models.stages import EMERGENCY_TRANSITIONS, Stage
from editorial.workflow import disputes, emergencies, permissions, publisher
from editorial.workflow.exceptions import ApprovalVoid, FourEyes, NotDue, ReadOtherTexts, refuse_empty
from editorial.workflow.submissions import (
    changed_since_submitted,
    entry_changes,
    entry_of,
    locked,
    move,
    record_audit,
    require_stage,
    split_off,
    steps,
)


@transaction.atomic
def claim_review(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Claim the review, so that two people do not read the same submission at once."""
    submission = locked(submission)
    permissions.require(permissions.may_review(by), by, _("review submissions"))
    require_stage(submission, Stage.OPEN, pgettext("submission", "taken on"))
    submission.reviewer = by
    submission.save()
    record_audit("claim_review", by, at, "", submission)
    return submission


@transaction.atomic
def return_for_revision(*, submission: Submission, by: User, at: datetime, note: str) -> Review:
    """Return the submission to its author, with the changes required."""
    submission = locked(submission)
    permissions.require(permissions.may_review(by), by, _("review submissions"))
    refuse_empty(note, _("Say what has to change before it can be approved."))
    move(submission, Stage.RETURNED)
    submission.publish_at = None
    submission.save()
    record_audit("return_for_revision", by, at, note, submission)
    return Review.objects.create(
        submission=submission, by=by, at=at, verdict=Review.Verdict.RETURNED, note=note, digest=submission.digest
    )


@transaction.atomic
def return_entry(*, submission: Submission, kind: str, key: str, by: User, at: datetime, note: str) -> Review:
    """Return one entry to its author, in a submission of its own; the rest goes on as it was proposed."""
    submission = locked(submission)
    permissions.require(permissions.may_review(by), by, _("review submissions"))
    require_stage(submission, Stage.OPEN, pgettext("submission", "split"))
    entry = entry_of(submission, kind, key)
    if submission.entries.count() > 1:
        submission = split_off(entry)
    return return_for_revision(submission=submission, by=by, at=at, note=note)


@transaction.atomic
def approve(*, submission: Submission, by: User, at: datetime, note: str = "", digest: str | None = None) -> Review:
    """Record that `by` has read the submitted documents and stands by them.

    `digest` is that of the texts shown to `by`. Without it, the current texts count as read: for a
    caller that has held the submission since it was read. Raises ReadOtherTexts if it differs;
    FourEyes for a reviewer who wrote any part of it, superusers included; TransitionRefused
    unless it is open for review; ApprovalVoid if the desk has changed since the submission.
    """
    submission = locked(submission)
    permissions.require(permissions.may_review(by), by, _("review submissions"))
    _refuse_other_texts(submission, digest)
    changed = changed_since_submitted(submission, steps(entry_changes(submission), submission))
    if not permissions.may_approve(by, submission):
        raise FourEyes(
            _("You wrote part of submission %(submission)s, or proposed it: somebody else has to approve it.")
            % {"submission": submission.pk}
        )
    if changed:
        raise ApprovalVoid(
            _(
                "Edited since it was submitted: %(changed)s. Ask for it to be submitted again, so that you approve what will be published."
            )
            % {"changed": ", ".join(changed)}
        )
    move(submission, Stage.APPROVED)
    submission.reviewer = by
    submission.save()
    record_audit("approve", by, at, note, submission)
    return Review.objects.create(
        submission=submission, by=by, at=at, verdict=Review.Verdict.APPROVED, note=note, digest=submission.digest
    )


def publish(*, submission: Submission, by: User, at: datetime) -> list[Publication]:
    """Publish all entries of an approved submission, or none.

    Raises ApprovalVoid, and opens the submission for review again, where an edit of substance
    came after the approval; PublishingRefused or ClosureRefused where the record does not allow it.
    """
    permissions.require(permissions.may_publish(by), by, _("publish"))
    try:
        return publish_approved(submission, by, at)
    except ApprovalVoid as void:
        open_again(submission, by, at, str(void))
        raise


@transaction.atomic
def publish_in_emergency(
    *, submission: Submission, by: User, at: datetime, why: str, digest: str | None = None
) -> list[Publication]:
    """Publish an open submission that nobody else has read. The log's reason and the audit log both say so.

    `digest` as in `approve`.
    """
    at += log.lock()
    submission = locked(submission)
    permissions.require(permissions.may_publish_in_emergency(by), by, _("publish without review"))
    emergencies.refuse_another(by, at)
    _refuse_other_texts(submission, digest)
    require_stage(submission, Stage.OPEN, pgettext("submission", "published without review"))
    refuse_empty(why, _("Say why this cannot wait for a second person."))
    submission.is_emergency = True
    built = steps(entry_changes(submission), submission)
    if changed := changed_since_submitted(submission, built):
        raise ApprovalVoid(
            _("Edited since it was submitted: %(changed)s. Submit it again first.") % {"changed": ", ".join(changed)}
        )
    people = People(writers=len(permissions.authors(submission)), readers=0, publishers=1)
    publications = _append(
        submission,
        [replace(step, reason=marked_emergency(submission.reason), people=people) for step in built],
        at,
    )
    record_audit("publish_in_emergency", by, at, why, submission)
    return publications


@transaction.atomic
def withdraw_submission(*, submission: Submission, by: User, at: datetime, note: str = "") -> Submission:
    """Withdraw the submission. The drafts on the desk are unaffected."""
    submission = locked(submission)
    permissions.require(permissions.may_withdraw(by, submission), by, _("withdraw somebody else's submission"))
    move(submission, Stage.WITHDRAWN)
    submission.publish_at = None
    submission.save()
    submission.entries.update(is_live=False)
    record_audit("withdraw_submission", by, at, note, submission)
    return submission


def _refuse_other_texts(submission: Submission, read: str | None) -> None:
    """Raise ReadOtherTexts unless the texts that were read are the ones proposed now. None skips the check."""
    if read is None or read == submission.digest:
        return
    changed = submission.changed_since(read)
    if changed is None:
        raise ReadOtherTexts(
            _("What you read was never proposed in submission %(submission)s: open its page again.")
            % {"submission": submission.pk},
            read="",
        )
    raise ReadOtherTexts(
        _(
            "Submission %(submission)s was submitted again after you opened its page, with other texts: %(changed)s. Read the difference; nothing was done."
        )
        % {"submission": submission.pk, "changed": ", ".join(changed[:20])},
        read=read,
    )


@transaction.atomic
def publish_approved(submission: Submission, by: User | None, at: datetime) -> list[Publication]:
    at += log.lock()
    submission = locked(submission)
    require_stage(submission, Stage.APPROVED, pgettext("submission", "published"))
    if by is None and (submission.publish_at is None or submission.publish_at > at):
        raise NotDue(
            _("Submission %(submission)s was put off while others were published.") % {"submission": submission.pk}
        )
    for person in [by] if by else _schedulers(submission):
        permissions.require(
            permissions.may_publish(person), person, _("publish any more: somebody else has to schedule it")
        )
        emergencies.refuse_held(person, at)
    built = steps(entry_changes(submission), submission)
    people = _people_behind(submission, changed_since_submitted(submission, built))
    publications = _append(submission, publisher.signed(built, people), at)
    record_audit("publish", by, at, "", submission)
    return publications


def _schedulers(submission: Submission) -> list[User]:
    """The person who scheduled it last."""
    last = (
        submission.audit_entries.filter(verb="schedule", by__isnull=False).select_related("by").order_by("-pk").first()
    )
    return [last.by] if last is not None and last.by is not None else []


def _people_behind(submission: Submission, changed: list[str]) -> People:
    """Numbers of authors and readers. Raises ApprovalVoid unless somebody who may still approve approved these very texts."""
    authors = permissions.authors(submission)
    approvals = submission.reviews.filter(verdict=Review.Verdict.APPROVED).select_related("by").order_by("-pk")
    last = approvals.first()
    if last is None or last.digest != submission.digest or changed:
        raise ApprovalVoid(
            _("Submission %(submission)s was edited after its approval (%(changed)s): it has to be reviewed again.")
            % {"submission": submission.pk, "changed": ", ".join(changed) or _("what was submitted")}
        )
    if not permissions.may_review(last.by):
        raise ApprovalVoid(
            _(
                "Submission %(submission)s was approved by an account that may no longer review: somebody else has to approve it."
            )
            % {"submission": submission.pk}
        )
    if not is_second(last.by, authors):
        raise ApprovalVoid(
            _(
                "Submission %(submission)s was approved by somebody who has since written part of it: somebody else has to approve it."
            )
            % {"submission": submission.pk}
        )
    readers = {approval.by_id for approval in approvals if approval.digest == submission.digest} - authors
    return People(writers=len(authors), readers=len(readers), publishers=1)


def _append(submission: Submission, built: list[Step], at: datetime) -> list[Publication]:
    publications = publisher.publish_steps(built, at)
    if submission.is_emergency and submission.stage == Stage.OPEN:
        move(submission, Stage.PUBLISHED, EMERGENCY_TRANSITIONS)
    else:
        move(submission, Stage.PUBLISHED)
    submission.batch, submission.publish_at, submission.failure = publications[0].number, None, ""
    submission.save()
    submission.entries.update(is_live=False)
    disputes.close_with(submission, publications[0].published_at)
    return publications


@transaction.atomic
def open_again(submission: Submission, by: User | None, at: datetime, why: str) -> None:
    submission = locked(submission)
    if submission.stage != Stage.APPROVED:
        return
    move(submission, Stage.OPEN)
    submission.publish_at, submission.failure = None, why
    submission.save()
    record_audit("approval_void", by, at, why, submission)
