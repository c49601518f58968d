"""Importer for rows of one table of the desk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tablib
from django.db import DatabaseError, transaction
from django.utils.functional import Promise
from import_export.results import RowResult

from conflict import text
from conflict.message import gettext as _
from conflict.message import gettext_noop, joined, of_lazy
from editorial.import_export import files, refused_rows
from editorial.import_export.exceptions import FileRefused, Problem
from editorial.import_export.importer import Mention, Outcome, Planned, Tally
from editorial.import_export.resources import NUMBER, POSITION, RESOURCES, DeskResource
from editorial.models import User

OUTCOMES = {
    RowResult.IMPORT_TYPE_NEW: Outcome.NEW,
    RowResult.IMPORT_TYPE_UPDATE: Outcome.CHANGED,
    RowResult.IMPORT_TYPE_SKIP: Outcome.UNCHANGED,
    RowResult.IMPORT_TYPE_ERROR: Outcome.REFUSED,
    RowResult.IMPORT_TYPE_INVALID: Outcome.REFUSED,
}


TORN = gettext_noop(
    "It reads “%(new)s”, which looks like “%(meant)s” opened in the wrong encoding: open the CSV as UTF-8, or use XLSX, and make the change there."
)


class _Undone(Exception):
    """Raised to roll back the writes of a preview."""


class TableImporter:
    """Importer for one table of the desk: it writes the rows and, for a preview, rolls them back."""

    def __init__(self, table: str, path: Path, by: User | None) -> None:
        self.table, self.path, self.by = table, path, by
        self.tally = Tally()

    def preview(self) -> Iterator[list[Planned]]:
        lines: list[Planned] = []
        try:
            with transaction.atomic():
                lines = self._tried()
                raise _Undone
        except _Undone:
            pass
        yield self._counted(lines)

    def write(self) -> Iterator[list[Planned]]:
        yield self._counted(self._tried())

    def mentions(self) -> list[Mention]:
        return []

    def _counted(self, lines: list[Planned]) -> list[Planned]:
        for planned in lines:
            self.tally.add(planned)
        return lines

    def _tried(self) -> list[Planned]:
        """Write every row and return the outcomes; the caller commits or rolls back."""
        resource = RESOURCES[self.table](user=self.by)
        lines, self.tally.header, rows = _rows(resource, self.path)
        identity = resource._meta.import_id_fields
        refused, rows = _without_duplicates(rows, identity, lines)
        torn: dict[int, Problem] = {}
        try:
            with transaction.atomic():
                rows_planned = self._written(resource, rows, lines, torn)
                if torn:
                    raise _Undone
        except _Undone:  # text garbled by another program must not be written with the rest
            refused += [
                Planned(lines[position], Outcome.REFUSED, problem=problem, cells=self._cells(row))
                for row in rows.dict
                if (problem := torn.get(position := int(row[POSITION])))
            ]
            rows_planned = self._written(resource, _without(rows, torn), lines, torn)
        return sorted([*refused, *rows_planned], key=lambda planned: planned.line)

    def _cells(self, row: Mapping[str, Any]) -> list[str]:
        return [str(row[name]) for name in self.tally.header]

    def _written(
        self, resource: DeskResource, rows: tablib.Dataset, lines: Sequence[int], torn: dict[int, Problem]
    ) -> list[Planned]:
        """Write the rows and return the outcome of each; those garbled by a wrong encoding are added to `torn`."""
        rows_planned: list[Planned] = []
        identity = resource._meta.import_id_fields
        result = resource.import_data(rows, dry_run=False, use_transactions=False, raise_errors=False)
        if result.base_errors:
            raise FileRefused(" ".join(str(error.error) for error in result.base_errors))
        for done, row in zip(result.rows, rows.dict, strict=True):
            position = int(row[POSITION])
            planned = Planned(lines[position], OUTCOMES[done.import_type], _named(row, identity))
            if planned.outcome == Outcome.REFUSED:
                planned.problem = _problem(planned.line, done)
                planned.cells = self._cells(row)
            elif change := _torn(resource.changes[position]):
                torn[position] = Problem(planned.line, change["column"], _(TORN) % change)
            elif planned.outcome != Outcome.UNCHANGED:
                planned.note = _evened_out(row)
                planned.changes = [
                    change
                    for change in resource.changes[position]
                    if planned.outcome == Outcome.CHANGED or change["new"]
                ]
            rows_planned.append(planned)
        return rows_planned


def _named(row: Mapping[str, Any], identity: Collection[str]) -> str:
    named = identity if row.get(NUMBER) or NUMBER not in identity else row.keys() - {POSITION}
    return " | ".join(value for name in row if name in named and (value := str(row[name])))


def _without_duplicates(
    rows: tablib.Dataset, identity: Collection[str], lines: Sequence[int]
) -> tuple[list[Planned], tablib.Dataset]:
    """The rows without those that are given a second time, and these, refused."""
    first: dict[str, int] = {}
    refused: list[Planned] = []
    twice: set[int] = set()
    for row in sorted(rows.dict, key=lambda row: int(row[POSITION])):
        position, name = int(row[POSITION]), _named(row, identity)
        if name and first.setdefault(name, position) != position:
            line = lines[position]
            reason = _("This row is given twice, first on line %(first)s: keep one of the two.") % {
                "first": lines[first[name]]
            }
            cells = [str(cell) for column, cell in row.items() if column != POSITION]
            refused.append(Planned(line, Outcome.REFUSED, name, problem=Problem(line, "", reason), cells=cells))
            twice.add(position)
    return refused, _without(rows, twice)


def _without(rows: tablib.Dataset, positions: Collection[int]) -> tablib.Dataset:
    kept = tablib.Dataset(headers=rows.headers)
    for row in rows.dict:
        if int(row[POSITION]) not in positions:
            kept.append(list(row.values()))
    return kept


def _evened_out(row: Mapping[str, Any]) -> str:
    """Note on the row's texts that are normalized when written, by column; empty if there are none."""
    texts = {name: cell for name, cell in row.items() if isinstance(cell, str) and not cell.isprintable()}
    found = joined(
        (
            _("%(what)s: %(which)s") % {"what": name, "which": what}
            for name, cell in texts.items()
            if (what := text.evened_out(cell))
        ),
        "; ",
    )
    return _("Written without what nobody sees, or with plain spaces (%(found)s).") % {"found": found} if found else ""


