"""Dates as precise as known and no more: EDTF text (ISO 8601-2) and the days it may mean.

The `edtf` package parses; what it accepts but no calendar has (2015-02-29), what it
crashes on, and what says nothing (`../..`) is refused here with a sentence. Its Django
field is not used: it pickles parsed objects into the database.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

LONGEST_TEXT = 80
QUALIFIERS = str.maketrans("", "", "?~%")
ONE_DAY = timedelta(days=1)
PLAIN = re.compile(r"(?!0000)(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?[?~%]?", re.ASCII)
SIDE = re.compile(rf"{PLAIN.pattern}|\.\.", re.ASCII)  # of an interval


class ImpossibleDate(ValueError):
    """The text is not a date that this chronology can place; the message says why and what to write."""


class Precision(StrEnum):
    """The precision of a date: the unit that the text pins down."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"
    ONE_OF = "one_of"
    LONGER = "longer"


@dataclass(frozen=True, slots=True)
class When:
    """An EDTF text and the half-open run of days [starts_on, ends_before) that it may mean.

    None on either side is an open end. `sorts_on` is where the text stands in a list:
    its first day, or, where the beginning is open (`../2012-04`), the first day of its end.
    """

    text: str
    starts_on: date | None
    ends_before: date | None
    sorts_on: date
    precision: Precision
    is_approximate: bool
    is_uncertain: bool


@lru_cache(maxsize=16_384)  # more than there are days in forty years
def parse(text: str) -> When:
    """Read an EDTF text of level 0 or 1, or a one-of set such as [2014-02-20,2015-02-20].

    Raises ImpossibleDate, whose message names the text, the fault and the remedy.
    """
    text = unicodedata.normalize("NFC", text).strip()
    _refuse_days_no_calendar_has(text)
    first, last = _bounds(text)
    if first is None and last is None:
        raise ImpossibleDate(f"“{text}” is open at both ends and says nothing: leave the date empty.")
    if first and last and first > last:
        raise ImpossibleDate(f"“{text}” ends before it starts: put the earlier date first.")
    try:
        ends_before = last + ONE_DAY if last else None
    except OverflowError as error:
        raise ImpossibleDate(f"“{text}” lies outside the years 1 to 9999.") from error
    return When(
        text=text,
        starts_on=first,
        ends_before=ends_before,
        sorts_on=first or _start_of_the_end(text),
        precision=_precision(text),
        is_approximate="~" in text or "%" in text,
        is_uncertain="?" in text or "%" in text,
    )


def _bounds(text: str) -> tuple[date | None, date | None]:
    """First and last day, None where it is open.

    Nearly all dates are a day, month or year, or run from one to another; the grammar, which
    reads everything, takes a thousand times as long for them.
    """
    match text.split("/"):
        case [day] if plain := PLAIN.fullmatch(day):
            return _days(plain)
        case [start, end] if (starts := SIDE.fullmatch(start)) and (ends := SIDE.fullmatch(end)):
            return _days(starts)[0], _days(ends)[1]
    parsed = _parsed(text)
    return _day(parsed.lower_strict(), text), _day(parsed.upper_strict(), text)


def _days(plain: re.Match[str]) -> tuple[date, date] | tuple[None, None]:
    year, month, day = plain.groups()
    if year is None:
        return None, None
    first = date(int(year), int(month or 1), int(day or 1))
    if day:
        return first, first
    last_month = first.month if month else 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])


def _parsed(text: str):  # type: ignore[no-untyped-def]  # edtf ships no types
    if not text:
        raise ImpossibleDate("The date is empty: write what is known, for example 2013-01 or ../2012-04.")
    if len(text) > LONGEST_TEXT or not re.fullmatch(r"[0-9X?~%/.,\[\]{}YyES-]+", text):
        raise ImpossibleDate(
            f"“{text[:LONGEST_TEXT]}” is not EDTF: write 2013-01-10, 2013-01, 2013~ or 2013-01-10/2013-01-18."
        )
    try:
        return parse_edtf(text)
    except (EDTFParseException, AttributeError, TypeError, ValueError, KeyError) as error:
        raise ImpossibleDate(
            f"“{text}” is not EDTF: write 2013-01-10, 2013-01, 2013~ or 2013-01-10/2013-01-18."
        ) from error


def _refuse_days_no_calendar_has(text: str) -> None:
    for year, month, day in re.findall(r"(\d{4})-(\d{2})-(\d{2})", text.translate(QUALIFIERS)):
        if int(year) and 1 <= int(month) <= 12 and not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
            raise ImpossibleDate(f"“{text}” names {year}-{month}-{day}, a day that the calendar does not have.")


def _day(bound: object, text: str) -> date | None:
    if isinstance(bound, float):  # edtf gives ±infinity for an open end
        return None
    year, month, day = bound[:3]  # type: ignore[index]  # a time.struct_time otherwise
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDate(f"“{text}” lies outside the years 1 to 9999.") from error


def _start_of_the_end(text: str) -> date:
    end = re.split(r"/|\.\.", text.strip("[]{}"))[-1]
    start = parse(end).starts_on
    if start is None:
        raise ImpossibleDate(f"“{text}” has no day to sort by.")
    return start


def _precision(text: str) -> Precision:
    if text[0] in "[{":
        return Precision.ONE_OF
    if "/" in text:
        return Precision.INTERVAL
    parts = text.translate(QUALIFIERS).split("-")
    if "X" in parts[0]:
        return Precision.LONGER
    known = [part for part in parts if "X" not in part]
    return {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}.get(len(known), Precision.LONGER)
