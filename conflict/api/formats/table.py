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
from conflict.api.formats.columns import Cell, Columns, rows

NUMBER = re.compile(r"-?\d+(\.\d+)?")
PIECE = 64 * 1024


class Csv(Bulk):
    """Text that a spreadsheet would take for a formula is given an apostrophe in front; the desk's import takes it off."""

    media_type = "text/csv"
    format = extension = "csv"

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        line = csv.writer(Echo()).writerow
        for header in self.headers(columns):
            yield line(header)
        for row in rows(texts, columns, site):
            yield line([escaped(cell) for cell in row])

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

    def write(self, line: str) -> bytes:
        return line.encode()


def escaped(cell: Cell) -> Cell:
    if isinstance(cell, str):
        made_safe = formulas.escaped(cell)
        return cell if made_safe is not cell and NUMBER.fullmatch(cell) else made_safe
    if isinstance(cell, bool):
        return "true" if cell else "false"
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
