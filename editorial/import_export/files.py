"""Files of rows, CSV or XLSX, read line by line in bounded memory; what is none of these is refused by name."""

import csv
import hashlib
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, NamedTuple

import openpyxl

from conflict.formulas import restored, unescaped_controls
from editorial.import_export.exceptions import FileRefused

LONGEST_CELL = 1_000_000
LONGEST_LINE = 4_000_000  # bytes; a file without line breaks is not read into memory to find that out
MOST_COLUMNS = 500
LARGEST_UNPACKED = 200 * 1024 * 1024  # of an XLSX; a whole release fits, larger ones come as CSV
HIGHEST_RATIO = 200  # of unpacked to packed; spreadsheets reach 10 to 20
ZIP = b"PK\x03\x04"
NO_TABLE = {  # by how the file begins
    b"\xd0\xcf\x11\xe0": "This is a workbook of an old kind (.xls): save it as .xlsx or CSV.",
    b"\xff\xfe": "The file is encoded in UTF-16: save it as CSV in UTF-8.",
    b"\xfe\xff": "The file is encoded in UTF-16: save it as CSV in UTF-8.",
    b"\x1f\x8b": "The file is compressed (.gz): unpack it first.",
    b"%PDF": "This is a PDF, not a table: take the CSV or XLSX that is published beside it.",
    b"<": "This is a web page or XML, not a table: perhaps the download asked for a login. Download it again.",
    b"{": "This is JSON, not a table: download the CSV instead.",
    b"[": "This is JSON, not a table: download the CSV instead.",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

csv.field_size_limit(LONGEST_CELL)

Cells = list[str]


class Line(NamedTuple):
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
    if start.startswith(ZIP):
        return _of_workbook(path)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, reason in NO_TABLE.items():
        if start.startswith(mark) or text.startswith(mark):
            raise FileRefused(reason)
    return _of_csv(path)


def _of_csv(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        header = _decoded(file.readline(LONGEST_CELL), 1)
        file.seek(0)
        delimiter = max(DELIMITERS, key=header.count)
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
                    f"The line has {len(cells)} cells and the header {width}: a quotation mark or a {DELIMITERS[delimiter]} is missing or too many.",
                    line=number,
                )
            yield Line(number, [restored(cell) for cell in cells])


def _texts(file: IO[bytes]) -> Iterator[str]:
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE:
            raise FileRefused(
                f"The line is longer than {LONGEST_LINE // 1_000_000} MB: are the lines of this file ended as on other systems?",
                line=number,
            )
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


def _of_workbook(path: Path) -> Iterator[Line]:
    refuse_zip_bomb(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever the broken part raised
        raise FileRefused(
            "The workbook cannot be read: open it in a spreadsheet and save it as .xlsx again."
        ) from error
    try:
        header: Cells = []
        for number, row in enumerate(_only_sheet(book).iter_rows(), start=1):
            cells = [_text(cell, number, header) for cell in row]
            if not header:
                while cells and not cells[-1]:
                    cells.pop()
                header = cells
            width = len(header)
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


def _only_sheet(book: Any) -> Any:
    """The sheet that holds something. Raises FileRefused where several do: none is passed over in silence."""
    filled = [
        sheet for sheet in book.worksheets if any(cell.value is not None for row in sheet.iter_rows() for cell in row)
    ]
    if len(filled) > 1:
        named = ", ".join(f"“{sheet.title}”" for sheet in filled)
        raise FileRefused(f"Several sheets of the workbook hold something: {named}. Save the one to import by itself.")
    if not filled:
        raise FileRefused("The workbook is empty.")
    return filled[0]


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


def _text(cell: Any, number: int, header: Cells) -> str:
    value = cell.value
    if cell.data_type in ("f", "e"):
        raise FileRefused(
            f"The cell {cell.coordinate} holds a formula or an error: replace it by its value.",
            line=number,
            column=header[cell.column - 1] if cell.column <= len(header) else "",
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
