"""CSV (RFC 4180), with HXL tags on request, and XLSX."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from conflict import formulas, workbook
from conflict.api.formats.bulk_renderer import BulkRenderer
from conflict.api.formats.columns import Cell, Columns, Kind
from conflict.api.formats.rows import cell, portions

RISKY = re.compile(rf"\0[{re.escape(''.join(formulas.FIRST))}]")  # matches cells to check, each preceded by a NUL
CUT = " […] The text goes on: CSV and JSON have all of it."
WORKBOOK_KINDS = {
    Kind.INTEGER: workbook.Kind.NUMBER,
    Kind.NUMBER: workbook.Kind.NUMBER,
    Kind.FLAG: workbook.Kind.FLAG,
    Kind.DAY: workbook.Kind.DAY,
}
FLAGS: dict[Cell, str] = {True: "true", False: "false"}


class Csv(BulkRenderer):
    """CSV.

    Text that a spreadsheet would take for a formula is prefixed with an apostrophe, which the desk's import removes.
    """

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
    """CSV with a row of Humanitarian Exchange Language tags (HXL 1.1) below the header."""

    format = "hxl"

    def headers(self, columns: Columns) -> Iterator[Sequence[str]]:
        yield from super().headers(columns)
        yield [column.tag for column in columns]


class Xlsx(BulkRenderer):
    """XLSX, sent while it is written.

    Texts are never formulas, and a column's type decides what is a number. A text too long for a cell is cut, with a
    note that CSV and JSON contain all of it.
    """

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = extension = "xlsx"
    is_stable = False

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        kinds = [WORKBOOK_KINDS.get(column.kind, workbook.Kind.TEXT) for column in columns]
        typed = (list(map(_typed, kinds, portion)) for portion in portions(texts, columns, site))
        yield from workbook.pieces("data", [column.name for column in columns], kinds, typed)


class Echo:
    """File-like object that returns what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_written(values: list[Any]) -> list[str]:
    """A column's values as CSV cells: escaped against formulas, and quoted where `csv` would quote them.

    Values seldom need either, and one check over the whole column finds out.
    """
    values = ["" if value is None else value for value in values]
    try:
        together = "\0".join(["", *values, ""])
    except TypeError:
        return [str(value) if type(value) is int else _written(value) for value in values]
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
    kept = cell(value)
    return "" if kept is None else _quoted(str(escaped(kept)))


def as_flags(values: list[Any]) -> list[str]:
    return [FLAGS.get(cell(value), "") for value in values]


def escaped(cell: Cell) -> Cell:
    return formulas.escaped(cell) if isinstance(cell, str) else cell


def _typed(kind: workbook.Kind, values: list[Any]) -> list[Any]:
    """Values in their column's type: in a column of texts, an ISBN stays a text even though it looks like a number."""
    if kind is workbook.Kind.TEXT and _are_plain(values):
        return values
    cells = list(map(cell, values))
    if kind is workbook.Kind.NUMBER:
        return [_number(value) if isinstance(value, str) else value for value in cells]
    if kind is workbook.Kind.DAY:
        return [date.fromisoformat(value) if isinstance(value, str) else value for value in cells]
    return [_text(value) if isinstance(value, str) else value for value in cells]


def _are_plain(values: list[Any]) -> bool:
    """Return True if all are texts that a cell holds as they are, as in most columns of texts."""
    try:
        together = "\0".join(["", *values])
    except TypeError:
        return False
    return "\0'" not in together and len(max(values, key=len)) <= workbook.LONGEST


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _text(text: str) -> str:
    if text[0] == "'" and formulas.ESCAPED.match(text):  # an apostrophe of its own would be taken for an escape
        text = f"'{text}"
    return text if len(text) <= workbook.LONGEST else text[: workbook.LONGEST - len(CUT)] + CUT
