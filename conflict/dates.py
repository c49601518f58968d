"""Dates with exactly the known precision: EDTF text (ISO 8601-2) and the range of days that it may mean. The database has
that range as a span (`conflict/record/models/spans.py`).

Supported are levels 0 and 1, and as much of level 2 as the desk can put into words: seasons, quarters and halves of a
year, unknown digits at the end of a part (2013-01-1X), doubt about single parts, and sets. Anything else is rejected
with a helpful message, never with another exception.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from conflict import text as texts
from conflict.message import Refusal
from conflict.message import gettext as _

LONGEST_TEXT = 80
ONE_DAY = timedelta(days=1)
PART = r"[?~%]?[0-9X]{{{}}}[?~%]?"
POINT = re.compile(rf"{PART.format(4)}(?:-{PART.format(2)}(?:-{PART.format(2)})?)?", re.ASCII)
PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?([?~%]?)", re.ASCII)
SEASONS = {
    **{number: number - 20 for number in range(21, 25)},
    **{number: (number - 21) % 4 + 1 for number in range(25, 33)},
}
OPEN, UNKNOWN = "..", ""


class ImpossibleDate(Refusal):
    """The text is not a date that this chronology can place in time; the message gives the reason and an alternative."""


class Precision(StrEnum):
    """The precision of a date: the unit that the text pins down."""

    DAY = "day"
    PART_OF_MONTH = "part_of_month"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    PART_OF_YEAR = "part_of_year"
    YEAR = "year"
    INTERVAL = "interval"
    ONE_OF = "one_of"
    LONGER = "longer"


@dataclass(frozen=True, slots=True)
class When:
    """An EDTF text with the half-open range of days [starts_on, ends_before) that it may mean.

    None on either side means that this end is open or unknown. `sorts_on` is its position in a list: its first day, or,
    if the beginning is open (`../2012-04`), the first day of its end.
    """

    text: str
    starts_on: date | None
    ends_before: date | None
    sorts_on: date
    precision: Precision
    is_approximate: bool
    is_uncertain: bool

    def may_lie_within(self, start: date | None, end: date | None) -> bool:
        """True if one of its days lies in the half-open period [start, end); None leaves a side open.

        The condition for the database is in `conflict/record/models/spans.py`.
        """
        return (start is None or self.ends_before is None or start < self.ends_before) and (
            end is None or self.starts_on is None or self.starts_on < end
        )


class Point(NamedTuple):
    """One date of an EDTF text, part by part.

    `month` may be a season or quarter (21 to 41); X stands for an unknown digit.

    The doubts are the qualifiers of each part: of that part alone (written before it) or of all parts so far (written
    after it).
    """

    year: str
    month: str
    day: str
    approximate: frozenset[str]
    uncertain: frozenset[str]
    first: date
    last: date

    @property
    def precision(self) -> Precision:
        if self.day and self.day != "XX":
            return Precision.PART_OF_MONTH if "X" in self.day else Precision.DAY
        if self.month and self.month != "XX":
            if "X" in self.month or int(self.month) >= 37:
                return Precision.PART_OF_YEAR
            number = int(self.month)
            return Precision.MONTH if number <= 12 else Precision.SEASON if number <= 32 else Precision.QUARTER
        return Precision.LONGER if "X" in self.year else Precision.YEAR


@lru_cache(maxsize=16_384)  # more than the number of days in forty years
def parse(text: str) -> When:
    """Parse an EDTF text. Raises ImpossibleDate with a message that names the text, the fault and the remedy."""
    text = texts.line(text)
    if not text:
        raise ImpossibleDate(_("The date is empty: write what is known, for example 2013-01 or ../2012-04."))
    if len(text) > LONGEST_TEXT:
        raise _no_edtf(text)
    points = sides(text)
    known = [point for point in points if point]
    if not known:
        raise ImpossibleDate(_("“%(text)s” says nothing of when: leave the date empty.") % {"text": text})
    first, last = points[0], points[-1]
    if text[0] in "[{" and ".." not in text:
        starts_on, ends_on = min(point.first for point in known), max(point.last for point in known)
    else:
        starts_on, ends_on = first and first.first, last and last.last  # type: ignore[assignment]
    if starts_on and ends_on and starts_on > ends_on:
        raise ImpossibleDate(_("“%(text)s” ends before it starts: put the earlier date first.") % {"text": text})
    if ends_on == date.max:
        raise _outside(text)
    return When(
        text=text,
        starts_on=starts_on,
        ends_before=ends_on + ONE_DAY if ends_on else None,
        sorts_on=starts_on or known[0].first,
        precision=_precision(text, known[0]),
        is_approximate=any(point.approximate for point in known),
        is_uncertain=any(point.uncertain for point in known),
    )


def months_until(text: str, at: date) -> int:
    """Months of the calendar from a date to another: 2 from September to November."""
    start = parse(text).sorts_on
    return (at.year - start.year) * 12 + at.month - start.month


def sides(text: str) -> list[Point | None]:
    """Dates of a text: one, the ends of an interval or range (None if open or unknown), or the members of a set."""
    if text[:1] in "[{":
        return list(_members(text))
    start, slash, end = text.partition("/")
    if not slash:
        return [point(text, text)]
    return [None if side in (OPEN, UNKNOWN) else point(side, text) for side in (start, end)]


def _members(text: str) -> Iterator[Point | None]:
    closing = {"[": "]", "{": "}"}[text[0]]
    inner = text[1:-1]
    if text[-1] != closing or not inner:
        raise _no_edtf(text)
    if ".." in inner and "," not in inner:
        start, _dots, end = inner.partition("..")
        yield point(start, text) if start else None
        yield point(end, text) if end else None
        return
    if ".." in inner:
        raise ImpossibleDate(
            _(
                "“%(text)s” mixes single dates with a run of dates: write single dates, or one run as [2013-01..2013-03]."
            )
            % {"text": text}
        )
    for member in inner.split(","):
        yield point(member.strip(" "), text)


def point(text: str, whole: str = "") -> Point:
    """Parse one date. `whole` is the text that contains it, for messages."""
    if (plain := PLAIN.fullmatch(text)) and plain[1] != "0000":
        year, month, day, doubt = plain.groups()
        first, last = _plain_days(year, month or "", day or "", whole or text)
        named = frozenset(("year", "month", "day")[: 1 + bool(month) + bool(day)])
        nothing = frozenset[str]()
        return Point(
            *(year, month or "", day or ""),
            named if doubt in ("~", "%") else nothing,
            named if doubt in ("?", "%") else nothing,
            *(first, last),
        )
    if not POINT.fullmatch(text):
        raise _no_edtf(whole or text)
    return _qualified(text, whole or text)


def _qualified(text: str, whole: str) -> Point:
    """Parse a date with unknown digits, with doubts about single parts, or in a season."""
    doubts: dict[str, set[str]] = {"?": set(), "~": set()}
    parts: dict[str, str] = {"year": "", "month": "", "day": ""}
    for name, part in zip(parts, text.split("-"), strict=False):
        parts[name] = part.strip("?~%")
        named = {"before": {name}, "after": {known for known in parts if parts[known]}}
        for sign, about in ((part[0], named["before"]), (part[-1], named["after"])):
            for doubt in {"?": "?", "~": "~", "%": "?~"}.get(sign, ""):
                doubts[doubt] |= about
    first, last = _days(parts["year"], parts["month"], parts["day"], whole)
    doubted = frozenset(doubts["~"]), frozenset(doubts["?"])
    return Point(parts["year"], parts["month"], parts["day"], *doubted, first, last)


def _days(year: str, month: str, day: str, whole: str) -> tuple[date, date]:
    """First and last day that the parts may mean."""
    if year == "0000" or year == "XXXX":
        raise _outside(whole)
    if not re.fullmatch(r"[0-9]+X*", year) or ("X" in year and (month.strip("X") or day.strip("X"))):
        raise _unsayable(whole)
    if "X" in year:
        return date(max(int(year.replace("X", "0")), 1), 1, 1), date(int(year.replace("X", "9")), 12, 31)
    if month == "XX" or not month:
        if day.strip("X"):
            raise _unsayable(whole)
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if "X" in month:
        if day.strip("X") or month not in ("0X", "1X"):
            raise _unsayable(whole) if month[0] == "X" else _no_edtf(whole)
        return _months(int(year), 1, 9) if month == "0X" else _months(int(year), 10, 12)
    if int(month) > 12:
        if day:
            raise _no_edtf(whole)
        return _part_of_year(int(year), int(month), whole)
    if "X" not in day or day == "XX":
        return _plain_days(year, month, day.replace("XX", ""), whole)
    if day[0] == "X":
        raise _unsayable(whole)
    longest = monthrange(int(year), _month(month, whole))[1]
    first, last = max(int(day[0]) * 10, 1), min(int(day[0]) * 10 + 9, longest)
    if first > last:
        raise _no_such_day(whole, f"{year}-{month}-{day}")
    return date(int(year), int(month), first), date(int(year), int(month), last)


def _plain_days(year: str, month: str, day: str, whole: str) -> tuple[date, date]:
    if not month:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    longest = monthrange(int(year), _month(month, whole))[1]
    if not day:
        return date(int(year), int(month), 1), date(int(year), int(month), longest)
    if not 1 <= int(day) <= longest:
        raise _no_such_day(whole, f"{year}-{month}-{day}")
    found = date(int(year), int(month), int(day))
    return found, found


def _month(text: str, whole: str) -> int:
    if not 1 <= int(text) <= 12:
        raise _no_edtf(whole)
    return int(text)


def _part_of_year(year: int, number: int, whole: str) -> tuple[date, date]:
    """First and last day of a season, quarter or half.

    Seasons are meteorological: spring begins in March, and winter extends into the next year. South of the equator they
    are half a year later.
    """
    if 21 <= number <= 32:
        starts = 3 * SEASONS[number] + (6 if number >= 29 else 0)
        return _months(year, (starts - 1) % 12 + 1, (starts + 1) % 12 + 1)
    for first_number, months in ((33, 3), (37, 4), (40, 6)):
        if first_number <= number < first_number + 12 // months:
            starts = (number - first_number) * months + 1
            return _months(year, starts, starts + months - 1)
    raise _no_edtf(whole)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    ends_in = year + (last < first)
    if ends_in > date.max.year:
        raise ImpossibleDate(_("The date lies outside the years 1 to 9999."))
    return date(year, first, 1), date(ends_in, last, monthrange(ends_in, last)[1])


def _precision(text: str, known: Point) -> Precision:
    if text[0] in "[{":
        return Precision.ONE_OF
    return Precision.INTERVAL if "/" in text else known.precision


def _no_edtf(text: str) -> ImpossibleDate:
    if re.fullmatch(r"-\d{4}(-\d{2}){0,2}[?~%]?|Y-?\d{5,}.*", text):
        return _outside(text)
    return ImpossibleDate(
        _("“%(text)s” is not a date in EDTF: write 2013-01-10, 2013-01, 2013~ or 2013-01-10/2013-01-18.")
        % {"text": f"{text[:LONGEST_TEXT]}…" if len(text) > LONGEST_TEXT else text}
    )


def _no_such_day(text: str, day: str) -> ImpossibleDate:
    return ImpossibleDate(
        _("“%(text)s” names %(day)s, a day that the calendar does not have.") % {"text": text, "day": day}
    )


def _outside(text: str) -> ImpossibleDate:
    return ImpossibleDate(_("“%(text)s” lies outside the years 1 to 9999.") % {"text": text})


def _unsayable(text: str) -> ImpossibleDate:
    return ImpossibleDate(
        _(
            "“%(text)s” leaves out a digit before one that it gives, and this is no run of days: leave out the digits at the end only, as in 2013-01-1X, 2013-XX or 201X."
        )
        % {"text": text}
    )
