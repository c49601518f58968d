"""CSV (RFC 4180), with HXL tags on request, and XLSX."""

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from conflict import formulas
from conflict.api.formats.bulk import Bulk
from conflict.api.formats.columns import Cell, Columns, Kind, rows

NUMBER = re.compile(r"-?\d+(\.\d+)?")
# The end of a cell, and what must not begin the next one, unless it is a number.
PERHAPS_DANGEROUS = re.compile(r""","?(?:['=+@\t\r]|-(?!\d+(?:\.\d+)?(?:[,\r])))""")
PIECE = 64 * 1024
FLAGS: dict[Cell, str] = {True: "true", False: "false"}


class Csv(Bulk):
    """Text that a spreadsheet would take for a formula is given an apostrophe in front; the desk's import takes it off."""

    media_type = "text/csv"
    format = extension = "csv"

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        line = csv.writer(Echo()).writerow
        for header in self.headers(columns):
            yield line(header).encode()
        flags = [index for index, column in enumerate(columns) if column.kind is Kind.FLAG]
        for row in rows(texts, columns, site):
            for flag in flags:
                row[flag] = FLAGS.get(row[flag])
            yield safe_line(line, row).encode()

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


def safe_line(line: Callable[[list[Cell]], str], row: list[Cell]) -> str:
    """The row as `line` writes it. Of most lines one look is enough, instead of one at each cell."""
    written = line(row)
    return line([escaped(cell) for cell in row]) if PERHAPS_DANGEROUS.search(f",{written}") else written


def escaped(cell: Cell) -> Cell:
    if isinstance(cell, str):
        made_safe = formulas.escaped(cell)
        return cell if made_safe is not cell and NUMBER.fullmatch(cell) else made_safe
    return cell


def _typed(sheet: Any, cell: Cell) -> Any:
    if not isinstance(cell, str):
        return cell
    if NUMBER.fullmatch(cell) and len(cell) < 15:
        return float(cell) if "." in cell else int(cell)
    apostrophe = "'" if formulas.ESCAPED.match(cell) else ""  # one of its own would be taken for an escape
    typed = WriteOnlyCell(sheet, formulas.escaped_controls(apostrophe + cell)[:32767])
    typed.data_type = "s"  # a text, also where it starts with =
    return typed
