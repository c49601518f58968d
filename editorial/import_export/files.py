"""Reader of CSV, XLSX and ODS files, line by line in bounded memory; other formats are refused by name."""

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from conflict import text as texts
from conflict.formulas import restored
from editorial.import_export import sheets, workbooks
from editorial.import_export.exceptions import FileRefused

LONGEST_CELL = 1_000_000
LONGEST_LINE = 4_000_000  # bytes; a file without line breaks is not read into memory to find that out
ZIP = b"PK\x03\x04"
OLD_CONTAINER = b"\xd0\xcf\x11\xe0"  # of .xls and of encrypted files
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NO_TABLE = {  # by how the file begins
    b"\xff\xfe": "The file is encoded in UTF-16: save it as CSV in UTF-8.",
    b"\xfe\xff": "The file is encoded in UTF-16: save it as CSV in UTF-8.",
    b"\x1f\x8b": "The file is compressed (.gz): unpack it first.",
    b"%PDF": "This is a PDF, not a table: take the CSV or XLSX that is published beside it.",
    b"<": "This is a web page or XML, not a table: perhaps the download asked for a login. Download it again.",
    b"{": "This is JSON, not a table: download the CSV instead.",
    b"[": "This is JSON, not a table: download the CSV instead.",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

SEPARATOR = re.compile(r"\"?sep=(.)\"?\s*$", re.IGNORECASE)  # a first line that declares the delimiter to spreadsheets

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
        return (Line(*row) for row in workbooks.rows_of(path))
    if start.startswith(OLD_CONTAINER):
        raise FileRefused(_of_old_container(path))
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, reason in NO_TABLE.items():
        if start.startswith(mark) or text.startswith(mark):
            raise FileRefused(reason)
    if b"\r" in start and b"\n" not in start:
        raise FileRefused("The lines end as on old systems (CR alone): save the file as CSV in UTF-8 again.")
    return _of_csv(path)


def _of_old_container(path: Path) -> str:
    with path.open("rb") as file:
        is_encrypted = ENCRYPTED in file.read(4_000_000)
    if is_encrypted:
        return "The workbook is protected by a password: save it without one."
    return "This is a workbook of an old kind (.xls): save it as .xlsx or CSV."


def _of_csv(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        header = _decoded(file.readline(LONGEST_CELL), 1)
        begins, width, columns = 1, 0, 0
        if said := SEPARATOR.match(header):
            delimiter, begins = said[1], 2
        else:
            delimiter = max(DELIMITERS, key=header.count)
            file.seek(0)
        reader = csv.reader(_texts(file, begins), delimiter=delimiter, strict=True)
        skipped = begins - 1
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise FileRefused(f"The line is not CSV: {error}.", line=begins) from error
            if cells is None:
                return
            number, begins = begins, skipped + reader.line_num + 1
            if not any(cells) or not any(map(texts.line, cells)):
                continue  # spreadsheets write rows of nothing but delimiters below a table
            if not width:
                sheets.refuse_torn(cells)
                columns = len(cells)
                while not cells[-1]:
                    cells.pop()
                width = len(cells)
            if len(cells) == columns and (unnamed := [cell for cell in cells[width:] if cell]):
                raise FileRefused(
                    f"“{unnamed[0][:60]}” stands in column {cells.index(unnamed[0], width) + 1}, which has no name in the first line.",
                    line=number,
                )
            if len(cells) < width or any(cells[width:]):
                named = DELIMITERS.get(delimiter, f"“{delimiter}”")
                raise FileRefused(
                    f"The line has {len(cells)} cells and the header {width}: a quotation mark or a {named} is missing or too many.",
                    line=number,
                )
            yield Line(number, [restored(cell) for cell in cells[:width]])


def _texts(file: IO[bytes], first: int) -> Iterator[str]:
    number = first - 1
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
