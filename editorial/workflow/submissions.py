"""Submitting: the verbs that propose entries for review, and what every verb of a submission shares."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q

from conflict.documents.schema_upgrades import says
from conflict.models import ENTRIES
from conflict.record.log import Step
from conflict.record.models import PUBLISHED, Action, PublishedNotice, PublishedReference
from conflict.vocabulary import ChangeKind, EntryKind
from editorial.models import Deed, EarlierProposal, Submission, SubmittedEntry, User
from editorial.models.stages import TRANSITIONS, Stage
from editorial.workflow import permissions, publishing
from editorial.workflow.exceptions import NotPermitted, TransitionRefused, WorkflowRefused


class EntryChange(NamedTuple):
    """One entry to propose: its publication as it stands on the desk, or its withdrawal."""

    kind: str
    key: str
    action: Action = Action.PUBLISH
    successor: str = ""


@transaction.atomic
def submit(
    *,
    entries: Sequence[EntryChange],
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
    require(permissions.may_submit(by), by, "submit entries for review")
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
    record_audit("submit", by, at, reason, submission)
    return submission


@transaction.atomic
def resubmit(*, submission: Submission, by: User, at: datetime, note: str = "") -> Submission:
    """Propose the same entries anew, as they stand on the desk now; any approval is void.

    What was proposed before is kept: reviews were of that, and a reviewer can see what changed since.
    """
    submission = locked(submission)
    require(permissions.may_submit(by), by, "submit entries for review")
    if submission.stage != Stage.OPEN:
        move(submission, Stage.OPEN)
    entries = entry_changes(submission)
    _keep_what_was_proposed(submission)
    submission.entries.all().delete()
    submission.publish_at = None
    submission.save()
    _propose(submission, entries)
    record_audit("resubmit", by, at, note, submission)
    return submission


@transaction.atomic
def retract(*, kind: str, key: str, by: User, at: datetime, reason: str, successor: str = "") -> Submission:
    """Propose to withdraw a public entry; with `successor`, to merge it into that one.

    Settled notices that speak of nothing else go with it: the record keeps nothing that names what is gone.
    """
    require(permissions.may_retract(by), by, "propose the withdrawal of an entry")
    change_kind = ChangeKind.MERGE if successor else ChangeKind.WITHDRAWAL
    title = f"Merge {key} into {successor}" if successor else f"Withdraw {key}"
    return submit(
        entries=[
            EntryChange(kind, key, Action.WITHDRAW, successor),
            *(EntryChange(EntryKind.NOTICE, notice, Action.WITHDRAW) for notice in _settled_about(kind, key)),
        ],
        by=by,
        at=at,
        title=title[:200],
        reason=reason,
        change_kind=change_kind,
    )


def _settled_about(kind: str, key: str) -> Iterable[str]:
    """Keys of public notices that are settled and speak of this entry, or of its claims, alone."""
    if kind == EntryKind.NOTICE:
        return []
    about_it = Q(event=key) | Q(claim__event=key) if kind == EntryKind.EVENT else Q(**{kind: key})
    named = PublishedReference.objects.filter(from_kind=EntryKind.NOTICE)
    settled = PublishedNotice.objects.filter(
        resolved_on__isnull=False, key__in=named.filter(about_it).values("from_key")
    )
    alone = settled.exclude(key__in=named.exclude(about_it).values("from_key"))
    return alone.order_by("key").values_list("key", flat=True)


def changed_since_submitted(submission: Submission) -> list[str]:
    """Keys of entries whose document is no longer the one submitted; a save without change is none."""
    submitted = {
        (kind, key): text
        for kind, key, action, text in submission.entries.values_list("entry_kind", "key", "action", "text")
        if action == Action.PUBLISH
    }
    now = {(step.kind, step.key): step.text for step in steps(entry_changes(submission), submission) if step.text}
    return sorted(
        entry[1] for entry, text in submitted.items() if entry not in now or not says(entry[0], text, now[entry])
    )


# What the verbs share


def entry_changes(submission: Submission) -> list[EntryChange]:
    rows = submission.entries.order_by("pk").values_list("entry_kind", "key", "action", "successor")
    return [EntryChange(kind, key, Action(action), successor) for kind, key, action, successor in rows]


def steps(entries: Sequence[EntryChange], submission: Submission, reason: str = "") -> list[Step]:
    """What publishing these entries now would append to the log."""
    change_kind, reason = ChangeKind(submission.change_kind), reason or submission.reason
    found = []
    for kind, model in ENTRIES.items():
        keys = [entry.key for entry in entries if entry.kind == kind and entry.action == Action.PUBLISH]
        if keys:
            found += publishing.steps_for(model.objects.filter(key__in=keys), change_kind, reason)
    return found + [
        Step(EntryKind(entry.kind), entry.key, change_kind, reason, action=Action.WITHDRAW, successor=entry.successor)
        for entry in entries
        if entry.action == Action.WITHDRAW
    ]


def locked(submission: Submission) -> Submission:
    return Submission.objects.select_for_update().get(pk=submission.pk)


def lock_entries(entries: Sequence[EntryChange]) -> None:
    """Keep the desk's entries from changing until the transaction ends; a change of a child waits too."""
    for kind, keys in _keys_by_kind(entries):
        list(ENTRIES[kind].objects.filter(key__in=keys).order_by("pk").select_for_update().values_list("pk"))


