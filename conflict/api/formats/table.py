"""CSV (RFC 4180), with HXL tags on request, and XLSX."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from conflict import formulas, workbook
from conflict.api.formats.bulk import Bulk
from conflict.api.formats.columns import Cell, Columns, Kind
from conflict.api.formats.rows import cell, portions, rows

RISKY = re.compile(rf"\0[{re.escape(''.join(formulas.FIRST))}]")  # a cell to look at, where a NUL stands before each
PIECE = 64 * 1024
CUT = " […] The text goes on: CSV and JSON have all of it."
WORKBOOK_KINDS = {
    Kind.INTEGER: workbook.Kind.NUMBER,
    Kind.NUMBER: workbook.Kind.NUMBER,
    Kind.FLAG: workbook.Kind.FLAG,
    Kind.DAY: workbook.Kind.DAY,
}
FLAGS: dict[Cell, str] = {True: "true", False: "false"}


class Csv(Bulk):
    """Text that a spreadsheet would take for a formula is given an apostrophe in front; the desk's import takes it off."""

    media_type = "text/csv"
    format = extension = "csv"

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        line = csv.writer(Echo()).writerow
        for header in self.headers(columns):
            yield line(header).encode()
        writers = [as_flags if column.kind is Kind.FLAG else as_written for column in columns]
        for portion in portions(texts, columns, site):
            written = [write(values) for write, values in zip(writers, portion, strict=True)]
            yield ("\r\n".join(map(",".join, zip(*written, strict=True))) + "\r\n").encode()

    def headers(self, columns: Columns) -> Iterator[Sequence[str]]:
        yield [column.name for column in columns]


class Hxl(Csv):
    """With the row of tags of the Humanitarian Exchange Language, 1.1, under the header."""

    format = "hxl"

    def headers(self, columns: Columns) -> Iterator[Sequence[str]]:
        yield from super().headers(columns)
        yield [column.tag for column in columns]


class Xlsx(Bulk):
    """Written to a temporary file first, because a workbook is a packed archive. Texts are texts, never formulas, and
    numbers what their column says; a text that is too long for a cell says where it is whole.
    """

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = extension = "xlsx"
    is_stable = False

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        kinds = [WORKBOOK_KINDS.get(column.kind, workbook.Kind.TEXT) for column in columns]
        typed = (list(map(_typed, kinds, row)) for row in rows(texts, columns, site))
        with tempfile.TemporaryFile() as file:
            workbook.write(file, "data", [column.name for column in columns], kinds, typed)
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece


class Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_written(values: list[Any]) -> list[str]:
    """A column's values as they stand in a line of several: safe, and in quotes where `csv` would put them.

    In most columns no value needs either, and one look at all of them together tells.
    """
    try:
        together = "\0".join(["", *values, ""])
    except TypeError:
        return [_written(value) for value in values]
    if RISKY.search(together):
        values = list(map(formulas.escaped, values))
    if "," in together or '"' in together or "\n" in together or "\r" in together:
        return [_quoted(text) for text in values]
    return values


def _quoted(text: str) -> str:
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _written(value: Any) -> str:
    if type(value) is int:  # most of what is no text, and never in need of anything
        return str(value)
    kept = cell(value)
    return "" if kept is None else _quoted(str(escaped(kept)))


def as_flags(values: list[Any]) -> list[str]:
    return [FLAGS.get(cell(value), "") for value in values]


def escaped(cell: Cell) -> Cell:
    return formulas.escaped(cell) if isinstance(cell, str) else cell


def _typed(kind: workbook.Kind, cell: Cell) -> Any:
    """The value as its column has it: what looks like a number in a column of texts, as an ISBN does, is a text."""
    if not isinstance(cell, str):
        return cell
    if kind is workbook.Kind.NUMBER:
        return float(cell) if "." in cell else int(cell)
    if kind is workbook.Kind.DAY:
        return date.fromisoformat(cell)
    if formulas.ESCAPED.match(cell):  # an apostrophe of its own would be taken for an escape
        cell = f"'{cell}"
    return cell if len(cell) <= workbook.LONGEST else cell[: workbook.LONGEST - len(CUT)] + CUT
