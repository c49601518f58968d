"""Rules shared by all kinds of workbook: cells that mean true, the precision of dates, refused sheets."""

from collections.abc import Iterator
from datetime import date, datetime, time

from conflict.message import gettext as _
from conflict.workbook import MOST_ROWS  # a file may claim more, and reading up to there would take minutes
from editorial.import_export.exceptions import FileRefused

MOST_COLUMNS = 500
MOST_CELLS = 40_000_000  # empty ones included: a minute's reading
MARK_TORN = "\xef\xbb\xbf"  # the mark of UTF-8, read as Windows-1252
TRUE = frozenset({"true", "1", "1.0", "vrai", "yes", "oui"})  # and what spreadsheets in French make of it
FALSE = frozenset({"false", "0", "0.0", "faux", "no", "non"})
TRUTHS = {"=TRUE()": "True", "=FALSE()": "False"}  # as LibreOffice saves values it read as booleans


def without_caption(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows from the header on: a title alone on the line above it, as Numbers writes one, is no header."""
    first = next(rows, None)
    if first is not None and _filled(first) == 1 and (second := next(rows, None)):
        yield from [second] if _filled(second) > 1 else [first, second]
    elif first is not None:
        yield first
    yield from rows


def _filled(row: tuple[int, list[str]]) -> int:
    return sum(1 for cell in row[1] if cell)


def refuse_torn(header: list[str]) -> None:
    """Refuse a UTF-8 file that a program read in another encoding and saved again: all its accents are lost."""
    if header[0].startswith(MARK_TORN):
        raise FileRefused(
            _(
                "The file was opened in the wrong encoding and saved: its accents are lost. Open the export again as UTF-8, or take the XLSX, and make the changes there."
            ),
            line=1,
        )


def refuse_too_long(row: int, cells: int = 0) -> None:
    """Raises FileRefused where a sheet goes on beyond what any real one holds."""
    if row > MOST_ROWS:
        raise FileRefused(
            _("A sheet has at most %(most)s rows, and this one goes on below: delete what is there.")
            % {"most": MOST_ROWS},
            line=MOST_ROWS,
        )
    if cells > MOST_CELLS:
        raise FileRefused(
            _("The sheet has more than %(most)s cells, most of them empty: save it as CSV.") % {"most": MOST_CELLS},
            line=row,
        )


def refuse_several_sheets(titles: list[str]) -> None:
    named = ", ".join(f"“{title}”" for title in titles)
    raise FileRefused(
        _("Several sheets of the workbook hold something: %(named)s. Save the one to import by itself.")
        % {"named": named}
    )


def as_precise_as_shown(value: date, parts: frozenset[str]) -> str | None:
    """A date cell as EDTF, no more precise than its display; None if it shows no year.

    A spreadsheet stores “Jan 2013” as the first of January.
    """
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    day = moment.date().isoformat()
    if "y" not in parts and parts & {"d", "m"} and "h" not in parts:
        return None
    if parts == {"y"}:
        return day[:4]
    if parts == {"y", "m"}:
        return day[:7]
    return day if moment.time() == time() else moment.isoformat()
