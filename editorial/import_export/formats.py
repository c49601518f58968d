"""The files in which tables leave the desk: CSV and XLSX, formulas escaped, the same rows the same bytes."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from import_export.formats import base_formats

from conflict import workbook
from conflict.formulas import ESCAPED, escaped
from conflict.workbook import Kind

MARK = "\ufeff"  # without it spreadsheets read a CSV of UTF-8 as something else


class EscapedCSV(base_formats.CSV):  # type: ignore[misc]  # import_export ships no types
    """RFC 4180, UTF-8 with its mark; only the header where there are no rows."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: Any, **options: Any) -> str:
        written = io.StringIO(newline="")
        written.write(MARK)
        writer = csv.writer(written)
        writer.writerow(dataset.headers)
        writer.writerows([escaped(_text(cell)) for cell in row] for row in dataset)
        return written.getvalue()


class TypedXLSX(base_formats.XLSX):  # type: ignore[misc]
    """XLSX with typed numbers, days and booleans by column; the rest is text, so that no spreadsheet turns it into dates."""

    def export_data(self, dataset: Any, **options: Any) -> bytes:
        kinds = getattr(dataset, "kinds", None) or [Kind.TEXT] * len(dataset.headers)
        readers = [READ[kind] for kind in kinds]
        rows = ([read(_text(cell)) for read, cell in zip(readers, row, strict=True)] for row in dataset)
        packed = io.BytesIO()
        try:
            workbook.write(packed, dataset.title or "rows", dataset.headers, kinds, rows)
        except ValueError as error:
            raise ValueError(_("%(error)s Export as CSV instead.") % {"error": error}) from error
        return packed.getvalue()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _number(text: str) -> int | float | None:
    return (float(text) if "." in text else int(text)) if text else None


def _as_text(text: str) -> str:
    """A text cell is never run; only what looks like an escaped one would be mistaken when it comes back."""
    return f"'{text}" if ESCAPED.match(text) else text


READ: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: _as_text,
    Kind.NUMBER: _number,
    Kind.FLAG: lambda text: text == "True" if text else None,
    Kind.DAY: lambda text: date.fromisoformat(text) if text else None,
}
FORMATS: dict[str, Any] = {"csv": EscapedCSV, "xlsx": TypedXLSX}
