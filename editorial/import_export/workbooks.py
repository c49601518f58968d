"""Reader of workbooks, row by row: XLSX, of either edition of the standard, and ODS; recognized by content, not name."""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import openpyxl

from conflict.formulas import restored, unescaped_controls
from conflict.message import gettext as _
from conflict.message import gettext_noop
from editorial.import_export import opendocument, sheets
from editorial.import_export.exceptions import FileRefused

LARGEST_UNPACKED = 200 * 1024 * 1024  # a whole release fits, larger ones come as CSV
HIGHEST_RATIO = 200  # of unpacked to packed; spreadsheets reach 10 to 20
STRICT = b"http://purl.oclc.org/ooxml/"
# Strict Open XML names the same things by other addresses; the reader knows those of the transitional edition.
TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
NO_WORKBOOK = {  # by a part of the archive
    "xl/workbook.bin": gettext_noop("This is a binary workbook (.xlsb): save it as .xlsx or CSV."),
    "Index/Document.iwa": gettext_noop("This is a document of Numbers: export it as .xlsx or CSV."),
    "word/document.xml": gettext_noop("This is a text document (.docx), not a table: save its table as .xlsx or CSV."),
}
USUAL_PART, CONTENT_TYPES, SHARED_TEXTS = "xl/workbook.xml", "[Content_Types].xml", "sharedStrings.xml"
NO_TEXTS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
OVERRIDE, PART_NAME, MAIN_PART = re.compile("<Override [^>]*>"), re.compile('PartName="/?([^"]+)"'), "sheet.main+xml"
SUMMARY_OF_NUMBERS = re.compile(r"\bNumbers\b.*\bExcel\b", re.DOTALL)  # in any language
QUOTED_IN_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')

Row = tuple[int, list[str]]
IsWanted = Callable[[str, list[str]], bool] | None


def rows_of(path: Path, is_wanted: IsWanted = None) -> Iterator[Row]:
    """Number and cells of each row that has any, the header first. Raises FileRefused."""
    parts = _parts(path)
    if parts & {"mimetype", "content.xml"} == {"mimetype", "content.xml"}:
        return _even(opendocument.rows_of(path, is_wanted))
    for name, reason in NO_WORKBOOK.items():
        if name in parts:
            raise FileRefused(_(reason))
    book = USUAL_PART if USUAL_PART in parts else _declared_part(path, parts)
    if book not in parts:
        raise FileRefused(
            _("This is a ZIP archive but no workbook (.xlsx, .ods): unpack it and choose the table in it.")
        )
    return _even(_of_xlsx(path, book, is_wanted))


def _declared_part(path: Path, parts: set[str]) -> str:
    """Name of the workbook's main part where it is not the usual one, as in files of some data portals; empty if none."""
    if CONTENT_TYPES not in parts:
        return ""
    with zipfile.ZipFile(path) as packed:
        declared = OVERRIDE.findall(packed.read(CONTENT_TYPES).decode(errors="replace"))
    mains = (PART_NAME.search(override) for override in declared if MAIN_PART in override)
    return next((match[1] for match in mains if match), "")


