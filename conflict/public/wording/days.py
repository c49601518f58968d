"""Dates in words: an EDTF text exactly as precise as it is, in the reader's language."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.dates import MONTHS
from django.utils.translation import gettext_noop, pgettext_lazy

from conflict.public.wording.translation import gettext as _
from conflict.public.wording.translation import language, pgettext

SEASONS = {
    21: gettext_noop("spring"),
    22: gettext_noop("summer"),
    23: gettext_noop("autumn"),
    24: gettext_noop("winter"),
}
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
POINT = re.compile(
    r"(?P<year>-?[0-9X]{4})(?P<doubt>[?~%]?)(?:-(?P<month>[0-9X]{2})[?~%]?)?(?:-(?P<day>[0-9X]{2}))?[?~%]?$"
)


@dataclass(frozen=True, slots=True)
class Point:
    """One date of an EDTF text: what is known of year, month and day, and how surely."""

    year: str
    month: int | None
    day: int | None
    is_approximate: bool
    is_uncertain: bool
    year_is_uncertain: bool


def words(edtf: str, *, short: bool = False) -> str:
    """`2012-04` → “April 2012”, `../2012-04` → “by April 2012”, `2013-01-12~` → “about 12 January 2013”.

    Empty → “date not known”. `short` takes the short names of months, for tables.
    """
    if not edtf:
        return _("date not known")
    if edtf[0] in "[{":
        return _one_of(edtf, short)
    if "/" in edtf:
        start, _slash, end = edtf.partition("/")
        return _interval(start, end, short)
    return _single(_point(edtf), short)


def placed(edtf: str) -> str:
    """The date as a sentence goes on with it: “on 3 March 2013”, “in September 2024”; a stretch of time as it is."""
    said = words(edtf)
    if not edtf or edtf[0] in "[{" or "/" in edtf or any(doubt in edtf for doubt in "~?%X"):
        return said
    return _contracted(
        (pgettext("day", "on %(date)s") if _point(edtf).day else pgettext("month or year", "in %(date)s"))
        % {"date": said}
    )


CONTRACTIONS = {  # of French: what a preposition becomes before a month, a decade, a season
    r"\bde (?=avril|août|octobre|environ)": "d’",
    r"\bde les\b": "des",
    r"\bde (?:vers|environ) (.+)": r"de \1 environ",
    r"\ben les\b": "dans les",
    r"\ben printemps\b": "au printemps",
    r"\ben vers\b": "vers",
    r"\bà partir de (printemps)\b": r"à partir du \1",
    r"\bà partir de (été|automne|hiver)\b": r"à partir de l’\1",
}


def _contracted(said: str) -> str:
    """As it is spoken: French runs prepositions and articles together."""
    if (language() or "").startswith("fr"):
        for apart, together in CONTRACTIONS.items():
            said = re.sub(apart, together, said)
    return said


def day(moment: date, *, short: bool = False) -> str:
    """A calendar day: “3 March 2013”."""
    return _plain(Point(f"{moment.year:04}", moment.month, moment.day, False, False, False), short)


def month(year: int, number: int) -> str:
    return _plain(Point(f"{year:04}", number, None, False, False, False), False)


def _point(text: str) -> Point:
    match = POINT.match(text)
    if not match:
        return Point(text, None, None, False, False, False)
    month_text, day_text = match["month"], match["day"]
    doubt_of_year = match["doubt"] if month_text else ""
    rest = text if not doubt_of_year else text.replace(doubt_of_year, "", 1)
    return Point(
        year=match["year"],
        month=int(month_text) if month_text and month_text.isdigit() else None,
        day=int(day_text) if day_text and day_text.isdigit() else None,
        is_approximate="~" in rest or "%" in rest or doubt_of_year in ("~", "%"),
        is_uncertain="?" in rest or "%" in rest,
        year_is_uncertain=doubt_of_year in ("?", "%"),
    )


def _single(point: Point, short: bool) -> str:
    said = _plain(point, short)
    if point.is_approximate:
        said = pgettext("date", "about %(date)s") % {"date": said}
    if point.year_is_uncertain:
        return _("%(date)s, year uncertain") % {"date": said}
    if point.is_uncertain:
        return _("%(date)s, uncertain") % {"date": said}
    return said


def _plain(point: Point, short: bool, *, with_year: bool = True) -> str:
    year = _year(point.year) if with_year else ""
    if point.month is None:
        return year
    if point.month > 12 and point.month not in SEASONS:
        return f"{point.year}-{point.month}"  # a quarter, a semester: as it is written
    if point.month in SEASONS:
        return f"{_(SEASONS[point.month])} {year}".strip()
    name = _month(point.month, short and point.day is not None, language())
    if point.day is None:
        return f"{name} {year}".strip()
    return f"{_ordinal(point.day)} {name} {year}".strip()


@cache
def _month(number: int, short: bool, _language: str | None) -> str:
    return str(SHORT_MONTHS[number - 1] if short else MONTHS[number])


def _ordinal(number: int) -> str:
    """The day of the month: French says “1er”, both say “2”."""
    return pgettext("first day of a month", "1") if number == 1 else str(number)


def _year(text: str) -> str:
    if "X" not in text:
        return text.lstrip("0") or text
    if re.fullmatch(r"\d{3}X", text):
        return _("the %(decade)ss") % {"decade": text[:3] + "0"}
    return _("an unknown year") if text == "XXXX" else _("the century of %(year)s") % {"year": text.replace("X", "0")}


def _interval(start: str, end: str, short: bool) -> str:
    if start in ("", ".."):
        point = _point(end)
        by = pgettext("day", "by %(date)s") if point.day else pgettext("month or year", "by %(date)s")
        return _contracted(by % {"date": _single(point, short)})
    if end in ("", ".."):
        point = _point(start)
        since = pgettext("day", "from %(date)s on") if point.day else pgettext("month or year", "from %(date)s on")
        return _contracted(since % {"date": _single(point, short)})
    first, last = _point(start), _point(end)
    vague = first.is_approximate or last.is_approximate
    doubtful = first.is_uncertain or last.is_uncertain or first.year_is_uncertain or last.year_is_uncertain
    if vague != (first.is_approximate and last.is_approximate) or doubtful:
        return _("from %(first)s to %(last)s") % {"first": _single(first, short), "last": _single(last, short)}
    said = _span(first, last, short)
    return pgettext("date", "about %(date)s") % {"date": said} if vague else said


def _span(first: Point, last: Point, short: bool) -> str:
    """“8–10 February 2013”, “8 February – 3 March 2013”, “January–April 2013”, “2012–2015”."""
    same_year = first.year == last.year
    if same_year and first.month == last.month and first.day and last.day:
        return f"{_ordinal(first.day)}–{_plain(last, short)}"
    dash = " – " if first.day or last.day or (first.month and not same_year) else "–"
    if same_year and first.month and last.month:
        return f"{_plain(first, short, with_year=False)}{dash}{_plain(last, short)}"
    return f"{_plain(first, short)}{dash}{_plain(last, short)}"


def _one_of(edtf: str, short: bool) -> str:
    inner = edtf[1:-1]
    if ".." in inner and "," not in inner:
        start, end = inner.split("..")
        if not start:
            return _("%(date)s or earlier") % {"date": _single(_point(end), short)}
        if not end:
            return _("%(date)s or later") % {"date": _single(_point(start), short)}
        span = _("some day from %(first)s to %(last)s")
        return span % {"first": _single(_point(start), short), "last": _single(_point(end), short)}
    points = [_point(part) for part in inner.split(",")]
    joint = pgettext("between dates", "and") if edtf[0] == "{" else pgettext("between dates", "or")
    *before, last = points
    years_differ = len({(point.month, point.day) for point in points}) == 1
    months_agree = len({(point.year, point.month) for point in points}) == 1
    if years_differ and last.month:
        heads = [_plain(points[0], short), *(_year(point.year) for point in points[1:])]
    elif months_agree and last.day:
        heads = [*(_ordinal(point.day or 1) for point in before), _plain(last, short)]
    else:
        heads = [_single(point, short) for point in points]
    return f"{', '.join(heads[:-1])} {joint} {heads[-1]}"
