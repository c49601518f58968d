"""The files in which tables leave the desk: CSV and XLSX, formulas escaped, the same rows the same bytes."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
from import_export.formats import base_formats

from conflict.formulas import escaped, escaped_controls

LONGEST_IN_WORKBOOK = 32_767  # characters in a cell; openpyxl would cut the rest off silently
FIXED = datetime(2000, 1, 1, tzinfo=UTC)  # the same rows give the same file, whenever it is made


class EscapedCSV(base_formats.CSV):  # type: ignore[misc]  # import_export ships no types
    """RFC 4180, UTF-8; only the header where there are no rows."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: Any, **options: Any) -> str:
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        writer.writerow(dataset.headers)
        writer.writerows([_cell(cell) for cell in row] for row in dataset)
        return written.getvalue()


class EscapedXLSX(base_formats.XLSX):  # type: ignore[misc]
    """Every cell as text, so that no spreadsheet rounds a coordinate or turns a date."""

    def export_data(self, dataset: Any, **options: Any) -> bytes:
        book = openpyxl.Workbook(write_only=True)
        book.properties.created = book.properties.modified = FIXED.replace(tzinfo=None)
        sheet = book.create_sheet((dataset.title or "rows")[:31])
        sheet.append(list(dataset.headers))
        for number, row in enumerate(dataset, start=2):
            sheet.append([_workbook_cell(cell, number) for cell in row])
        packed = io.BytesIO()
        book.save(packed)
        return _without_times(packed)


def _cell(value: Any) -> str:
    return escaped("" if value is None else str(value))


def _workbook_cell(value: Any, number: int) -> str:
    cell = escaped_controls(_cell(value))
    if len(cell) > LONGEST_IN_WORKBOOK:
        raise ValueError(
            f"Row {number} has a text of {len(cell)} characters, and a workbook holds {LONGEST_IN_WORKBOOK}: export as CSV instead."
        )
    return cell


def _without_times(packed: io.BytesIO) -> bytes:
    """The archive with one fixed time for all its parts; openpyxl stamps them, and the workbook, with now."""
    again = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda part: part.filename):
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = _fixed_properties(content)
            new.writestr(zipfile.ZipInfo(part.filename, FIXED.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return again.getvalue()


def _fixed_properties(content: bytes) -> bytes:
    start, mark, rest = content.partition(b"<dcterms:modified")
    if not mark:
        return content
    opened, _, after = rest.partition(b">")
    return start + mark + opened + b">2000-01-01T00:00:00Z" + after[after.index(b"</") :]


FORMATS: dict[str, Any] = {"csv": EscapedCSV, "xlsx": EscapedXLSX}
