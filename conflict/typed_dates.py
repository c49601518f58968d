"""Parser for dates as typed in English and French, returning EDTF: “9 June 2019”, “10/01/2013”, “du 8 au 10 mars 2012”.

Ambiguous dates are rejected with both readings; EDTF itself is accepted unchanged.
"""

import re
from datetime import date

from conflict import dates
from conflict import text as texts
from conflict.dates import ImpossibleDate, When
from conflict.message import gettext as _

MONTHS = (
    ("january", "jan", "janvier", "janv"),
    ("february", "feb", "fevrier", "fevr", "fev"),
    ("march", "mar", "mars"),
    ("april", "apr", "avril", "avr"),
    ("may", "mai"),
    ("june", "jun", "juin"),
    ("july", "jul", "juillet", "juil"),
    ("august", "aug", "aout"),
    ("september", "sept", "sep", "septembre"),
    ("october", "oct", "octobre"),
    ("november", "nov", "novembre"),
    ("december", "dec", "decembre"),
)
NUMBER_OF_MONTH = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
PARTS_OF_YEAR = {
    **dict.fromkeys(("spring", "printemps"), 21),
    **dict.fromkeys(("summer", "ete"), 22),
    **dict.fromkeys(("autumn", "fall", "automne"), 23),
    **dict.fromkeys(("winter", "hiver"), 24),
    **{f"{letter}{number}": 32 + number for letter in "qt" for number in range(1, 5)},
}
ORDINALS = {
    **dict.fromkeys(("first", "1st", "premier", "1er"), 1),
    **dict.fromkeys(("second", "2nd", "deuxieme", "2e"), 2),
    **dict.fromkeys(("third", "3rd", "troisieme", "3e"), 3),
    **dict.fromkeys(("fourth", "4th", "quatrieme", "4e"), 4),
}
LENGTHS = {"quarter": (32, 4), "trimestre": (32, 4), "half": (39, 2), "semestre": (39, 2)}
MONTH = "(" + "|".join(sorted(NUMBER_OF_MONTH, key=len, reverse=True)) + r")\.?"
DAY = r"(\d{1,2})(?:st|nd|rd|th|er)?"
YEAR = r"(\d{4})"
ABOUT = re.compile(r"^(?:about|around|circa|ca\.?|c\.|approximately|vers|environ)\s+|\s+environ$|^~")
SINCE = re.compile(r"(?:since|depuis(?: le)?|a partir d(?:e |u |'))\s*(.+)|from (.+) on")
UNTIL = re.compile(r"(?:until|till|by|up to|jusqu'(?:a|au|en)|au plus tard(?: le| en)?) (.+)")
RANGE = re.compile(r" +(?:to|until|till|au|a|and|et) +| *- *")
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{4})-(\d{1,2})-(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
SHORT_YEAR = re.compile(
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{1,2}|" + DAY + r"[ -]" + MONTH + r"[ -]\d{2}|" + MONTH + r"[ -]\d{2})"
)
LONGEST_PHRASE = 8  # words: “from 8 February 2013 to 10 March 2013”
BEFORE_A_DATE = frozenset({"on", "in", "of", "the", "during", "le", "en", "au", "du", "de", "pendant"})
WRITTEN = (
    (re.compile(rf"{DAY}[ -](?:of )?{MONTH}[ ,-]? ?{YEAR}"), "dmy"),
    (re.compile(rf"{MONTH}[ -]{DAY},? {YEAR}"), "mdy"),
    (re.compile(rf"{YEAR}[ ,-]? ?{MONTH} {DAY}"), "ymd"),
    (re.compile(rf"{MONTH}[ ,-]? ?(?:of )?{YEAR}"), "my"),
    (re.compile(rf"{YEAR} {MONTH}"), "ym"),
    (re.compile(r"(\d{1,2})[/.-](\d{4})"), "ny"),
    (re.compile(r"(\d{4})[/.](\d{1,2})"), "yn"),
)


def edtf(typed: str, *, day_first: bool = False) -> str:
    """EDTF text for a typed date; with `day_first`, 10/01/2013 means 10 January, as in French.

    Raises ImpossibleDate if it is not a date, or is ambiguous.
    """
    text = texts.line(typed)
    try:
        return dates.parse(text).text
    except ImpossibleDate as impossible:
        words = texts.folded(text).replace(", ", " ").replace(",", " ")
        read = _read(words, text, day_first) if len(words) <= dates.LONGEST_TEXT else None
        if read is None:
            raise impossible
        return dates.parse(read).text


def day(typed: str, *, day_first: bool = False) -> date:
    """The single day typed. Raises ImpossibleDate if it is not a date, less precise than a day, or uncertain."""
    when = dates.parse(edtf(typed, day_first=day_first))
    if when.precision != dates.Precision.DAY or when.starts_on is None or when.is_approximate or when.is_uncertain:
        raise ImpossibleDate(_("“%(text)s” is no single day: write it as 2019-06-09.") % {"text": texts.line(typed)})
    return when.starts_on