def _parts(path: Path) -> set[str]:
    """Names of the files in the archive; one that would unpack to more than any table is refused beforehand."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts, names = packed.infolist(), _names(packed)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(
            _("The workbook is damaged: it is no readable ZIP archive. Save it again or download it again.")
        ) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or any(
        part.file_size > 10_000_000 and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1) for part in parts
    ):
        raise FileRefused(
            _("The workbook would unpack to %(size)s MB, more than is read safely: save it as CSV.")
            % {"size": unpacked // 1_000_000}
        )
    return {*names.values()}


def _names(packed: zipfile.ZipFile) -> dict[str, str]:
    """Names of the parts, by their names in the archive: some programs write \\ for /, or other capitals than they declare."""
    plain = {name: name.replace("\\", "/") for name in packed.namelist()}
    declared = {name.lower(): name for name in _declared(packed)}
    return {name: declared.get(part.lower(), part) for name, part in plain.items()}


def _declared(packed: zipfile.ZipFile) -> list[str]:
    if CONTENT_TYPES not in packed.namelist():
        return []
    return PART_NAME.findall(packed.read(CONTENT_TYPES).decode(errors="replace"))


def _even(rows: Iterator[Row]) -> Iterator[Row]:
    """Pad all rows to the width of the header; skip empty ones. Raises FileRefused."""
    width = 0
    for number, cells in sheets.without_caption(row for row in rows if any(row[1])):
        if not width:
            while not cells[-1]:
                cells.pop()
            sheets.refuse_torn(cells)
            width = len(cells)
        if width > sheets.MOST_COLUMNS or any(cells[width:]):
            raise FileRefused(_("There are cells to the right of the header's last column."), line=number)
        yield number, [*cells[:width], *[""] * (width - len(cells))]


def _of_xlsx(path: Path, book_part: str, is_wanted: IsWanted) -> Iterator[Row]:
    with _readable(path, book_part) as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        except Exception as error:  # openpyxl raises whatever the broken part raised
            raise FileRefused(
                _("The workbook cannot be read: open it in a spreadsheet and save it as .xlsx again.")
            ) from error
        try:
            header: list[str] = []
            for number, row in _rows(_only_sheet(book, is_wanted)):
                cells = [_text(cell, number, header) for cell in row]
                header = header or [cell for cell in cells if any(cells)]
                yield number, cells
        except FileRefused:
            raise
        except Exception as error:
            raise FileRefused(
                _("The workbook is damaged: open it in a spreadsheet and save it as .xlsx again.")
            ) from error
        finally:
            book.close()


@contextmanager
def _readable(path: Path, book_part: str) -> Iterator[IO[bytes]]:
    """The file, or a copy of it that openpyxl can read."""
    with path.open("rb") as file, zipfile.ZipFile(file) as packed:
        names = _names(packed)
        book = next(name for name, part in names.items() if part == book_part)
        missing = [part for part in _declared(packed) if part not in names.values() and part.endswith(SHARED_TEXTS)]
        if STRICT not in packed.read(book) and not missing and all(name == part for name, part in names.items()):
            yield file
            return
        with tempfile.TemporaryFile() as copy:
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as written:
                for name, part in names.items():
                    content = packed.read(name)
                    for strict, transitional in TRANSITIONAL if part.endswith((".xml", ".rels")) else ():
                        content = content.replace(strict, transitional)
                    written.writestr(part, content)
                for part in missing:
                    written.writestr(part, NO_TEXTS)
            copy.seek(0)
            yield copy


def _only_sheet(book: Any, is_wanted: IsWanted) -> Any:
    """The only sheet with content, or of several the one that is wanted. Raises FileRefused if these are several, too."""
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the size declared in the file is often wrong: go by the rows it contains
    filled = [
        sheet for sheet in book.worksheets if any(cell.value is not None for _, row in _rows(sheet) for cell in row)
    ]
    if not filled:
        raise FileRefused(_("The workbook is empty."))
    if len(filled) > 1:
        filled = [sheet for sheet in filled if not _is_summary_of_numbers(sheet)]
    if len(filled) > 1 and is_wanted:
        filled = [sheet for sheet in filled if is_wanted(sheet.title, _header(sheet))] or filled
    if len(filled) != 1:
        sheets.refuse_several_sheets([sheet.title for sheet in filled])
    return filled[0]


def _header(sheet: Any) -> list[str]:
    rows = ((number, ["" if cell.value is None else str(cell.value) for cell in row]) for number, row in _rows(sheet))
    return next(sheets.without_caption(row for row in rows if any(row[1])))[1]


def _is_summary_of_numbers(sheet: Any) -> bool:
    """True for the sheet that Numbers puts before the tables of an export, with a remark and a list of them."""
    written = (str(cell.value) for _, row in _rows(sheet) for cell in row if cell.value is not None)
    return bool(SUMMARY_OF_NUMBERS.search(next(written, "")))


def _rows(sheet: Any) -> Iterator[tuple[int, Any]]:
    """Rows with their numbers. openpyxl fills every gap, so that a row may cost whatever number it claims to have."""
    cells = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells += len(row)
        sheets.refuse_too_long(number, cells)
        yield number, row


def _text(cell: Any, number: int, header: list[str]) -> str:
    value = cell.value
    if value in sheets.TRUTHS:
        return sheets.TRUTHS[value]
    if cell.data_type in ("f", "e"):
        said = _("The cell %(cell)s holds a formula or an error: replace it by its value.")
        raise _refused(cell, number, header, said)
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            cell_text = sheets.as_precise_as_shown(value, shown_parts(cell.number_format))
            if cell_text is None:
                said = _("The cell %(cell)s shows a date without its year: write the date in full, or as a text.")
                raise _refused(cell, number, header, said)
            return cell_text
        case str():
            return restored(unescaped_controls(value))
        case _:
            return str(value)


def _refused(cell: Any, number: int, header: list[str], said: str) -> FileRefused:
    column = header[cell.column - 1] if cell.column <= len(header) else ""
    return FileRefused(said % {"cell": cell.coordinate}, line=number, column=column)


def shown_parts(number_format: str) -> frozenset[str]:
    """Letters of y, m, d and h that a date format shows. An m next to only hours or seconds means minutes."""
    first = QUOTED_IN_FORMAT.sub("", number_format.partition(";")[0].lower())
    return frozenset(letter for letter in "ymdh" if letter in first)
