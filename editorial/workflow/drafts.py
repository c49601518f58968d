"""Drafts: unpublished changes to public entries. Discarding one restores the entry as it was published.

An entry that never was public is deleted like any row. One that was stays at the desk: the trigger `published_stays` of
`conflict/models/triggers.py` refuses to delete it.
"""

from datetime import datetime
from typing import Any

import pghistory
from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from conflict.models import ENTRIES
from conflict.record.models import PUBLISHED, Action, Publication
from conflict.vocabulary import ChangeKind, EntryKind, kind_label
from editorial.models import AuditEntry, HistoryCheckpoint, SubmittedEntry, User
from editorial.workflow import edit_history, permissions
from editorial.workflow.authorship import History, LastRows, Row
from editorial.workflow.exceptions import WorkflowRefused


@transaction.atomic
def discard_draft(*, kind: str, key: str, by: User, at: datetime) -> None:
    """Restore the entry and its parts to their last published state, row by row, from the history."""
    permissions.require(
        permissions.may_discard_drafts(by, kind),
        by,
        _("discard drafts of a %(kind)s") % {"kind": kind_label(kind)},
    )
    entry = ENTRIES[EntryKind(kind)].objects.select_for_update(of=("self",)).get(key=key)
    if live := SubmittedEntry.objects.filter(is_live=True, entry_kind=kind, key=key).first():
        raise WorkflowRefused(
            _("The draft is proposed in submission %(submission_id)s: take that back first.")
            % {"submission_id": live.submission_id}
        )
    last_rows = _published(kind, key)
    own: Row = (edit_history.label(type(entry)), entry.pk)
    history = History(edit_history.edits_of(kind, [entry.pk]), edit_history.PARENTS)
    rows = [own, *history.ever_below(own)]
    before = {row for row in rows if history.belongs(row, own, last_rows)}
    now = {row for row in rows if history.belongs(row, own, None)}
    elsewhere = _lent(kind, entry.pk, [row for row in before - now if history.stood(row, None) is not None], history)
    with pghistory.context(user=by.pk):
        for row in reversed([row for row in rows if row in now - before]):  # children before parents
            _model(row).objects.filter(pk=row[1]).delete()
        for row in rows:
            if row in before:
                _put_back(row, history, last_rows)
    AuditEntry.objects.create(
        verb="discard_draft", by=by, at=at, entries=[f"{kind} {one}" for one in (key, *sorted(elsewhere))]
    )


def _lent(kind: str, own: int, moved: list[Row], history: History) -> set[str]:
    """Keys of the entries at which parts of this one stand by now; they are fetched back from there.

    Raises WorkflowRefused if such an entry is proposed with them, or is public with them.
    """
    model, column = ENTRIES[EntryKind(kind)], f"{kind}_id"
    holders: dict[int, list[Row]] = {}
    for row in moved:
        edit = history.stood(row, None)
        holder = edit.values.get(column) if edit is not None else None
        if holder is not None and holder != own:
            holders.setdefault(holder, []).append(row)
    found = {}
    for entry in model.objects.filter(pk__in=holders).order_by("pk").select_for_update(of=("self",)):
        found[entry.key] = holders[entry.pk]
        last_rows = (
            _published(kind, entry.key) if PUBLISHED[kind]._default_manager.filter(key=entry.key).exists() else {}
        )
        there: Row = (edit_history.label(model), entry.pk)
        is_public = any(history.belongs(row, there, last_rows) for row in holders[entry.pk])
        if is_public or SubmittedEntry.objects.filter(is_live=True, entry_kind=kind, key=entry.key).exists():
            raise WorkflowRefused(
                _(
                    "%(holders)s parts of it were moved to the %(kind)s %(key)s, which is %(state)s with them: take that back first, or propose both."
                )
                % {
                    "holders": len(holders[entry.pk]),
                    "kind": kind_label(kind),
                    "key": entry.key,
                    "state": _("public") if is_public else _("proposed"),
                }
            )
    return set(found)


def _published(kind: str, key: str) -> LastRows:
    """Last history rows of the entry's current publication. Raises WorkflowRefused if it is not public or has none."""
    steps = Publication.objects.of(kind, key).exclude(change_kind=ChangeKind.REVIEWED).newest_first()
    last = steps.first()
    if last is None or last.action != Action.PUBLISH:
        raise WorkflowRefused(
            _("The %(kind)s %(key)s is not public: there is nothing to go back to.")
            % {"kind": kind_label(kind), "key": key}
        )
    checkpoint = HistoryCheckpoint.objects.filter(batch=last.batch).first()
    if checkpoint is None:
        raise WorkflowRefused(
            _("How the %(kind)s %(key)s stood at the desk when it was published was not kept: correct it by hand.")
            % {"kind": kind_label(kind), "key": key}
        )
    found: dict[str, int] = checkpoint.last_rows
    return found


def _put_back(row: Row, history: History, last_rows: LastRows) -> None:
    then, now = history.stood(row, last_rows), history.stood(row, None)
    if then is None or (now is not None and now.values == then.values):
        return
    rows = _model(row).objects.filter(pk=row[1])
    if now is None:
        _model(row)(pk=row[1], **then.values).save(force_insert=True)
    else:
        rows.update(**{column: value for column, value in then.values.items() if now.values[column] != value})


def _model(row: Row) -> Any:
    return apps.get_model(row[0])
