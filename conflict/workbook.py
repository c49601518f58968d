"""XLSX writer that streams tables: typed columns, a bold and frozen header, and deterministic output.

A table is written column by column, some rows at a time, and its archive leaves piece by piece.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import islice
from typing import IO, Any
from xml.sax.saxutils import escape

from conflict.formulas import escaped_controls

LEVEL = 1  # of compression: 6 takes three times as long, for a file smaller by a fifth
AT_ONCE = 256  # rows
MOST_ROWS = 1_048_576  # of a sheet in any program
LONGEST = 32_767  # characters per cell; spreadsheets silently cut the rest off
WRITTEN_IN = (2000, 1, 1, 0, 0, 0)  # fixed timestamp, whatever the time
FIRST_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
DATED_FROM = date(1900, 3, 1)  # spreadsheets disagree on earlier dates
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPECIAL = re.compile(r"[&<>\x01-\x08\x0b-\x1f]|_x")  # signs that a cell's text cannot hold as they are
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


Rendered = list[str]  # cells of one column, as XML


def write(
    file: IO[bytes], title: str, header: Sequence[str], kinds: Sequence[Kind], rows: Iterable[Sequence[Any]]
) -> None:
    """Write the workbook to a file, row by row; see `pieces`."""
    rows = iter(rows)
    portions = iter(lambda: list(zip(*islice(rows, AT_ONCE), strict=True)), [])
    for piece in pieces(title, header, kinds, portions):
        file.write(piece)


def pieces(
    title: str, header: Sequence[str], kinds: Sequence[Kind], portions: Iterable[Sequence[Sequence[Any]]]
) -> Iterator[bytes]:
    """The workbook, piece by piece. A portion holds some rows, as one sequence of values for each column.

    A cell is a text, a number, a bool, a date or None, as its column requires, or else a text.

    Raises ValueError for a text that no cell can hold, and for more rows than a sheet has.
    """
    sent = Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as packed:  # type: ignore[call-overload]
        sheet = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="{escape(title[:31], {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        for name, content in {**PARTS, "xl/workbook.xml": sheet}.items():
            packed.writestr(_part(name), HEAD + content, zipfile.ZIP_DEFLATED, LEVEL)
        with packed.open(_part("xl/worksheets/sheet1.xml"), "w") as part:
            for text in _sheet(header, kinds, portions):
                part.write(text.encode())
                yield sent.taken()
    yield sent.taken()


class Sent:
    """File that cannot be sought in, and from which what was written is taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data = b"".join(self._waiting)
        self._waiting.clear()
        return data


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, WRITTEN_IN)
    part.compress_type = zipfile.ZIP_DEFLATED
    part._compresslevel = LEVEL  # type: ignore[attr-defined]  # public as compress_level since Python 3.13
    return part


def _sheet(header: Sequence[str], kinds: Sequence[Kind], portions: Iterable[Sequence[Sequence[Any]]]) -> Iterator[str]:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="18" style="{2 if kind is Kind.TEXT else 3 if kind is Kind.DAY else 0}" customWidth="1"/>'
        for place, kind in enumerate(kinds, 1)
    )
    names = [letters(place) for place in range(len(header))]
    first = "".join(_texts(name, [1], [text], style=1)[0] for name, text in zip(names, header, strict=True))
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        f' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
        f'<row r="1">{first}</row>'
    )
    done = 1
    for portion in portions:
        numbers = range(done + 1, done + 1 + len(portion[0]))
        done = numbers[-1]
        if done > MOST_ROWS:
            raise ValueError(f"A sheet holds {MOST_ROWS:,} rows, and there are more.")
        cells = [RENDER[kind](name, numbers, values) for name, kind, values in zip(names, kinds, portion, strict=True)]
        rows = map("".join, zip(*cells, strict=True))
        yield "".join([f'<row r="{number}">{row}</row>' for number, row in zip(numbers, rows, strict=True)])
    yield "</sheetData></worksheet>"


def _texts(column: str, numbers: Sequence[int], values: Sequence[Any], style: int = 2) -> Rendered:
    """Cells of text. Most texts hold nothing that has to be escaped, and one search over all of them finds out."""
    texts = ["" if value is None else str(value) for value in values]
    if len(longest := max(texts, key=len)) > LONGEST:
        row = numbers[texts.index(longest)]
        raise ValueError(f"Row {row} has a text of {len(longest)} characters, and a workbook holds {LONGEST}.")
    if SPECIAL.search("\0".join(texts)):
        texts = [escape(escaped_controls(text)) for text in texts]
    opening, between = f'<c r="{column}', f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    return [
        f"{opening}{number}{between}{text}</t></is></c>" if text else ""
        for number, text in zip(numbers, texts, strict=True)
    ]


def _typed(fits: Callable[[Any], bool], attributes: str, written: Callable[[Any], Any]) -> Callable[..., Rendered]:
    """Return a function for cells of one type; a value that does not fit it becomes a text."""

    def cells(column: str, numbers: Sequence[int], values: Sequence[Any]) -> Rendered:
        return [
            ""
            if value is None or value == ""
            else f'<c r="{column}{number}"{attributes}><v>{written(value)}</v></c>'
            if fits(value)
            else _texts(column, [number], [value])[0]
            for number, value in zip(numbers, values, strict=True)
        ]

    return cells


RENDER: dict[Kind, Callable[[str, Sequence[int], Sequence[Any]], Rendered]] = {
    Kind.TEXT: _texts,
    Kind.NUMBER: _typed(lambda value: isinstance(value, int | float) and value == value, "", str),
    Kind.FLAG: _typed(lambda value: isinstance(value, bool), ' t="b"', int),
    Kind.DAY: _typed(
        lambda value: isinstance(value, date) and value >= DATED_FROM,
        ' s="3"',
        lambda value: (value - FIRST_DAY).days,
    ),
}


def letters(place: int) -> str:
    """Name of a column, counted from 0: A, B, … Z, AA."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
