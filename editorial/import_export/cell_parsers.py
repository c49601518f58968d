"""Parsers for cells of foreign data sets; impossible values are refused with the name of the column."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from conflict import text as texts
from conflict import typed_dates
from conflict.dates import ImpossibleDate
from conflict.message import gettext as _
from editorial.import_export.exceptions import CellRefused

Row = Mapping[str, str]

LARGEST_FIGURE = 100_000_000
WHOLE = re.compile(r"(-?\d{1,40})(?:\.00?)?")  # R writes whole numbers as 256789.0
GROUPED = re.compile(r"-?\d{1,3}(?:[.,'’\s]\d{3})+")  # 12.000: twelve for some, twelve thousand for others
MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?(?: ?Z| ?UTC|\+00:00)?$")
CLOCK = re.compile(
    r"(?:(?<=\d)T|,? )\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$"
)
SHORT_YEAR = re.compile(r"(.*[-/. ])(\d{2})")
GPS = re.compile(r"-?\d+(?:\.\d+)?(?:, ?| )-?\d+(?:\.\d+)?(?: -?\d+(?:\.\d+)?){0,2}")
FIVE_PLACES = Decimal("0.00000")
NOTHING = frozenset({"NA", "NULL", "nan"})


def text(row: Row, column: str) -> str:
    """The cell on one line, without surplus spaces; empty for a missing column and for NA."""
    cell = row.get(column)
    if not cell:
        return ""
    cell = tidy(cell)
    return "" if cell in NOTHING else cell


def tidy(words: str) -> str:
    """On one line, by the rule for text."""
    return texts.line(words)


def required(row: Row, column: str) -> str:
    cell = text(row, column)
    if not cell:
        raise CellRefused(column, _("The cell is empty, and every event has one."))
    return cell


def whole(row: Row, column: str) -> int | None:
    """A whole number, or None for an empty cell."""
    cell = text(row, column)
    if not cell:
        return None
    if len(cell) < 10 and cell.isdecimal():
        return int(cell)
    if GROUPED.fullmatch(cell):
        digits = re.sub(r"\D", "", cell)
        raise CellRefused(
            column,
            _("“%(cell)s” may be %(digits)s or a decimal: write it without a sign between the digits.")
            % {"cell": cell, "digits": digits},
        )
    if (match := WHOLE.fullmatch(cell)) is None:
        raise CellRefused(column, _("“%(cell)s” is not a whole number.") % {"cell": cell[:60]})
    return int(match[1])


def figure(row: Row, column: str) -> int:
    """Number of people, never below zero. Empty cells are refused: a missing figure is not zero."""
    number = whole(row, column)
    if number is None:
        raise CellRefused(column, _("The cell is empty; a figure is expected, 0 for none."))
    if not 0 <= number <= LARGEST_FIGURE:
        raise CellRefused(
            column,
            _("%(number)s cannot be a number of people: expected 0 to %(largest)s.")
            % {"number": number, "largest": LARGEST_FIGURE},
        )
    return number


def code(row: Row, column: str, known: Mapping[int, str]) -> int:
    """One of the codes of a code list."""
    number = whole(row, column)
    if number is None or number not in known:
        expected = ", ".join(f"{key} ({name})" for key, name in known.items())
        raise CellRefused(
            column,
            _("The cell is empty: expected %(expected)s.") % {"expected": expected}
            if number is None
            else _("“%(number)s” is no code of this column: expected %(expected)s.")
            % {"number": number, "expected": expected},
        )
    return number


def day(row: Row, column: str) -> date:
    """A day, as 2019-06-09 (a midnight may follow), 09 June 2019, or any other unambiguous form.

    A two-digit year is accepted if the row's own year gives the century.
    """
    cell = required(row, column)
    if len(cell) > len("2019-06-09"):
        cell = MIDNIGHT.sub("", cell)
    try:
        found = _day(cell, text(row, "year"))
    except ImpossibleDate as error:
        raise CellRefused(column, str(error)) from error
    except ValueError as error:
        raise CellRefused(
            column,
            _("“%(cell)s” is not a day of the calendar: write it as 2019-06-09 or 09 June 2019.") % {"cell": cell[:60]},
        ) from error
    if not 1800 <= found.year <= 2100:
        raise CellRefused(column, _("“%(cell)s” lies outside the years 1800 to 2100.") % {"cell": cell})
    return found


@lru_cache(maxsize=16_384)
def _day(cell: str, year: str) -> date:
    if len(cell) == 10 and cell[4] == "-" and cell[7] == "-":
        return date.fromisoformat(cell)
    if (short := SHORT_YEAR.fullmatch(cell)) and len(year) == 4 and year.endswith(short[2]):
        cell = f"{short[1]}{year}"
    return typed_dates.day(cell)


def moment(row: Row, column: str) -> date:
    """The day of a moment, as phones and forms write it: 2017-10-23T05:40:39.000-04:00 is 23 October there and then."""
    return day({**row, column: CLOCK.sub("", required(row, column))}, column)


def degrees(row: Row, column: str, limit: int) -> Decimal | None:
    """Degrees to five places, about a metre; None for an empty cell."""
    cell = text(row, column)
    if not cell:
        return None
    try:
        number = Decimal(cell)
        inside = abs(number) <= limit
    except InvalidOperation:
        number, inside = Decimal(0), False
    if not inside:
        raise CellRefused(
            column,
            _("“%(cell)s” is not a number of degrees from −%(limit)s to %(limit)s: write 14.5, with a point.")
            % {"cell": cell[:60], "limit": limit},
        )
    return round(number, 5) + FIVE_PLACES


def point(row: Row, north: str = "latitude", east: str = "longitude") -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude of the two columns, both or neither."""
    latitude, longitude = degrees(row, north, 90), degrees(row, east, 180)
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise CellRefused(
            north if latitude is None else east,
            _("Only one of latitude and longitude is given: give both or neither."),
        )
    return latitude, longitude


def gps(row: Row, column: str) -> tuple[Decimal, Decimal] | None:
    """The point of a cell that Kobo or ODK wrote: latitude, longitude, altitude and accuracy with spaces between."""
    cell = text(row, column)
    if not cell:
        return None
    if not GPS.fullmatch(cell):
        raise CellRefused(
            column, _("“%(cell)s” is no point: write latitude and longitude, as in 14.35 -3.61.") % {"cell": cell[:60]}
        )
    latitude, longitude = cell.replace(",", " ").split()[:2]
    return point({"latitude": latitude, "longitude": longitude})


def comparable(cell: str) -> str:
    """The cell normalized for comparison: without capitals, spaces, or zeros that other programs add."""
    cell = texts.straight(tidy(cell))
    if cell in NOTHING:
        return ""
    try:
        return str(Decimal(cell).normalize())
    except InvalidOperation:
        return MIDNIGHT.sub("", cell).casefold()
