"""CSV (RFC 4180), with HXL tags on request, and XLSX."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from conflict import formulas
from conflict.api.formats.bulk import Bulk
from conflict.api.formats.columns import Cell, Columns, Kind
from conflict.api.formats.rows import cell, portions, rows

RISKY = re.compile(rf"\0[{re.escape(''.join(formulas.FIRST))}]")  # a cell to look at, where a NUL stands before each
PIECE = 64 * 1024
FLAGS: dict[Cell, str] = {True: "true", False: "false"}


class Csv(Bulk):
    """Text that a spreadsheet would take for a formula is given an apostrophe in front; the desk's import takes it off."""

    media_type = "text/csv"
    format = extension = "csv"
    charset = "utf-8"

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
    """Written to a temporary file first, because a workbook is a packed archive. Texts are texts, never formulas."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = extension = "xlsx"
    is_stable = False

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("data")
        sheet.append([column.name for column in columns])
        for row in rows(texts, columns, site):
            sheet.append([_typed(sheet, cell) for cell in row])
        with tempfile.TemporaryFile() as file:
            book.save(file)
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


def _typed(sheet: Any, cell: Cell) -> Any:
    if not isinstance(cell, str):
        return cell
    if formulas.NUMBER.fullmatch(cell) and len(cell) < 15:
        return float(cell) if "." in cell else int(cell)
    apostrophe = "'" if formulas.ESCAPED.match(cell) else ""  # one of its own would be taken for an escape
    typed = WriteOnlyCell(sheet, formulas.escaped_controls(apostrophe + cell)[:32767])
    typed.data_type = "s"  # a text, also where it starts with =
    return typed