def move(submission: Submission, to: Stage, table: dict[Stage, frozenset[Stage]] = TRANSITIONS) -> None:
    if to not in table.get(Stage(submission.stage), frozenset()):
        raise TransitionRefused(
            f"Submission {submission.pk} is {submission.get_stage_display()}; from there it cannot become {to.label}."
        )
    submission.stage = to


def require(permitted: bool, user: User, what: str) -> None:
    if not permitted:
        raise NotPermitted(f"The account {user.get_username()} may not {what}.")


def record_audit(verb: str, by: User | None, at: datetime, why: str, submission: Submission) -> None:
    Deed.objects.create(
        verb=verb,
        by=by,
        at=at,
        why=why,
        submission=submission,
        entries=[f"{entry.kind} {entry.key}" for entry in entry_changes(submission)],
        batch=submission.batch,
    )


def _propose(submission: Submission, entries: Sequence[EntryChange]) -> None:
    if not entries:
        raise WorkflowRefused("Choose at least one entry to submit.")
    lock_entries(entries)
    found = {(step.kind, step.key): step for step in steps(entries, submission)}
    _refuse_what_cannot_be_proposed(entries, found.keys())
    publishing.refuse_unchanged([step for step in found.values() if step.action == Action.PUBLISH])
    rows = [
        SubmittedEntry(
            submission=submission,
            entry_kind=entry.kind,
            key=entry.key,
            action=entry.action,
            successor=entry.successor,
            text=found[entry[:2]].text,
            sha256=found[entry[:2]].text_sha256 if entry.action == Action.PUBLISH else "",
        )
        for entry in entries
    ]
    try:
        with transaction.atomic():
            SubmittedEntry.objects.bulk_create(rows, batch_size=1000)
    except IntegrityError as error:
        raise WorkflowRefused(_already_submitted(entries)) from error


def _refuse_what_cannot_be_proposed(entries: Sequence[EntryChange], found: Iterable[tuple[str, str]]) -> None:
    there = set(found)
    if missing := next((entry for entry in entries if entry[:2] not in there), None):
        raise WorkflowRefused(f"The {missing.kind} {missing.key} is not on the desk, or is kept from the public.")
    for kind, keys in _keys_by_kind([entry for entry in entries if entry.action == Action.WITHDRAW]):
        public = set(PUBLISHED[kind]._default_manager.filter(key__in=keys).values_list("key", flat=True))
        if draft := next((key for key in keys if key not in public), None):
            raise WorkflowRefused(f"The {kind} {draft} is not public: there is nothing to withdraw.")


def _already_submitted(entries: Sequence[EntryChange]) -> str:
    live = SubmittedEntry.objects.filter(is_live=True, key__in=[entry.key for entry in entries])
    asked = {entry[:2] for entry in entries}
    found = [
        f"{kind} {key} in submission {submission}"
        for kind, key, submission in live.order_by("pk").values_list("entry_kind", "key", "submission_id")
        if (kind, key) in asked
    ]
    if not found:
        return "An entry is named twice in this submission."
    return f"Already submitted and not settled: {', '.join(found[:20])}."


def _keep_what_was_proposed(submission: Submission) -> None:
    digest = submission.digest
    kept = EarlierProposal.objects.filter(submission=submission, digest=digest).exists()
    if not kept:
        EarlierProposal.objects.bulk_create(
            (EarlierProposal.of(entry, digest) for entry in submission.entries.order_by("pk")), batch_size=1000
        )


def _keys_by_kind(entries: Sequence[EntryChange]) -> Iterator[tuple[str, list[str]]]:
    for kind in ENTRIES:
        if keys := [entry.key for entry in entries if entry.kind == kind]:
            yield kind, keys


def _title_of(entries: Iterable[EntryChange]) -> str:
    return ", ".join(entry.key for entry in entries)[:200]