def among_words(text: str, *, day_first: bool = False) -> tuple[When | None, str]:
    """The date within a search query, and the words around it: “Bridge 16 November 2012” is a day and “Bridge”.

    A bare year is left among the words: it stands in most texts of that year, and in names such as “2015 agreement”.
    """
    words = texts.line(text).split(" ")
    for length in range(min(len(words), LONGEST_PHRASE), 0, -1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length]).strip(",;")
            if phrase.isdecimal() or not re.search(r"\d{4}", phrase):
                continue
            try:
                when = dates.parse(edtf(phrase, day_first=day_first))
            except ImpossibleDate:
                continue
            before = words[:start]
            while before and texts.folded(before[-1]) in BEFORE_A_DATE:
                before.pop()
            return when, " ".join([*before, *words[start + length :]]).strip(" ,;")
    return None, texts.line(text)


def _read(words: str, text: str, day_first: bool) -> str | None:
    """EDTF text, or None if it is not understood."""
    if "x" in words and (exact := _edtf_in_capitals(words)):
        return exact
    if about := ABOUT.search(words):
        rest = _read((words[: about.start()] + words[about.end() :]).strip(), text, day_first)
        return f"{rest}~" if rest and dates.POINT.fullmatch(rest) else None
    if since := SINCE.fullmatch(words):
        rest = _read(since[1] or since[2], text, day_first)
        return f"{rest}/.." if rest and "/" not in rest else None
    if until := UNTIL.fullmatch(words):
        rest = _read(until[1], text, day_first)
        return f"../{rest}" if rest and "/" not in rest else None
    return _one(words, text, day_first) or _range(words, text, day_first)


def _edtf_in_capitals(words: str) -> str | None:
    try:
        return dates.parse(words.upper()).text
    except ImpossibleDate:
        return None


def _one(words: str, text: str, day_first: bool) -> str | None:
    try:
        if dates.POINT.fullmatch(words):
            return dates.parse(words).text
    except ImpossibleDate:
        pass
    if match := YEAR_FIRST.fullmatch(words):
        year, month, day = (part for part in match.groups() if part)
        return _day(year, month, day, text)
    if match := YEAR_LAST.fullmatch(words):
        return _numeric(match[1], match[3], match[4], text, day_first or match[2] == ".")
    if SHORT_YEAR.fullmatch(words):
        raise ImpossibleDate(
            _("“%(text)s” does not say which century: write the year with four digits.") % {"text": text}
        )
    for pattern, order in WRITTEN:
        if match := pattern.fullmatch(words):
            given = dict(zip(order, match.groups(), strict=True))
            month = given.get("n") or str(NUMBER_OF_MONTH[given["m"]])
            if not 1 <= int(month) <= 12:
                return None
            return _day(given["y"], month, given["d"], text) if "d" in given else f"{given['y']}-{int(month):02}"
    return _part_of_year(words)


def _part_of_year(words: str) -> str | None:
    """A season, a quarter, a half of a year, or a decade."""
    if match := re.fullmatch(r"(?:the )?(\d{3})0'?s|(?:les )?annees (\d{3})0", words):
        return f"{match[1] or match[2]}X"
    if (match := re.fullmatch(r"([a-z]+\d?)(?: of| de)? (\d{4})", words)) and match[1] in PARTS_OF_YEAR:
        return f"{match[2]}-{PARTS_OF_YEAR[match[1]]}"
    if match := re.fullmatch(r"(?:the |le )?(\w+) (quarter|half|trimestre|semestre)(?: of| de)? (\d{4})", words):
        number, (before, most) = ORDINALS.get(match[1], 9), LENGTHS[match[2]]
        return f"{match[3]}-{before + number}" if number <= most else None
    return None


def _numeric(one: str, other: str, year: str, text: str, day_first: bool) -> str:
    """10/01/2013: unambiguous if one number is above twelve, both are equal, or the language has only one order."""
    if day_first or int(one) > 12 or one == other:
        return _day(year, other, one, text)
    if int(other) > 12:
        return _day(year, one, other, text)
    raise ImpossibleDate(
        _("“%(text)s” can be %(one)s or %(other)s: write one of the two.")
        % {
            "text": text,
            "one": f"{year}-{int(other):02}-{int(one):02}",
            "other": f"{year}-{int(one):02}-{int(other):02}",
        }
    )


def _day(year: str, month: str, day: str, text: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ImpossibleDate(
            _("“%(text)s” names %(day)s, a day that the calendar does not have.")
            % {"text": text, "day": f"{year}-{int(month):02}-{int(day):02}"}
        ) from None


def _range(words: str, text: str, day_first: bool) -> str | None:
    """8–10 February 2013; from 8 February to 3 March 2013; January–April 2013; 2012–2015."""
    words = re.sub(r"^(?:from|between|du|de|entre(?: le)?) ", "", words)
    for gap in RANGE.finditer(words):
        start, end = words[: gap.start()].strip(), words[gap.end() :].removeprefix("le ").strip()
        try:
            last = _one(end, text, day_first)
        except ImpossibleDate:
            continue
        if last is None:
            continue
        for lent in _lent(end):
            try:
                first = _one(f"{start}{lent}", text, day_first)
            except ImpossibleDate:
                continue
            if first is not None:
                return f"{first}/{last}"
    return None


def _lent(end: str) -> list[str]:
    """Endings that the first of two dates may take over from the second: none, its year, or its month and year."""
    words = end.split(" ")
    return ["", *(f" {' '.join(words[count:])}" for count in range(len(words) - 1, 0, -1))]
