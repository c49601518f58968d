"""Quotations of an erased text: where else the desk, the log and what is public repeat certain words.

The words are named by the person who asks for an erasure, since nobody else can know which of them give it away. The desk's
own talk about entries (`ERASED`) goes with the text; what is public or belongs to another entry is only named, so that
people can correct or erase that in its own right.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from conflict.models import ENTRIES
from conflict.record.models import Publication
from conflict.vocabulary import EntryKind
from editorial.models import (
    AuditEntry,
    Comment,
    Delivery,
    Dispute,
    Erasure,
    ExternalId,
    ImportChoice,
    ImportLine,
    ImportMention,
    ImportRun,
    JournalNote,
    Proposal,
    Report,
    Review,
    SavedFilter,
    Submission,
    SubmittedEntry,
    SupersededEntry,
    User,
)
from editorial.workflow import edit_history
from editorial.workflow.authorship import SOURCE
from editorial.workflow.restricted_sources import visible

MOST = 50  # places named of one table
GONE = "'[erased by law]'"
# By table: the columns whose whole text goes where it has one of the words, and what takes its place; None for the row.
ERASED: dict[type[Model], dict[str, str] | None] = {
    Comment: {"text": GONE, "suggestion": GONE},
    Review: {"note": GONE},
    AuditEntry: {"why": GONE},
    JournalNote: {"text": GONE},
    Dispute: {"statement": GONE, "public_reason": GONE},
    Report: {"text": GONE, "source": GONE, "contact": "''", "answer": GONE},
    Proposal: {"payload": "'{}'", "decline_reason": GONE},
    Submission: {"title": GONE, "failure": GONE},
    ImportLine: {"title": GONE, "column": "''", "reason": GONE, "changes": "'[]'", "cells": "'[]'"},
    ExternalId: {"row": "'{}'"},
    ImportRun: {"file_name": GONE, "failure": GONE, "questions": "'{}'"},
    ImportMention: None,
    ImportChoice: None,
    SavedFilter: None,
    Delivery: {"body": "'{}'", "trouble": GONE, "answer": GONE},
    LogEntry: {"object_repr": GONE, "change_message": "''"},
}


class Quotation(NamedTuple):
    """A row that repeats one of the words, outside the entry itself."""

    where: str
    row: str
    goes: bool  # with the erasure


def found(kind: str, key: str, words: Sequence[str], by: User) -> list[Quotation]:
    """Rows that repeat one of the words: first what goes with the erasure, then what people have to see to.

    Of restricted sources, those who may not see them learn the numbers of the rows and no more.
    """
    if not words:
        return []
    return [*_at_the_desk(words), *_in_public(kind, key, words), *_in_other_entries(kind, key, words, by)]


def _at_the_desk(words: Sequence[str]) -> Iterator[Quotation]:
    for model, columns in ERASED.items():
        wanted = list(columns) if columns else _texts(model)
        for number in _rows(model, wanted, words):
            yield Quotation(str(model._meta.verbose_name), str(number), goes=True)


def _in_public(kind: str, key: str, words: Sequence[str]) -> Iterator[Quotation]:
    own = set(Publication.objects.of(kind, key).values_list("number", flat=True))
    for number in _rows(Publication, ["reason"], words):
        yield Quotation(_("reason in the log, which stays"), f"no. {number}", goes=False)
    for number in _rows(Publication, ["document"], words):
        if number not in own:
            yield Quotation(_("public text of another entry"), f"no. {number}", goes=False)
    for proposed in (SubmittedEntry, SupersededEntry):
        for row in proposed._default_manager.filter(pk__in=_rows(proposed, ["text"], words)).order_by("pk"):
            if (row.entry_kind, row.key) != (kind, key):
                yield Quotation(_("proposed text of another entry"), f"{row.entry_kind} {row.key}", goes=False)
    for model in (Submission, Erasure):
        for number in _rows(model, ["reason"], words):
            yield Quotation(
                _("published reason of a %(row)s") % {"row": model._meta.verbose_name}, str(number), goes=False
            )


def _in_other_entries(kind: str, key: str, words: Sequence[str], by: User) -> Iterator[Quotation]:
    pk = ENTRIES[kind].objects.filter(key=key).values_list("pk", flat=True).first()
    edits = edit_history.edits_of(kind, [pk]) if pk is not None else []
    own = {edit[:2] for edit in edits if edit.table != SOURCE or kind == EntryKind.SOURCE}  # not those that it cites
    for model in edit_history.TRACKED:
        mine = [number for table, number in own if table == edit_history.label(model)]
        named = {"row": model._meta.verbose_name}
        numbers = _rows(model, _texts(model), words, without=mine)
        shown = visible(model._default_manager.filter(pk__in=numbers), by).in_bulk()
        for number in numbers:
            yield Quotation(_("draft: %(row)s") % named, str(shown.get(number, number))[:80], goes=False)
        history: Any = edit_history.history_of(model).model
        for number in dict.fromkeys(_rows(history, _texts(model), words, of="pgh_obj_id", without=mine)):
            yield Quotation(_("history: %(row)s") % named, str(number), goes=False)


def _texts(model: type[Model]) -> list[str]:
    """Columns of text, alone or in JSON."""
    kinds = ("CharField", "TextField", "JSONField")
    return [str(field.column) for field in model._meta.concrete_fields if field.get_internal_type() in kinds]


def _rows(
    model: type[Model], columns: Sequence[str], words: Sequence[str], of: str = "", without: Sequence[int] = ()
) -> list[Any]:
    """Numbers of the rows that have one of the words in one of these columns, in any case of letters."""
    if not columns:
        return []
    table, number = model._meta.db_table, of or str(model._meta.pk.column)
    has = " OR ".join(condition(column, "word") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{number}" FROM "{table}" WHERE EXISTS (SELECT FROM unnest(%s::text[]) word WHERE {has})'
            f' AND "{number}"::text <> ALL (%s) ORDER BY "{number}" LIMIT {MOST}',
            [list(words), [str(one) for one in without]],
        )
        return [row[0] for row in cursor.fetchall()]


def condition(column: str, word: str) -> str:
    return f'strpos(lower("{column}"::text), lower({word})) > 0'


def erasing(words: str) -> str:
    """Statements that erase what quotes one of the words, an array in SQL; for the function of the database."""
    statements = []
    for model, columns in ERASED.items():
        table = model._meta.db_table
        if columns is None:
            has = " OR ".join(condition(column, "word") for column in _texts(model))
            statements.append(f'DELETE FROM "{table}" WHERE EXISTS (SELECT FROM unnest({words}) word WHERE {has});')
            continue
        statements += [
            f'UPDATE "{table}" SET "{column}" = {instead} WHERE EXISTS'
            f" (SELECT FROM unnest({words}) word WHERE {condition(column, 'word')});"
            for column, instead in columns.items()
        ]
    return "\n    ".join(statements)
