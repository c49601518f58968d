"""Rows of one table of the desk from a file: preview and confirm, by the same rules as for data sets."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pghistory
import tablib
from django.db import DatabaseError, transaction
from import_export.results import RowResult

from conflict import text
from editorial.import_export import bulk_copy, files, import_state
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.import_export.resources import NUMBER, POSITION, RESOURCES, DeskResource
from editorial.models import Dataset, ImportLine, ImportRun, User

Outcome = ImportLine.Outcome
OUTCOMES = {
    RowResult.IMPORT_TYPE_NEW: Outcome.NEW,
    RowResult.IMPORT_TYPE_UPDATE: Outcome.CHANGED,
    RowResult.IMPORT_TYPE_SKIP: Outcome.UNCHANGED,
    RowResult.IMPORT_TYPE_ERROR: Outcome.REFUSED,
    RowResult.IMPORT_TYPE_INVALID: Outcome.REFUSED,
}


TORN = (
    "It reads “{new}”, which looks like “{meant}” opened in the wrong encoding: open the CSV as UTF-8, or use XLSX, and make"
    " the change there."
)


class _Undone(Exception):
    """Rolls back what a preview tried."""


@dataclass(slots=True)
class RowOutcome:
    line: int
    outcome: ImportLine.Outcome
    identity: str
    column: str = ""
    reason: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)


def preview(*, table: str, path: Path, file_name: str, by: User, at: datetime) -> ImportRun:
    """Keep what the file would do, row by row, for somebody to confirm. Raises FileRefused."""
    with transaction.atomic():
        run = begin(table=table, path=path, file_name=file_name, by=by, at=at)
        read(run=run, path=path)
    return run


def begin(*, table: str, path: Path, file_name: str, by: User, at: datetime, stored_as: str = "") -> ImportRun:
    """A run for this file, of which nothing is read yet."""
    return ImportRun.objects.create(
        dataset=Dataset.TABLE,
        table=table,
        file_name=file_name[-200:],
        file_sha256=files.sha256_of(path),
        stored_as=stored_as,
        previewed_by=by,
        previewed_at=at,
    )


@transaction.atomic
def read(*, run: ImportRun, path: Path) -> None:
    """Fill a new run with what its file would do. Raises FileRefused."""
    told: list[RowOutcome] = []
    try:
        with transaction.atomic():
            told = _tried(run.table, path, run.previewed_by)
            raise _Undone
    except _Undone:
        pass
    outcomes = Counter(row.outcome for row in told)
    columns = Counter(change["column"] for row in told if row.outcome == Outcome.CHANGED for change in row.changes)
    bulk_copy.insert(
        ImportLine,
        ("run_id", "line", "outcome", "external_id", "title", "column", "reason", "changes"),
        (
            (
                *(run.pk, row.line, row.outcome.value, row.identity[:300], "", row.column[:200], row.reason),
                json.dumps(row.changes, ensure_ascii=False),
            )
            for row in told
        ),
    )
    counts = {outcome.value: outcomes[outcome] for outcome in Outcome}
    import_state.show(
        run=run,
        counts={**counts, "rows": len(told), "columns_changed": dict(columns), "preview_sha256": _digest(told)},
    )


def confirm(*, run: ImportRun, path: Path, by: User, at: datetime) -> None:
    """Do what was previewed, all or nothing. Raises ImportRefused where it would be anything else."""
    import_state.accept(run=run, by=by)
    carry_out(run=run, path=path, at=at)


def carry_out(*, run: ImportRun, path: Path, at: datetime) -> None:
    """Write what somebody confirmed. Raises ImportRefused, and the run waits for confirmation again."""
    by = run.settled_by
    try:
        import_state.refuse_another_file(run, path)
        with pghistory.context(user=by.pk if by else None, import_run=run.pk), transaction.atomic():
            if _digest(_tried(run.table, path, by)) != run.preview_sha256:
                raise ImportRefused(import_state.DESK_CHANGED)
            import_state.finish(run=run, at=at)
    except ImportRefused as refusal:
        import_state.send_back(run=run, why=str(refusal))
        raise


def _digest(told: list[RowOutcome]) -> str:
    lines = [[row.line, row.outcome.value, row.identity, row.changes, row.reason] for row in told]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def _tried(table: str, path: Path, by: User | None) -> list[RowOutcome]:
    """Write every row, and tell what that did; the caller keeps it or rolls it back."""
    resource = RESOURCES[table](user=by)
    lines, rows = _rows(resource, path)
    result = resource.import_data(rows, dry_run=False, use_transactions=False, raise_errors=False)
    if result.base_errors:
        raise FileRefused(" ".join(str(error.error) for error in result.base_errors))
    identity = resource._meta.import_id_fields
    told = []
    for done, row in zip(result.rows, rows.dict, strict=True):
        position = int(row[POSITION])
        named = identity if row.get(NUMBER) or NUMBER not in identity else row.keys() - {POSITION}
        told_apart = " | ".join(value for name in row if name in named and (value := str(row[name])))
        one = RowOutcome(lines[position], OUTCOMES[done.import_type], told_apart)
        if one.outcome == Outcome.REFUSED:
            one.column, one.reason = _reason(done)
        elif torn := _torn(resource.changes[position]):
            one.outcome, one.column, one.reason = Outcome.REFUSED, torn["column"], TORN.format(**torn)
        elif one.outcome != Outcome.UNCHANGED:
            one.reason = _evened_out(row)
            one.changes = [
                change for change in resource.changes[position] if one.outcome == Outcome.CHANGED or change["new"]
            ]
        told.append(one)
    return _with_duplicates(told)


def _with_duplicates(told: list[RowOutcome]) -> list[RowOutcome]:
    """In order of the file; a row that is given twice is refused the second time."""
    first: dict[str, int] = {}
    told.sort(key=lambda row: row.line)
    for row in told:
        if (line := first.setdefault(row.identity, row.line)) != row.line and row.outcome != Outcome.REFUSED:
            row.outcome, row.changes = Outcome.REFUSED, []
            row.reason = f"This row is given twice, first on line {line}: keep one of the two."
    return told


def _evened_out(row: dict[str, Any]) -> str:
    """What of the row's texts is not written as it stands in the file, by column."""
    texts = {name: cell for name, cell in row.items() if isinstance(cell, str) and not cell.isprintable()}
    said = "; ".join(f"{name}: {what}" for name, cell in texts.items() if (what := text.evened_out(cell)))
    return f"Written without what nobody sees, or with plain spaces ({said})." if said else ""


