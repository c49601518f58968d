"""CSV (RFC 4180), with HXL tags on request, and XLSX."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from conflict import formulas, workbook
from conflict.api.formats.bulk_renderer import BulkRenderer
from conflict.documents.tables import csv_lines
from conflict.documents.tables.columns import Columns, Kind
from conflict.documents.tables.rows import cell, portions

CUT = " […] The text goes on: CSV and JSON have all of it."
WORKBOOK_KINDS = {
    Kind.INTEGER: workbook.Kind.NUMBER,
    Kind.NUMBER: workbook.Kind.NUMBER,
    Kind.FLAG: workbook.Kind.FLAG,
    Kind.DAY: workbook.Kind.DAY,
}


class Csv(BulkRenderer):
    """CSV.

    Text that a spreadsheet would take for a formula is prefixed with an apostrophe, which the desk's import removes.
    """

    media_type = "text/csv"
    format = extension = "csv"

    reads_kept_lines = False  # `texts` are lines that the record keeps, not bodies

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        for header in self.headers(columns):
            yield (",".join(header) + csv_lines.END).encode()
        if self.reads_kept_lines:
            yield from csv_lines.with_addresses(texts, site)
            return
        for lines in csv_lines.lines(texts, columns, site):
            yield (csv_lines.END.join(lines) + csv_lines.END).encode()

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
