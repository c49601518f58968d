"""Files of rows, CSV or XLSX, read line by line in bounded memory; what is none of these is refused by name."""

import csv
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import openpyxl

from editorial.exchange.formulas import restored, unescaped_controls
from editorial.exchange.refusals import FileRefused

LONGEST_CELL = 1_000_000
MOST_COLUMNS = 500
LARGEST_UNPACKED = 200 * 1024 * 1024  # of an XLSX; a whole release fits, larger ones come as CSV
HIGHEST_RATIO = 200  # of unpacked to packed; spreadsheets reach 10 to 20
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

csv.field_size_limit(LONGEST_CELL)

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One record and the line of the file on which it begins (a cell may hold line breaks)."""

    number: int
    cells: Cells


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines_of(path: Path) -> Iterator[Line]:
    """The records of the file, its header first, as written; only formula escapes are undone. Raises FileRefused."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise FileRefused("The file is empty.")
    if start.startswith(OLD_EXCEL):
        raise FileRefused("This is a workbook of an old kind (.xls): save it as .xlsx or CSV.")
    if start.startswith(ZIP):
        return _of_workbook(path)
    if start.startswith(UTF_16):
        raise FileRefused("The file is encoded in UTF-16: save it as CSV in UTF-8.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FileRefused(
            "This is a web page or XML, not a table: perhaps the download asked for a login. Download it again."
        )
    return _of_csv(path)


def _of_csv(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        header = _decoded(file.readline(LONGEST_CELL), 1)
        file.seek(0)
        delimiter = max(",;\t", key=header.count)
        reader = csv.reader(_texts(file), delimiter=delimiter, strict=True)
        begins, width = 1, 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise FileRefused(f"The line is not CSV: {error}.", line=begins) from error
            if cells is None:
                return
            number, begins = begins, reader.line_num + 1
            if not cells:
                continue
            width = width or len(cells)
            if len(cells) != width:
                raise FileRefused(
                    f"The line has {len(cells)} cells and the header {width}: a quotation mark or a {_named(delimiter)} is missing or too many.",
                    line=number,
                )
            yield Line(number, [restored(cell) for cell in cells])


def _texts(file: IO[bytes]) -> Iterator[str]:
    for number, raw in enumerate(file, start=1):
        yield _decoded(raw, number)


def _decoded(raw: bytes, number: int) -> str:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"Byte {error.start + 1} of the line is not UTF-8: save the file as CSV in UTF-8.", line=number
        ) from error
    if "\0" in text:
        raise FileRefused(
            "The line holds a null character: this is no text in UTF-8. Save the file as CSV in UTF-8.", line=number
        )
    return text


def _named(delimiter: str) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab"}[delimiter]


def _of_workbook(path: Path) -> Iterator[Line]:
    refuse_zip_bomb(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever the broken part raised
        raise FileRefused(
            "The workbook cannot be read: open it in a spreadsheet and save it as .xlsx again."
        ) from error
    try:
        sheet = book.worksheets[0]
        width = 0
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [_text(cell, number) for cell in row]
            if not width:
                while cells and not cells[-1]:
                    cells.pop()
                width = len(cells)
            if any(cells[width:]) or width > MOST_COLUMNS:
                raise FileRefused("There are cells to the right of the header's last column.", line=number)
            if any(cells):
                yield Line(number, [*cells[:width], *[""] * (width - len(cells))])
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused("The workbook is damaged: open it in a spreadsheet and save it as .xlsx again.") from error
    finally:
        book.close()


def refuse_zip_bomb(path: Path) -> None:
    """Refuse what unpacks to more than any table, before unpacking it."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(
            "The workbook is damaged: it is no readable ZIP archive. Save it again or download it again."
        ) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or any(
        part.file_size > 10_000_000 and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1) for part in parts
    ):
        raise FileRefused(
            f"The workbook would unpack to {unpacked // 1_000_000} MB, more than is read safely: save it as CSV."
        )
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileRefused("This is a ZIP archive but no workbook (.xlsx): unpack it and choose the table in it.")


def _text(cell: Any, number: int) -> str:
    value = cell.value
    if cell.data_type in ("f", "e"):
        raise FileRefused(
            f"The cell {cell.coordinate} holds a formula or an error: replace it by its value.", line=number
        )
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case str():
            return restored(unescaped_controls(value))
        case _:
            return str(value)
