"""Submissions: the verbs that propose entries for review, and code shared by all verbs of a submission."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from conflict.documents.schema_upgrades import same
from conflict.message import Message, joined
from conflict.message import gettext as _
from conflict.models import ENTRIES
from conflict.record import bulk_copy, closure
from conflict.record import publisher as record
from conflict.record.log import Step
from conflict.record.models import Action, PublishedNotice, PublishedReference
from conflict.text import line, prose
from conflict.vocabulary import ChangeKind, EntryKind
from editorial.models import AuditEntry, Consent, Submission, SubmittedEntry, SupersededEntry, User
from editorial.models.stages import TRANSITIONS, Stage
from editorial.workflow import merges, permissions, publisher
from editorial.workflow.exceptions import NotPermitted, TransitionRefused, WorkflowRefused, refuse_empty
from editorial.workflow.proposed_changes import EntryChange as EntryChange
from editorial.workflow.proposed_changes import already_submitted, refuse_what_cannot_be_proposed, refuse_withdrawn

LONGEST_TITLE = 200
MOST_AT_ONCE = 300  # entries of one request: a person has to read them


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
    bring_back: bool = False,
    documents: Mapping[tuple[str, str], dict[str, Any]] | None = None,
) -> Submission:
    """Propose these entries together, in their current state.

    `documents` has those that the caller has just made, in this transaction.

    Raises NotPermitted; WorkflowRefused if an entry is not ready, is unchanged from what is public,
    is in another unsettled submission, or was withdrawn and is not to be brought back.
    """
    permissions.require(permissions.may_submit(by), by, _("submit entries for review"))
    refuse_without_reason(reason)
    if not bring_back:
        refuse_withdrawn(entries)
    submission = Submission.objects.create(
        title=title
        if isinstance(title, Message)
        else line(title) or ", ".join(entry.key for entry in entries)[:LONGEST_TITLE],
        reason=prose(reason),
        change_kind=change_kind,
        submitted_by=by,
        submitted_at=at,
        is_emergency=is_emergency,
    )
    _propose(submission, entries, documents or {})
    record_audit("submit", by, at, reason, submission)
    return submission


@transaction.atomic
def resubmit(*, submission: Submission, by: User, at: datetime, note: str = "") -> Submission:
    """Propose the same entries again, in their current state; any approval is void.

    The earlier texts are kept: reviews refer to them, and a reviewer can see the changes since.
    """
    submission = locked(submission)
    permissions.require(permissions.may_submit(by), by, _("submit entries for review"))
    if not permissions.may_resubmit(by, submission):
        raise NotPermitted(
            _(
                "Submission %(submission)s is %(submitted_by)s's: ask them to submit it again or to let you, or have it taken back and propose it yourself."
            )
            % {"submission": submission.pk, "submitted_by": submission.submitted_by.get_username()}
        )
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
def consent(*, submission: Submission, by: User, at: datetime, to: User | None = None) -> Consent:
    """Let a colleague, or with None anybody who may submit, submit it again as the desk stands then; it holds for one time.

    Whoever does so becomes an author of it.
    """
    submission = locked(submission)
    if not permissions.may_consent(by, submission):
        raise NotPermitted(
            _("You did not propose submission %(submission)s: only who did can let others submit it again.")
            % {"submission": submission.pk}
        )
    refuse_settled(submission)
    if to is not None and (to == by or not permissions.may_submit(to)):
        raise WorkflowRefused(
            _("The account %(to)s may not submit entries, or is yours: choose a colleague.") % {"to": to.get_username()}
        )
    given = Consent.objects.create(submission=submission, by=by, to=to, at=at)
    who = to.get_username() if to else _("any colleague")
    record_audit("consent", by, at, _("%(who)s may submit it again") % {"who": who}, submission)
    return given


@transaction.atomic
def retract(
    *,
    kind: str,
    key: str,
    by: User,
    at: datetime,
    reason: str,
    successor: str = "",
    carried: Collection[str] | None = None,
) -> Submission:
    """Propose to withdraw a public entry; with `successor`, to merge it into that public one.

    The successor takes over the parts of it that `carried` names, and whatever names the entry names the successor; all
    that readers will see changed by it is proposed with it (`merges`).

    Settled notices about nothing else go with it: the record keeps no references to withdrawn entries.
    """
    permissions.require(permissions.may_retract(by), by, _("propose the withdrawal of an entry"))
    changed: set[tuple[str, str]] = set()
    settled = list(settled_about(kind, key))
    if successor:
        merges.refuse_successor(kind, key, successor)
        changed = merges.carry_over(kind=kind, key=key, successor=successor, chosen=carried, by=by, leave_out=settled)
    merge, withdrawal = _("Merge %(key)s into %(successor)s"), _("Withdraw %(key)s")
    return submit(
        entries=[
            EntryChange(kind, key, Action.WITHDRAW, successor),
            *(EntryChange(*entry) for entry in sorted(changed)),
            *(EntryChange(EntryKind.NOTICE, notice, Action.WITHDRAW) for notice in settled),
        ],
        by=by,
        at=at,
        title=(merge if successor else withdrawal) % {"key": key, "successor": successor},
        reason=reason,
        change_kind=ChangeKind.MERGE if successor else ChangeKind.WITHDRAWAL,
    )


def settled_about(kind: str, key: str) -> Iterable[str]:
    """Keys of settled public notices that concern only this entry or its claims."""
    if kind == EntryKind.NOTICE:
        return []
    about_it = Q(event=key) | Q(claim__event=key) if kind == EntryKind.EVENT else Q(**{kind: key})
    named = PublishedReference.objects.filter(from_kind=EntryKind.NOTICE)
    settled = PublishedNotice.objects.filter(
        resolved_on__isnull=False, key__in=named.filter(about_it).values("from_key")
    )
    alone = settled.exclude(key__in=named.exclude(about_it).values("from_key"))
    return alone.order_by("key").values_list("key", flat=True)


def changed_since_submitted(submission: Submission, now: Iterable[Step]) -> list[str]:
    """Keys of entries that have changed since they were submitted; a save without changes does not count.

    `now` has the steps that publishing it would take.
    """
    texts = {(step.kind, step.key): step.text for step in now}
    submitted = submission.entries.filter(action=Action.PUBLISH).values_list("entry_kind", "key", "text")
    return sorted(key for kind, key, text in submitted if not same(kind, text, texts.get((kind, key), "")))


# What the verbs share


def entry_changes(submission: Submission) -> list[EntryChange]:
    rows = submission.entries.order_by("pk").values_list("entry_kind", "key", "action", "successor")
    return [EntryChange(kind, key, Action(action), successor) for kind, key, action, successor in rows]


def steps(
    entries: Sequence[EntryChange],
    submission: Submission,
    documents: Mapping[tuple[str, str], dict[str, Any]] = MappingProxyType({}),
) -> list[Step]:
    """Log steps that publishing these entries now would append. Locks the entries until the transaction ends.

    `documents` has those that were made in this transaction already, and that are locked since.
    """
    change_kind, reason = ChangeKind(submission.change_kind), submission.reason
    found = []
    for kind, model in ENTRIES.items():
        keys = [entry.key for entry in entries if entry.kind == kind and entry.action == Action.PUBLISH]
        made = {key: document for key in keys if (document := documents.get((kind, key))) is not None}
        if made:
            found += publisher.steps_of(kind, made, change_kind, reason)
        if left := [key for key in keys if key not in made]:
            found += publisher.steps_for(model.objects.filter(key__in=left), change_kind, reason)
    return found + [
        Step(EntryKind(entry.kind), entry.key, change_kind, reason, action=Action.WITHDRAW, successor=entry.successor)
        for entry in entries
        if entry.action == Action.WITHDRAW
    ]


def locked(submission: Submission) -> Submission:
    return Submission.objects.select_for_update().get(pk=submission.pk)


def require_stage(submission: Submission, stage: Stage, done: str) -> None:
    """Raise TransitionRefused at any other stage than this; `done` is what only one at this stage can be."""
    if submission.stage != stage:
        only = (
            _("Submission %(submission)s is %(stage)s; only one open for review can be %(done)s.")
            if stage == Stage.OPEN
            else _("Submission %(submission)s is %(stage)s; only an approved submission can be %(done)s.")
        )
        at = submission.get_stage_display()
        raise TransitionRefused(only % {"submission": submission.pk, "stage": at, "done": done})


def refuse_settled(submission: Submission) -> None:
    if not submission.is_live():
        raise TransitionRefused(
            _("Submission %(submission)s is %(stage)s: it is settled.")
            % {"submission": submission.pk, "stage": submission.get_stage_display()}
        )


def entry_of(submission: Submission, kind: str, key: str) -> SubmittedEntry:
    """The entry as proposed in the submission. Raises WorkflowRefused."""
    found = submission.entries.filter(entry_kind=kind, key=key).first()
    if found is None:
        raise WorkflowRefused(
            _("%(key)s is not part of submission %(number)d.") % {"key": key, "number": submission.pk}
        )
    return found


def refuse_without_reason(reason: str) -> None:
    refuse_empty(reason, _("Say why: the reason is published with the change."))


def move(submission: Submission, to: Stage, table: dict[Stage, frozenset[Stage]] = TRANSITIONS) -> None:
    if to not in table.get(Stage(submission.stage), frozenset()):
        raise TransitionRefused(
            _("Submission %(submission)s is %(stage)s; from there it cannot become %(to)s.")
            % {"submission": submission.pk, "stage": submission.get_stage_display(), "to": to.label}
        )
    submission.stage = to


def record_audit(verb: str, by: User | None, at: datetime, why: str, submission: Submission) -> None:
    AuditEntry.objects.create(
        verb=verb,
        by=by,
        at=at,
        why=why,
        submission=submission,
        entries=[f"{entry.kind} {entry.key}" for entry in entry_changes(submission)],
        batch=submission.batch,
    )


def split_off(entry: SubmittedEntry) -> Submission:
    """Move one entry to a submission of its own, by the same people and for the same reason."""
    submission = entry.submission
    _keep_what_was_proposed(submission)
    own: Submission = Submission.objects.create(
        title=joined([submission.title, entry.key], ": "),
        reason=submission.reason,
        change_kind=submission.change_kind,
        submitted_by=submission.submitted_by,
        submitted_at=submission.submitted_at,
        split_from=submission,
    )
    entry.submission = own
    entry.save(update_fields=["submission"])
    return own


def _propose(
    submission: Submission,
    entries: Sequence[EntryChange],
    documents: Mapping[tuple[str, str], dict[str, Any]] = MappingProxyType({}),
) -> None:
    if not entries:
        raise WorkflowRefused(_("Choose at least one entry to submit."))
    found = {(step.kind, step.key): step for step in steps(entries, submission, documents)}
    refuse_what_cannot_be_proposed(entries, found.keys())
    publisher.refuse_unchanged([step for step in found.values() if step.action == Action.PUBLISH])
    built = list(found.values())
    closure.refuse_claims_of_others(built, record.document_indexes(built))
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
            bulk_copy.copy(bulk_copy.as_rows(rows))
    except IntegrityError as error:
        raise WorkflowRefused(already_submitted(entries)) from error


def _keep_what_was_proposed(submission: Submission) -> None:
    digest = submission.digest
    kept = SupersededEntry.objects.filter(submission=submission, digest=digest).exists()
    if not kept:
        SupersededEntry.objects.bulk_create(
            (SupersededEntry.of(entry, digest) for entry in submission.entries.order_by("pk")), batch_size=1000
        )