def _torn(changes: list[dict[str, str]]) -> dict[str, str] | None:
    """The first change to a text that a program read in the wrong encoding, with what it should read."""
    for change in changes:
        try:
            meant = change["new"].encode("cp1252").decode()
        except ValueError:
            continue
        if meant != change["new"]:
            return {"column": change["column"], "new": change["new"][:60], "meant": meant[:60]}
    return None


def _reason(done: Any) -> tuple[str, str]:
    """Column and sentences of a refused row."""
    if done.validation_error is not None:
        by_column = getattr(done.validation_error, "message_dict", None) or {"": done.validation_error.messages}
        named = [name for name in by_column if name not in ("", "__all__")]
        return ", ".join(named), " ".join(message for messages in by_column.values() for message in messages)
    error = done.errors[0].error
    if isinstance(error, DatabaseError):
        return "", str(error).partition("\n")[0]
    return "", str(error)


def _rows(resource: DeskResource, path: Path) -> tuple[list[int], tablib.Dataset]:
    """The file's rows, each after the row of the file that it names as its parent. Raises FileRefused."""
    lines = files.lines_of(path)
    left_out = dict.fromkeys(resource.optional_columns(), "")
    header = next(lines, None)
    if header is None:
        raise FileRefused("The file is empty.")
    names = [text.line(name).casefold() for name in header.cells]
    _check_header(names, resource.columns(), resource.optional_columns())
    numbers: list[int] = []
    records: list[dict[str, Any]] = []
    for line in lines:
        records.append({**left_out, **dict(zip(names, line.cells, strict=True)), POSITION: len(numbers)})
        numbers.append(line.number)
    if not records:
        raise FileRefused("The file has a header and no rows: there is nothing to import.")
    rows = tablib.Dataset(headers=[*records[0]])
    for record in _parents_first(records):
        rows.append(list(record.values()))
    return numbers, rows


def _parents_first(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not records[0].keys() >= {"key", "parent"}:
        return records
    waiting = {record["key"]: record for record in records}
    if len(waiting) < len(records):
        return records  # keys given twice are refused row by row
    placed: list[dict[str, Any]] = []
    while waiting:
        ready = [record for record in waiting.values() if record["parent"] not in waiting]
        if not ready:
            return [*placed, *waiting.values()]  # a circle; the rows are refused
        placed += ready
        for record in ready:
            del waiting[record["key"]]
    return placed


def _check_header(names: list[str], expected: list[str], optional: set[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise FileRefused(f"The column “{name}” is given twice: remove one.", line=1, column=name)
    if unknown := [name for name in names if name not in expected]:
        raise FileRefused(
            f"Not known: {', '.join(unknown)}. This table has {', '.join(expected)}.", line=1, column=unknown[0]
        )
    if missing := [name for name in expected if name not in names and name not in optional]:
        raise FileRefused(
            f"Missing: {', '.join(missing)}. Start from an export, which has every column.", line=1, column=missing[0]
        )
