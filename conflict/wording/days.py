"""Dates in words: EDTF texts with exactly their precision, in the reader's language."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache

from django.utils.dates import MONTHS
from django.utils.translation import gettext_noop, pgettext_lazy

from conflict import dates
from conflict.dates import Point, Precision
from conflict.wording.messages import gettext as _
from conflict.wording.messages import label_in, language, pgettext

SEASONS = (
    gettext_noop("spring %(year)s"),
    gettext_noop("summer %(year)s"),
    gettext_noop("autumn %(year)s"),
    gettext_noop("winter %(year)s"),
)
QUARTERS = (
    gettext_noop("first quarter of %(year)s"),
    gettext_noop("second quarter of %(year)s"),
    gettext_noop("third quarter of %(year)s"),
    gettext_noop("fourth quarter of %(year)s"),
)
HALVES = (gettext_noop("first half of %(year)s"), gettext_noop("second half of %(year)s"))
SHORT_MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)


def words(edtf: str, *, short: bool = False) -> str:
    """Date in words: `2012-04` → “April 2012”, `../2012-04` → “by April 2012”, `2013-01-12~` → “about 12 January 2013”.

    Empty → “date not known”. `short` uses short names of months, for tables. A text that is not a date is returned
    unchanged.
    """
    return _words(edtf, short, language()) if edtf else _("date not known")


@lru_cache(maxsize=16_384)
def _words(edtf: str, short: bool, _language: str | None) -> str:
    try:
        points = dates.sides(edtf)
    except dates.ImpossibleDate:
        return edtf
    if edtf[0] in "[{":
        return _one_of(edtf, points, short)
    if "/" in edtf:
        return _interval(edtf, points, short)
    (point,) = points
    return _single(point, short) if point else edtf


def placed(edtf: str) -> str:
    """Date within a sentence: “on 3 March 2013”, “in September 2024”; a range of time unchanged."""
    phrase = words(edtf)
    if not edtf or edtf[0] in "[{" or "/" in edtf or any(doubt in edtf for doubt in "~?%X"):
        return phrase
    return _contracted(
        (
            pgettext("day", "on %(date)s")
            if dates.parse(edtf).precision == dates.Precision.DAY
            else pgettext("month or year", "in %(date)s")
        )
        % {"date": phrase}
    )


CONTRACTIONS = {  # French: a preposition before a month, a decade or a season
    r"\bde (?=avril|août|octobre|environ)": "d’",
    r"\bde les\b": "des",
    r"\bde (?:vers|environ) (.+)": r"de \1 environ",
    r"\ben les\b": "dans les",
    r"\ben printemps\b": "au printemps",
    r"\ben vers\b": "vers",
    r"\bà partir de (printemps)\b": r"à partir du \1",
    r"\bà partir de (été|automne|hiver)\b": r"à partir de l’\1",
}


def _contracted(phrase: str) -> str:
    """Apply French contractions of prepositions and articles."""
    if (language() or "").startswith("fr"):
        for apart, together in CONTRACTIONS.items():
            phrase = re.sub(apart, together, phrase)
    return phrase


def day(moment: date, *, short: bool = False) -> str:
    """A calendar day: “3 March 2013”."""
    return _day(moment.day, moment.month, moment.year, short)


def month_names(*, short: bool = False) -> list[str]:
    """Names of the twelve months, from January."""
    return [_month(number, short, language()) for number in range(1, 13)]


def month(year: int, number: int) -> str:
    return f"{_month(number, False, language())} {year}"


def _single(point: Point, short: bool) -> str:
    phrase = _plain(point, short)
    if point.approximate:
        phrase = pgettext("date", "about %(date)s") % {"date": phrase}
    match sorted(point.uncertain, key=("year", "month", "day").index):
        case []:
            return phrase
        case [*named] if len(named) == 1 + bool(point.month) + bool(point.day):
            return _("%(date)s, uncertain") % {"date": phrase}
        case ["year"]:
            return _("%(date)s, year uncertain") % {"date": phrase}
        case ["month"]:
            return _("%(date)s, month uncertain") % {"date": phrase}
        case ["day"]:
            return _("%(date)s, day uncertain") % {"date": phrase}
        case ["year", "month"]:
            return _("%(date)s, year and month uncertain") % {"date": phrase}
        case ["year", "day"]:
            return _("%(date)s, year and day uncertain") % {"date": phrase}
    return _("%(date)s, month and day uncertain") % {"date": phrase}


def _plain(point: Point, short: bool, *, with_year: bool = True) -> str:
    match point.precision:
        case Precision.DAY:
            return _day(point.first.day, point.first.month, point.first.year if with_year else None, short)
        case Precision.MONTH:
            name = _month(point.first.month, False, language())
            return f"{name} {_year(point.year)}" if with_year else name
        case Precision.YEAR:
            return _year(point.year)
        case Precision.SEASON:
            return _season(point)
        case Precision.QUARTER:
            return _(QUARTERS[int(point.month) - 33]) % {"year": _year(point.year)}
        case Precision.PART_OF_YEAR if point.month in ("40", "41"):
            return _(HALVES[int(point.month) - 40]) % {"year": _year(point.year)}
        case Precision.PART_OF_YEAR if point.month in ("37", "38", "39"):
            return f"{_month(point.first.month, False, language())}–{month(point.last.year, point.last.month)}"
        case Precision.LONGER if re.fullmatch(r"\d{3}X", point.year):
            return _("the %(decade)ss") % {"decade": point.year[:3] + "0"}
    return _between(point, short)


def _between(point: Point, short: bool) -> str:
    """A range of days with unknown last digits: `2013-01-1X`, `2013-1X`, `20XX`."""
    first, last = point.first, point.last
    if point.precision == Precision.PART_OF_MONTH:
        ends = _ordinal(first.day), _day(last.day, last.month, last.year, short)
    elif point.precision == Precision.PART_OF_YEAR:
        ends = _month(first.month, False, language()), month(last.year, last.month)
    else:
        ends = str(first.year), str(last.year)
    between = pgettext("day", "between %(first)s and %(last)s") if point.day else _("between %(first)s and %(last)s")
    return between % {"first": ends[0], "last": ends[1]}


def _season(point: Point) -> str:
    """Season in words; a winter is named by both of its years."""
    years = _year(point.year) if point.first.year == point.last.year else f"{point.first.year}–{point.last.year}"
    phrase = _(SEASONS[dates.SEASONS[int(point.month)] - 1]) % {"year": years}
    if int(point.month) <= 24:
        return phrase
    north = int(point.month) <= 28
    return (_("%(season)s (northern hemisphere)") if north else _("%(season)s (southern hemisphere)")) % {
        "season": phrase
    }


def _day(number: int, month_number: int, year: int | None, short: bool) -> str:
    return f"{_ordinal(number)} {_month(month_number, short, language())} {year or ''}".strip()


@cache
def _month(number: int, short: bool, spoken: str | None) -> str:
    return label_in(spoken, SHORT_MONTHS[number - 1] if short else MONTHS[number])


def _ordinal(number: int) -> str:
    """Day of the month: French says “1er”, both say “2”."""
    return pgettext("first day of a month", "1") if number == 1 else str(number)


def _year(text: str) -> str:
    return text.lstrip("0")


def _interval(edtf: str, points: Sequence[Point | None], short: bool) -> str:
    first, last = points
    start, _slash, end = edtf.partition("/")
    if first is None or last is None:
        return _contracted(_half_open(first, last, short, is_open=dates.OPEN in (start, end)))
    vague = first.approximate or last.approximate
    if bool(first.approximate) != bool(last.approximate) or first.uncertain or last.uncertain:
        return _("from %(first)s to %(last)s") % {"first": _single(first, short), "last": _single(last, short)}
    phrase = _span(first, last, short)
    return pgettext("date", "about %(date)s") % {"date": phrase} if vague else phrase


def _half_open(first: Point | None, last: Point | None, short: bool, *, is_open: bool) -> str:
    """Interval with only one known end: the other is open or unknown."""
    point = first or last
    if point is None:
        return ""
    values, is_day = {"date": _single(point, short)}, bool(point.day)
    if first is None and is_open:
        return (pgettext("day", "by %(date)s") if is_day else pgettext("month or year", "by %(date)s")) % values
    if first is None:
        ends = (
            pgettext("day", "until %(date)s, beginning unknown"),
            pgettext("month or year", "until %(date)s, beginning unknown"),
        )
        return ends[not is_day] % values
    if is_open:
        since = pgettext("day", "from %(date)s on"), pgettext("month or year", "from %(date)s on")
        return since[not is_day] % values
    since = pgettext("day", "from %(date)s, end unknown"), pgettext("month or year", "from %(date)s, end unknown")
    return since[not is_day] % values


def _span(first: Point, last: Point, short: bool) -> str:
    """“8–10 February 2013”, “8 February – 3 March 2013”, “January–April 2013”, “2012–2015”."""
    kinds = {first.precision, last.precision}
    if not kinds <= {Precision.DAY, Precision.MONTH, Precision.YEAR}:
        return _("from %(first)s to %(last)s") % {"first": _plain(first, short), "last": _plain(last, short)}
    same_year = first.year == last.year
    if same_year and first.month == last.month and kinds == {Precision.DAY}:
        return f"{_ordinal(first.first.day)}–{_plain(last, short)}"
    has_month = first.precision != Precision.YEAR
    dash = " – " if Precision.DAY in kinds or (has_month and not same_year) else "–"
    if same_year and Precision.YEAR not in kinds:
        return f"{_plain(first, short, with_year=False)}{dash}{_plain(last, short)}"
    return f"{_plain(first, short)}{dash}{_plain(last, short)}"


def _one_of(edtf: str, points: Sequence[Point | None], short: bool) -> str:
    if ".." in edtf:
        return _run(edtf, points, short)
    members = [point for point in points if point]
    if len(members) == 1:
        return _single(members[0], short)
    joint = pgettext("between dates", "and") if edtf[0] == "{" else pgettext("between dates", "or")
    *before, last = members
    doubts = any(point.approximate or point.uncertain for point in members)
    kinds = {point.precision for point in members}
    years_differ = len({(point.month, point.day) for point in members}) == 1
    months_agree = len({(point.year, point.month) for point in members}) == 1
    if years_differ and not doubts and kinds <= {Precision.DAY, Precision.MONTH}:
        heads = [_plain(members[0], short), *(_year(point.year) for point in members[1:])]
    elif months_agree and not doubts and kinds == {Precision.DAY}:
        heads = [*(_ordinal(point.first.day) for point in before), _plain(last, short)]
    else:
        heads = [_single(point, short) for point in members]
    return f"{', '.join(heads[:-1])} {joint} {heads[-1]}"


def _run(edtf: str, points: Sequence[Point | None], short: bool) -> str:
    """A range: `[a..b]`, one date between the two, either of which may be open; `{a..b}`, all of them."""
    start, end = points
    if start and end:
        span = _("from %(first)s to %(last)s") if edtf[0] == "{" else _("some day from %(first)s to %(last)s")
        return span % {"first": _single(start, short), "last": _single(end, short)}
    if start:
        return _("%(date)s or later") % {"date": _single(start, short)}
    return _("%(date)s or earlier") % {"date": _single(end, short)} if end else edtf