def _torn(changes: list[dict[str, str]]) -> dict[str, str] | None:
    """The first change caused by a wrong encoding, with the intended text."""
    for change in changes:
        if (meant := text.ungarbled(change["new"])) is not None:
            return {"column": change["column"], "new": change["new"][:60], "meant": meant[:60]}
    return None


def _problem(line: int, done: Any) -> Problem:
    """Column and sentences of a refused row."""
    if done.validation_error is not None:
        refused = done.validation_error
        by_column = getattr(refused, "error_dict", None) or {"": refused.error_list}
        named = [name for name in by_column if name not in ("", "__all__")]
        return Problem(line, ", ".join(named), joined(_said(one) for found in by_column.values() for one in found))
    error = done.errors[0].error
    reason = str(error).partition("\n")[0] if isinstance(error, DatabaseError) else str(error)
    return Problem(line, "", reason)


def _said(refused: Any) -> str:
    """The sentence of one ValidationError, for every language."""
    said = of_lazy(refused.message) if isinstance(refused.message, Promise) else refused.message
    return said % refused.params if refused.params else said


def _rows(resource: DeskResource, path: Path) -> tuple[list[int], list[str], tablib.Dataset]:
    """The file's rows, each after the row of the file that it names as its parent. Raises FileRefused."""
    lines = files.lines_of(path)
    left_out = dict.fromkeys(resource.optional_columns(), "")
    header = next(lines, None)
    if header is None:
        raise FileRefused(_("The file is empty."))
    names = [text.line(name).casefold() for name in header.cells]
    if refused_rows.is_reason(names[-1]):  # a file of refused rows, corrected
        names, lines = names[:-1], (files.Line(line.number, line.cells[:-1]) for line in lines)
    _check_header(names, resource.columns(), resource.optional_columns() | resource.empty_columns())
    numbers: list[int] = []
    records: list[dict[str, Any]] = []
    for line in lines:
        records.append({**left_out, **dict(zip(names, line.cells, strict=True)), POSITION: len(numbers)})
        numbers.append(line.number)
    if not records:
        raise FileRefused(_("The file has a header and no rows: there is nothing to import."))
    rows = tablib.Dataset(headers=[*records[0]])
    for record in _parents_first(records):
        rows.append(list(record.values()))
    return numbers, names, rows


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
            raise FileRefused(
                _("The column “%(name)s” is given twice: remove one.") % {"name": name}, line=1, column=name
            )
    if unknown := [name for name in names if name not in expected]:
        raise FileRefused(
            _("Not known: %(unknown)s. This table has %(expected)s.")
            % {"unknown": ", ".join(unknown), "expected": ", ".join(expected)},
            line=1,
            column=unknown[0],
        )
    if missing := [name for name in expected if name not in names and name not in optional]:
        raise FileRefused(
            _("Missing: %(missing)s. Start from an export, which has every column.") % {"missing": ", ".join(missing)},
            line=1,
            column=missing[0],
        )
