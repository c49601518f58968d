"""Reader of OpenDocument spreadsheets (.ods, LibreOffice's default format), row by row."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from conflict.formulas import restored
from conflict.message import gettext as _
from conflict.message import gettext_noop
from editorial.import_export import sheets
from editorial.import_export.exceptions import CellRefused, FileRefused

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
MOST_REPEATED = 10_000  # rows or cells that are filled and written once
UNREADABLE = gettext_noop("The cell in column %(cell)s cannot be read: write it as a text.")
SHOWN = {"year": "y", "month": "m", "day": "d", "hours": "h"}

Row = tuple[int, list[str]]
Parts = frozenset[str]
Element = ElementTree.Element


def rows_of(path: Path, is_wanted: Callable[[str, list[str]], bool] | None = None) -> Iterator[Row]:
    """Number and cells of every row of the only sheet that is filled, or is wanted. Raises FileRefused."""
    with zipfile.ZipFile(path) as packed:
        if b"spreadsheet" not in packed.read("mimetype"):
            raise FileRefused(
                _("This is an OpenDocument file but no spreadsheet (.ods): save its table as .xlsx or CSV.")
            )
        manifest = "META-INF/manifest.xml"
        if manifest in packed.namelist() and b"encryption-data" in packed.read(manifest):
            raise FileRefused(_("The workbook is protected by a password: save it without one."))
        with packed.open("content.xml") as content:
            yield from _only_sheet(_Reader(content), is_wanted or (lambda title, header: True))


def _only_sheet(reader: "_Reader", is_wanted: Callable[[str, list[str]], bool]) -> Iterator[Row]:
    """Rows of the first filled sheet that is wanted; another one that is wanted, too, is refused where it is met."""
    chosen, others = "", dict[str, Row]()
    for title, filled in groupby((row for row in reader.rows() if any(row[2])), key=itemgetter(0)):
        rows = sheets.without_caption((number, cells) for _title, number, cells in filled)
        header = next(rows)
        if not is_wanted(title, header[1]):
            others[title] = header
            continue
        if chosen:
            sheets.refuse_several_sheets([chosen, title])
        chosen = title
        yield header
        yield from rows
    if not chosen and len(others) > 1:
        sheets.refuse_several_sheets([*others])
    if not chosen and not others:
        raise FileRefused(_("The workbook is empty."))
    if not chosen:
        yield from others.values()  # the one header, to be refused for what it lacks


class _Reader:
    """Reads content.xml as a stream, and frees each row once it is read."""

    def __init__(self, content: Any) -> None:
        self.events = ElementTree.iterparse(content, ("start", "end"))  # noqa: S314  # expat loads nothing from elsewhere, and refuses entities that multiply
        self.shown: dict[str, Parts] = {}  # parts of a date shown, by data style
        self.styles: dict[str, str] = {}  # by cell style, its data style

    def rows(self) -> Iterator[tuple[str, int, list[str]]]:
        title, number, defaults, header = "", 0, list[str](), list[str]()
        try:
            for event, element in self.events:
                if event == "start" and element.tag == f"{TABLE}table":
                    title, number, defaults, header = element.get(f"{TABLE}name", ""), 0, [], []
                elif event == "end" and element.tag == f"{TABLE}table-column":
                    repeated = min(_repeated(element, "columns"), sheets.MOST_COLUMNS)
                    defaults += [element.get(f"{TABLE}default-cell-style-name", "")] * repeated
                elif event == "end" and element.tag == f"{NUMBER}date-style":
                    self._note_date_style(element)
                elif event == "end" and element.tag == f"{STYLE}style":
                    self.styles[element.get(f"{STYLE}name", "")] = element.get(f"{STYLE}data-style-name", "")
                elif event == "end" and element.tag == f"{TABLE}table-row":
                    cells = self._cells(element, defaults, number + 1, header)
                    repeated = _repeated(element, "rows")
                    element.clear()
                    if any(cells) and repeated > MOST_REPEATED:
                        raise FileRefused(
                            _("The same row stands there %(repeated)s times.") % {"repeated": repeated}, line=number + 1
                        )
                    for _again in range(repeated if any(cells) else 0):
                        number += 1
                        sheets.refuse_too_long(number, number * len(cells))
                        header = header or cells
                        yield title, number, list(cells)
                    number += 0 if any(cells) else repeated
        except ElementTree.ParseError as error:
            raise FileRefused(_("The workbook is damaged: open it in a spreadsheet and save it again.")) from error

    def _note_date_style(self, style: Element) -> None:
        parts = frozenset(SHOWN[name] for part in style if (name := part.tag.removeprefix(NUMBER)) in SHOWN)
        self.shown[style.get(f"{STYLE}name", "")] = parts

    def _cells(self, row: Element, defaults: list[str], number: int, header: list[str]) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            place, repeated = len(cells), _repeated(cell, "columns")
            default = defaults[place] if place < len(defaults) else ""
            try:
                text = self._text(cell, default)
            except ValueError as error:
                column = header[place] if place < len(header) else ""
                said = error.reason if isinstance(error, CellRefused) else UNREADABLE
                raise FileRefused(_(said) % {"cell": place + 1}, line=number, column=column) from error
            if text and repeated > sheets.MOST_COLUMNS:
                raise FileRefused(_("There are cells to the right of the header's last column."), line=number)
            cells += [text] * (repeated if text else min(repeated, sheets.MOST_COLUMNS))
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _text(self, cell: Element, default_style: str) -> str:
        """Raises CellRefused, with a sentence that still lacks the number of the cell."""
        formula = cell.get(f"{TABLE}formula", "").removeprefix("of:")
        if formula in sheets.TRUTHS:
            return sheets.TRUTHS[formula]
        if formula:
            raise CellRefused("", gettext_noop("The cell in column %(cell)s holds a formula: replace it by its value."))
        value = cell.get(f"{OFFICE}value", "")
        match cell.get(f"{OFFICE}value-type"):
            case None:
                return ""
            case "boolean":
                return "True" if cell.get(f"{OFFICE}boolean-value") == "true" else "False"
            case "float" | "percentage" | "currency":
                return value.removesuffix(".0")
            case "date":
                return self._date(cell, default_style)
            case "time":
                raise CellRefused(
                    "", gettext_noop("The cell in column %(cell)s holds a time of day: write it as a text.")
                )
        return restored("\n".join(_words(line) for line in cell if line.tag == f"{TEXT}p"))

    def _date(self, cell: Element, default_style: str) -> str:
        style = self.styles.get(cell.get(f"{TABLE}style-name") or default_style, "")
        moment = datetime.fromisoformat(cell.get(f"{OFFICE}date-value", ""))
        text = sheets.as_precise_as_shown(moment, self.shown.get(style, frozenset("ymd")))
        if text is None:
            raise CellRefused(
                "",
                gettext_noop(
                    "The cell in column %(cell)s shows a date without its year: write the date in full, or as a text."
                ),
            )
        return text


def _repeated(element: Element, what: str) -> int:
    return int(element.get(f"{TABLE}number-{what}-repeated", "1"))


def _words(paragraph: Element) -> str:
    """Text of a paragraph. Runs of spaces, tabs and line breaks are elements of their own."""
    pieces = [paragraph.text or ""]
    for part in paragraph:
        match part.tag.removeprefix(TEXT):
            case "s":
                pieces.append(" " * int(part.get(f"{TEXT}c", "1")))
            case "tab":
                pieces.append("\t")
            case "line-break":
                pieces.append("\n")
            case "span" | "a":
                pieces.append(_words(part))
        pieces.append(part.tail or "")
    return "".join(pieces)
