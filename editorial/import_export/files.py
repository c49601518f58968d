"""Reader of CSV, XLSX and ODS files, line by line in bounded memory; other formats are refused by name."""

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from conflict import text as texts
from conflict.formulas import restored
from conflict.message import gettext as _
from conflict.message import gettext_noop
from editorial.import_export import sheets, workbooks
from editorial.import_export.exceptions import FileRefused

LONGEST_CELL = 1_000_000
LONGEST_LINE = 4_000_000  # bytes; a file without line breaks is not read into memory to find that out
ZIP = b"PK\x03\x04"
OLD_CONTAINER = b"\xd0\xcf\x11\xe0"  # of .xls and of encrypted files
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NO_TABLE = {  # by how the file begins
    b"\xff\xfe": gettext_noop("The file is encoded in UTF-16: save it as CSV in UTF-8."),
    b"\xfe\xff": gettext_noop("The file is encoded in UTF-16: save it as CSV in UTF-8."),
    **dict.fromkeys(
        (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ"),
        gettext_noop("The file is compressed: unpack it first."),
    ),
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), gettext_noop("This is a picture, not a table.")),
    b"PAR1": gettext_noop("This is a Parquet file: download the CSV instead."),
    b"SQLite format 3": gettext_noop("This is a database (SQLite or GeoPackage): export its table as CSV."),
    b"%PDF": gettext_noop("This is a PDF, not a table: take the CSV or XLSX that is published beside it."),
    b"<": gettext_noop(
        "This is a web page or XML, not a table: perhaps the download asked for a login. Download it again."
    ),
    b"{": gettext_noop("This is JSON, not a table: download the CSV instead."),
    b"[": gettext_noop("This is JSON, not a table: download the CSV instead."),
}
DELIMITERS = {
    ",": gettext_noop("comma"),
    ";": gettext_noop("semicolon"),
    "\t": gettext_noop("tab"),
    "|": gettext_noop("bar"),
}

SEPARATOR = re.compile(r"\"?sep=(.)\"?\s*$", re.IGNORECASE)  # a first line that declares the delimiter to spreadsheets

QUOTED = re.compile(r'"[^"]*("|$)')

csv.field_size_limit(LONGEST_CELL)

Cells = list[str]
IsWanted = Callable[[str, Cells], bool]  # of a sheet, by its title and header


class Line(NamedTuple):
    """One record and the line of the file on which it begins (a cell may hold line breaks)."""

    number: int
    cells: Cells


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines_of(path: Path, is_wanted: IsWanted | None = None, columns: Sequence[str] = ()) -> Iterator[Line]:
    """The records of the file, its header first, as written; only formula escapes are undone. Raises FileRefused.

    `is_wanted` tells the sheet to read where several of a workbook hold something; without it these are refused.
    `columns` are the header, on line 0, of a CSV file that begins with as many cells and a number.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise FileRefused(_("The file is empty."))
    if start.startswith(ZIP):
        return (Line(*row) for row in workbooks.rows_of(path, is_wanted))
    if start.startswith(OLD_CONTAINER):
        raise FileRefused(_of_old_container(path))
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, reason in NO_TABLE.items():
        if start.startswith(mark) or text.startswith(mark):
            raise FileRefused(_(reason))
    if b"\r" in start and b"\n" not in start:
        raise FileRefused(_("The lines end as on old systems (CR alone): save the file as CSV in UTF-8 again."))
    return _of_csv(path, columns)


def _of_old_container(path: Path) -> str:
    with path.open("rb") as file:
        is_encrypted = ENCRYPTED in file.read(4_000_000)
    if is_encrypted:
        return _("The workbook is protected by a password: save it without one.")
    return _("This is a workbook of an old kind (.xls): save it as .xlsx or CSV.")


def _of_csv(path: Path, usual_header: Sequence[str]) -> Iterator[Line]:
    with path.open("rb") as file:
        delimiter, begins = _delimiter(file)
        width, columns = 0, 0
        for number, cells in sheets.without_caption(_records(file, delimiter, begins)):
            if not width and len(cells) == len(usual_header) and cells[0].isdecimal():
                width = columns = len(cells)
                yield Line(0, list(usual_header))
            elif not width:
                sheets.refuse_torn(cells)
                columns = len(cells)
                while not cells[-1]:
                    cells.pop()
                width = len(cells)
            if len(cells) == columns and (unnamed := [cell for cell in cells[width:] if cell]):
                raise FileRefused(
                    _("“%(cell)s” stands in column %(number)s, which has no name in the first line.")
                    % {"cell": unnamed[0][:60], "number": cells.index(unnamed[0], width) + 1},
                    line=number,
                )
            if len(cells) < width or any(cells[width:]):
                named = _(DELIMITERS[delimiter]) if delimiter in DELIMITERS else f"“{delimiter}”"
                raise FileRefused(
                    _(
                        "The line has %(cells)s cells and the header %(width)s: a quotation mark or a %(named)s is missing or too many."
                    )
                    % {"cells": len(cells), "width": width, "named": named},
                    line=number,
                )
            yield Line(number, [restored(cell) for cell in cells[:width]])


def _delimiter(file: IO[bytes]) -> tuple[str, int]:
    """Delimiter of the cells, and the line on which the table begins; the file is left there."""
    header = _decoded(file.readline(LONGEST_CELL), 1)
    if said := SEPARATOR.match(header):
        return said[1], 2
    unquoted = QUOTED.sub("", header)  # names of columns may be whole sentences
    if not any(map(unquoted.count, DELIMITERS)):  # perhaps a title above the table
        unquoted = QUOTED.sub("", _decoded(file.readline(LONGEST_CELL), 2))
    file.seek(0)
    return max(DELIMITERS, key=unquoted.count), 1


def _records(file: IO[bytes], delimiter: str, begins: int) -> Iterator[tuple[int, Cells]]:
    """Number of the first line and cells of every record that has any."""
    reader = csv.reader(_texts(file, begins), delimiter=delimiter, strict=True)
    skipped = begins - 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(_("The line is not CSV: %(error)s.") % {"error": error}, line=begins) from error
        if cells is None:
            return
        number, begins = begins, skipped + reader.line_num + 1
        if any(cells) and any(
            map(texts.line, cells)
        ):  # spreadsheets write rows of nothing but delimiters below a table
            yield number, cells


def _texts(file: IO[bytes], first: int) -> Iterator[str]:
    number = first - 1
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE:
            raise FileRefused(
                _("The line is longer than %(most)s MB: are the lines of this file ended as on other systems?")
                % {"most": LONGEST_LINE // 1_000_000},
                line=number,
            )
        yield _decoded(raw, number)


def _decoded(raw: bytes, number: int) -> str:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("Byte %(number)s of the line is not UTF-8: save the file as CSV in UTF-8.") % {"number": error.start + 1},
            line=number,
        ) from error
    if "\0" in text:
        raise FileRefused(
            _("The line holds a null character: this is no text in UTF-8. Save the file as CSV in UTF-8."), line=number
        )
    return text
