"""XLSX writer that streams tables: typed columns, a bold and frozen header, and deterministic output."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from functools import cache
from typing import IO, Any
from xml.sax.saxutils import escape

from conflict.formulas import escaped_controls

LONGEST = 32_767  # characters per cell; spreadsheets silently cut the rest off
WRITTEN_IN = (2000, 1, 1, 0, 0, 0)  # fixed timestamp, whatever the time
FIRST_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
DATED_FROM = date(1900, 3, 1)  # spreadsheets disagree on earlier dates
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": f'''<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>''',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Styles by number: 0 default, 1 a header, 2 text (which stays text when edited), 3 a day.
    "xl/styles.xml": f'''<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>''',
}


class Kind(Enum):
    """Types of a column's cells."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"


def write(
    file: IO[bytes], title: str, header: Sequence[str], kinds: Sequence[Kind], rows: Iterable[Sequence[Any]]
) -> None:
    """Write the workbook to a file.

    A cell is a text, a number, a bool, a date or None, as its column requires, or else a text.

    Raises ValueError for a text that no cell can hold.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        sheet = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="{escape(title[:31], {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        for name, content in {**PARTS, "xl/workbook.xml": sheet}.items():
            packed.writestr(_part(name), HEAD + content, zipfile.ZIP_DEFLATED)
        with packed.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as part:
            for piece in _sheet(header, kinds, rows):
                part.write(piece.encode())


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, WRITTEN_IN)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _sheet(header: Sequence[str], kinds: Sequence[Kind], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="18" style="{2 if kind is Kind.TEXT else 3 if kind is Kind.DAY else 0}" customWidth="1"/>'
        for place, kind in enumerate(kinds, 1)
    )
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        f' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
    )
    yield _row(1, "".join(_text(letters(place), 1, name, 1) for place, name in enumerate(header)))
    named = [letters(place) for place in range(len(header))]
    for number, row in enumerate(rows, 2):
        yield _row(number, "".join(map(_cell, named, kinds, row, [number] * len(named))))
    yield "</sheetData></worksheet>"


def _row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def _cell(column: str, kind: Kind, value: Any, row: int) -> str:
    if value is None or value == "":
        return ""
    if kind is Kind.NUMBER and isinstance(value, int | float) and value == value:
        return f'<c r="{column}{row}"><v>{value}</v></c>'
    if kind is Kind.FLAG and isinstance(value, bool):
        return f'<c r="{column}{row}" t="b"><v>{value:d}</v></c>'
    if kind is Kind.DAY and isinstance(value, date) and value >= DATED_FROM:
        return f'<c r="{column}{row}" s="3"><v>{(value - FIRST_DAY).days}</v></c>'
    return _text(column, row, str(value), 2)


def _text(column: str, row: int, text: str, style: int) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"Row {row} has a text of {len(text)} characters, and a workbook holds {LONGEST}.")
    if not (text.isascii() and text.isprintable() and "_x" not in text):
        text = escaped_controls(text)
    return f'<c r="{column}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


@cache
def letters(place: int) -> str:
    """Name of a column, counted from 0: A, B, … Z, AA."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
