"""Verbs of erasure by law: one person asks, another confirms, and every text of the entry is gone but for backups."""

from collections.abc import Sequence
from datetime import datetime

import pghistory
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from conflict.models import ENTRIES
from conflict.record import log, release_files
from conflict.record.log import People, Step
from conflict.record.models import Action, Publication
from conflict.text import line, prose
from conflict.vocabulary import ChangeKind, EntryKind, kind_label
from editorial.accounts.four_eyes import is_second
from editorial.erasure_function import NAME
from editorial.models import AuditEntry, Erasure, ExternalId, ImportLine, SubmittedEntry, User
from editorial.models.erasure import FEWEST_LETTERS, MOST_LETTERS, MOST_WORDS
from editorial.workflow import edit_history, permissions, publisher
from editorial.workflow.authorship import History, Row
from editorial.workflow.exceptions import FourEyes, WorkflowRefused, refuse_empty


@transaction.atomic
def ask(*, kind: str, key: str, by: User, at: datetime, reason: str, words: Sequence[str] = ()) -> Erasure:
    """Ask for the erasure of an entry that was ever public. Nothing changes until somebody else has confirmed it.

    Whatever the desk says elsewhere with one of the `words` goes with it (`quotations`).
    """
    permissions.require(permissions.may_erase(by), by, _("ask for an erasure"))
    refuse_empty(reason, _("Say why: the reason is published, and must not repeat what is to be removed."))
    if Erasure.objects.of(kind, key).waiting(at).exists():
        raise WorkflowRefused(
            _("The erasure of the %(kind)s %(key)s has been asked for already: somebody else has to confirm it.")
            % {"kind": kind_label(kind), "key": key}
        )
    _refuse_impossible(kind, key)
    words = list(dict.fromkeys(line(word) for word in words if line(word)))
    refuse_words(words, reason)
    erasure = Erasure.objects.create(
        entry_kind=kind, key=key, reason=prose(reason), words=words, asked_by=by, asked_at=at
    )
    _record_audit("ask_erasure", erasure, by, at)
    return erasure


def refuse_words(words: Sequence[str], reason: str) -> None:
    """Raise WorkflowRefused for words that would find too much, or that the published reason repeats."""
    if len(words) > MOST_WORDS or any(not FEWEST_LETTERS <= len(word) <= MOST_LETTERS for word in words):
        raise WorkflowRefused(
            _("Name up to %(most)s words or names to look for, one a line, each of %(fewest)s to %(letters)s letters.")
            % {"most": MOST_WORDS, "fewest": FEWEST_LETTERS, "letters": MOST_LETTERS}
        )
    if repeated := [word for word in words if word.lower() in reason.lower()]:
        raise WorkflowRefused(
            _("The reason is published and repeats what is to be removed: %(words)s.") % {"words": ", ".join(repeated)}
        )


@transaction.atomic
def confirm(*, erasure: Erasure, by: User, at: datetime) -> Publication:
    """Erase: the log says so in public, and the texts go from the log, the record, the desk and its history.

    Raises FourEyes for the person who asked; ClosureRefused while other public entries name this one.
    """
    permissions.require(permissions.may_erase(by), by, _("confirm an erasure"))
    if not is_second(by, {erasure.asked_by_id}):
        raise FourEyes(_("You asked for this erasure: somebody else has to confirm it."))
    if not permissions.may_erase(erasure.asked_by):
        raise WorkflowRefused(
            _("The account %(asked_by)s may no longer ask for an erasure: ask for it yourself.")
            % {"asked_by": erasure.asked_by}
        )
    at += log.lock()
    kind, key = EntryKind(erasure.entry_kind), erasure.key
    _refuse_impossible(kind, key)
    _refuse_unread_moves(kind, key)
    step = Step(
        kind,
        key,
        ChangeKind.REDACTION,
        erasure.reason,
        action=Action.REDACT,
        people=People(writers=1, readers=1, publishers=1),
    )
    (publication,) = publisher.publish_steps([step], at)
    with pghistory.context(user=by.pk):
        _delete_from_the_desk(kind, key)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NAME}(%s, %s)", [erasure.pk, by.pk])
    _record_audit("erase", erasure, by, at, publication.batch)
    transaction.on_commit(
        lambda: release_files.withdraw(settings.RELEASES_DIR, number=publication.number, reason=erasure.reason)
    )
    return publication


def _refuse_impossible(kind: str, key: str) -> None:
    if not Publication.objects.of(kind, key).filter(document__isnull=False).exists():
        raise WorkflowRefused(
            _("The log has no text of the %(kind)s %(key)s: a draft is deleted at the desk.")
            % {"kind": kind_label(kind), "key": key}
        )
    if live := SubmittedEntry.objects.filter(is_live=True, entry_kind=kind, key=key).first():
        raise WorkflowRefused(
            _("The %(kind)s %(key)s is proposed in submission %(submission_id)s: take that back first.")
            % {"kind": kind_label(kind), "key": key, "submission_id": live.submission_id}
        )


def _refuse_unread_moves(kind: EntryKind, key: str) -> None:
    """Raise WorkflowRefused while the history of this entry tells who moved what into or out of another's unread text."""
    model = ENTRIES[kind]
    own = model.objects.filter(key=key).values_list("pk", flat=True).first()
    if own is None:
        return
    table, held = edit_history.label(model), f"{kind}_id"
    edits = edit_history.edits_of(kind, [own])
    holders = {edit.values.get(held) for edit in edits if edit.table != table} - {own, None}
    others = dict(model.objects.filter(pk__in=holders).values_list("key", "pk"))
    if not others:
        return
    history = History(edit_history.edits_of(kind, [own, *others.values()]), edit_history.PARENTS)
    rows = list(history.ever_below((table, own)))
    for other, bases in sorted(edit_history.bases_of(kind, others).items()):
        there: Row = (table, others[other])
        if any(history.shown(row, there, base) != history.shown(row, there, None) for row in rows for base in bases):
            raise WorkflowRefused(
                _(
                    "Parts were moved between it and the %(kind)s %(other)s, where no second person has read that yet: "
                    "publish or discard the draft of %(other)s first, or nobody could tell any more who wrote it."
                )
                % {"kind": kind_label(kind), "other": other}
            )


def _delete_from_the_desk(kind: EntryKind, key: str) -> None:
    """Delete the entry with its parts, and what an import keeps of it."""
    model = ENTRIES[kind]
    entry = model.objects.filter(key=key).first()
    if entry is None:
        return
    if kind == EntryKind.EVENT:
        kept = ExternalId.objects.filter(event=entry)
        for dataset, external_id in kept.values_list("dataset", "external_id"):
            lines = ImportLine.objects.filter(external_id=external_id, run__dataset=dataset)
            lines.update(title="", column="", reason="", changes=[], cells=[])
        kept.update(row={})
        entry.findings.all().delete()
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id=str(entry.pk)).delete()
    try:
        entry.delete()
    except (ProtectedError, RestrictedError) as used:
        found = sorted(
            {str(row) for row in [*getattr(used, "protected_objects", ()), *getattr(used, "restricted_objects", ())]}
        )
        raise WorkflowRefused(
            _("Others on the desk still name the %(kind)s %(key)s: %(found)s. Change or delete them first.")
            % {"kind": kind_label(kind), "key": key, "found": ", ".join(found[:20])}
        ) from used


def _record_audit(verb: str, erasure: Erasure, by: User, at: datetime, batch: int | None = None) -> None:
    AuditEntry.objects.create(
        verb=verb, by=by, at=at, why=erasure.reason, entries=[f"{erasure.entry_kind} {erasure.key}"], batch=batch
    )
