"""Reader of `chronology.toml`. All problems are collected, each a sentence with line and key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy

from conflict import introduction_file, outlines_file
from conflict.chronology import (
    CIVILIAN,
    FILE,
    OTHER,
    Camp,
    Chronology,
    Codes,
    Colour,
    Family,
    Frame,
    Licence,
    Map,
    Source,
    Words,
)
from conflict.environment import LANGUAGE

KEY = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
FAMILY_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
DIVISIONS = ("first", "second", "third")  # regions, districts, communes
FRENCH_ARTICLES = ("le", "la", "les")
WHOLE_WORLD = Frame(-180.0, -60.0, 180.0, 84.0)
Term = TypeVar("Term", Camp, Colour)


@dataclass
class Table:
    """One table of the file: takes out what is known, then refuses the rest."""

    values: dict[str, Any]
    text: str
    problems: list[str]
    path: tuple[str, ...] = ()
    original: str = "en"
    known: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)

    def problem(self, key: str, sentence: str) -> None:
        self.wrong.add(key)
        path = (*self.path, *([key] if key else ()))
        self.problems.append(f"{FILE}, line {line_of(self.text, path)}: {'.'.join(path) or 'the file'} {sentence}")

    def missing(self, key: str, sentence: str) -> None:
        """The problem that there is no value, unless another one was told."""
        if key not in self.wrong:
            self.problem(key, f"is missing. {sentence}")

    def take(self, key: str, kind: type | tuple[type, ...], expected: str, default: Any = None) -> Any:
        self.known.append(key)
        value = self.values.get(key, default)
        if key in self.values and (not isinstance(value, kind) or isinstance(value, bool)):
            self.problem(key, f"is {value!r}, but must be {expected}.")
            return default
        return value

    def string(
        self, key: str, pattern: re.Pattern[str] | None = None, expected: str = "a text in quotation marks"
    ) -> str:
        value = str(self.take(key, str, expected, "")).strip()
        if value and pattern and not pattern.fullmatch(value):
            self.problem(key, f"is {value!r}, but must be {expected}.")
            return ""
        return value

    def number(self, key: str, low: int, high: int) -> int | None:
        value: int | None = self.take(key, int, f"a whole number from {low} to {high}")
        if value is not None and not low <= value <= high:
            self.problem(key, f"is {value}, but must be a whole number from {low} to {high}.")
            return None
        return value

    def address(self, key: str, *schemes: str) -> str:
        value = self.string(key)
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not (parts.netloc or parts.path) or len(value.split()) != 1):
            self.problem(key, f"is {value!r}, but must begin with {' or '.join(f'{one}:' for one in schemes)}.")
            return ""
        return value

    def words(self, key: str) -> Words:
        """A text, or a table of texts by language."""
        expected = 'a text, or texts by language such as { en = "…", fr = "…" }'
        value = self.take(key, (str, dict), expected, {})
        texts = {self.original: value} if isinstance(value, str) else value
        if not all(isinstance(text, str) and LANGUAGE.fullmatch(tag) for tag, text in texts.items()):
            self.problem(key, f"must be {expected}.")
            return Words()
        return Words({tag: text.strip() for tag, text in texts.items() if text.strip()}, self.original)

    def texts(self, key: str, pattern: re.Pattern[str] | None = None, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        values = self.take(key, list, 'a list of texts such as ["…", "…"]', list(default))
        if not all(isinstance(one, str) and (pattern is None or pattern.fullmatch(one)) for one in values):
            self.problem(key, f"is {values!r}, but must be a list of texts" + (" such as fr." if pattern else "."))
            return default
        seen = set[str]()
        for one in values:
            plain = one.strip().casefold()
            if not plain:
                self.problem(key, "has an empty text. Leave it out.")
            elif plain in seen:
                self.problem(key, f"has {one!r} twice. Leave one out.")
            seen.add(plain)
        return tuple(values)

    def term(self, key: str, terms: type[Term]) -> Term | None:
        value = self.string(key)
        if not value:
            self.missing(key, f"Choose one of: {', '.join(terms.values)}.")
        elif value not in terms.values:
            self.problem(key, f"is {value!r}, but must be one of: {', '.join(terms.values)}.")
        return terms(value) if value in terms.values else None

    def table(self, key: str) -> "Table":
        values = self.take(key, dict, f"a table: write [{'.'.join((*self.path, key))}]", {})
        return Table(values, self.text, self.problems, (*self.path, key), self.original)

    def tables(self) -> dict[str, "Table"]:
        return {key: self.table(key) for key in self.values}

    def refuse_rest(self) -> None:
        for key in self.values:
            if key not in self.known:
                self.problem(key, f"is not known. Known here: {', '.join(self.known)}.")


def read(folder: Path, problems: list[str]) -> Chronology:
    """The chronology of this folder. Adds a sentence to `problems` for whatever is wrong with its file."""
    path, found = folder / FILE, list[str]()
    try:
        text = path.read_text(encoding="utf-8-sig")
        chronology = _read(folder, Table(tomllib.loads(text), text, found))
        problems += [
            f"{folder}/{sentence}"
            for sentence in found + introduction_file.problems_with(folder / introduction_file.NAME)
        ]
        return chronology
    except FileNotFoundError:
        problems.append(
            f"CHRONOLOGY names {folder}, where there is no {FILE}. `manage.py start_chronology {folder}` writes one."
        )
    except NotADirectoryError:
        problems.append(f"CHRONOLOGY names {folder}, which is a file. Name the folder that {FILE} lies in.")
    except UnicodeDecodeError:
        problems.append(f"{path} is not UTF-8. Save it with this encoding.")
    except (OSError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path} cannot be read: {error}.")
    return _read(folder, Table({}, "", []))


def _read(folder: Path, top: Table) -> Chronology:
    languages = top.table("languages")
    top.original = languages.string("original", LANGUAGE, "a language tag such as en") or "en"
    translations = languages.texts("translations", LANGUAGE)
    if "original" not in languages.wrong and top.original in translations:
        languages.problem("translations", f"has {top.original!r}, the language of the originals. Leave it out.")
    languages.refuse_rest()
    title = top.words("title")
    if not title:
        top.missing("title", "Give the name of the conflict, as readers know it.")
    key = top.string("key", KEY, "lower-case letters, digits and single hyphens, at most 60")
    if not key:
        top.missing("key", "Give a short name for files and addresses, such as invented-war.")
    countries = top.texts("countries")
    if "countries" in top.values and not countries and "countries" not in top.wrong:
        top.problem(
            "countries", "is empty. Name the countries in which the conflict takes place, or leave the line out."
        )
    codes = top.table("codes")
    places = top.table("map")
    imports = top.table("import")
    articles = top.table("articles")
    made = Chronology(
        folder=folder,
        key=key,
        title=title,
        description=top.words("description"),
        coverage_note=top.words("coverage_note"),
        since=top.number("since", 1, 9999),
        contact=top.address("contact", "mailto", "https"),
        original_language=top.original,
        translations=translations,
        source=_source(top.table("source")),
        licence=_licence(top.table("licence")),
        countries=countries,
        map=_map(folder, places),
        families=_families(top.table("families")),
        codes={name: _codes(country) for name, country in codes.tables().items()},
        acronyms=_acronyms(top.table("acronyms")),
        peace_operations=imports.texts("peace_operations"),
        divisions=_divisions(top.table("divisions")),
        french_articles={article: frozenset(articles.texts(article)) for article in FRENCH_ARTICLES},
    )
    for table in (imports, articles, top):
        table.refuse_rest()
    return made


def _source(table: Table) -> Source:
    source = Source(
        table.words("name"), table.words("article"), table.address("url", "https", "http"), table.words("credit")
    )
    table.refuse_rest()
    return source


def _licence(table: Table) -> Licence:
    licence = Licence(table.string("name"), table.words("title"), table.address("url", "https", "http"))
    if not ((licence.name and licence.url) or table.wrong):
        table.problem("", "needs name and url: under which licence may others use what you publish?")
    table.refuse_rest()
    return licence


def _codes(table: Table) -> Codes:
    codes = Codes(
        table.number("gleditsch_ward", 1, 999) or 0,
        table.number("iso", 1, 999) or 0,
        table.string("iso3", re.compile("[A-Z]{3}"), "three capitals"),
        table.string("iso2", re.compile("[a-z]{2}"), "two lower-case letters"),
        table.number("acled_region", 1, 20) or 0,
    )
    table.refuse_rest()
    return codes


def _map(folder: Path, table: Table) -> Map:
    frame = _frame(table, "frame", WHOLE_WORLD)
    focus = _frame(table, "focus", frame)
    if focus.west >= frame.east or focus.east <= frame.west or focus.south >= frame.north or focus.north <= frame.south:
        table.problem("focus", "lies outside of frame, so the maps would show nothing at first.")
    name = table.string("outlines")
    outlines = folder / name if name else None
    if outlines and (problem := outlines_file.problem_with(outlines)):
        table.problem("outlines", f"names {name!r}, {problem}.")
        outlines = None
    credit = table.string("credit")
    table.refuse_rest()
    return Map(frame, focus, outlines, credit)


def _frame(table: Table, key: str, default: Frame) -> Frame:
    expected = "four numbers of degrees: [west, south, east, north], within 180 and 85"
    numbers = table.take(key, list, expected, list(default))
    if len(numbers) == 4 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
        frame = Frame(*map(float, numbers))
        if -180 <= frame.west < frame.east <= 180 and -85 <= frame.south < frame.north <= 85:
            return frame
    table.problem(key, f"is {numbers!r}, but must be {expected}.")
    return default


def _families(table: Table) -> Mapping[str, Family]:
    families: dict[str, Family] = {}
    for key, family in table.tables().items():
        if not FAMILY_KEY.fullmatch(key):
            family.problem("", "is no key: use lower-case letters, digits and underscores, at most 40.")
        name = family.words("name")
        if not name:
            family.missing("name", "Give the family's name, for readers.")
        camp, colour = family.term("camp", Camp), family.term("colour", Colour)
        family.refuse_rest()
        families[key] = Family(key, name, camp or Camp.OTHER, colour or Colour.GREY)
    for always in (
        Family(CIVILIAN, gettext_lazy("civilians and society"), Camp.CIVILIANS, Colour.SAND),
        Family(OTHER, gettext_lazy("other or unknown"), Camp.OTHER, Colour.GREY),
    ):
        families.setdefault(always.key, always)
    return families


def _acronyms(table: Table) -> Mapping[str, str]:
    return {key.casefold(): table.string(key).casefold() for key in table.values}


def _divisions(table: Table) -> Mapping[str, Words]:
    divisions = {level: table.words(level) for level in DIVISIONS}
    table.refuse_rest()
    return divisions


def line_of(text: str, path: tuple[str, ...]) -> int:
    """Line of the key, or else of the table that should hold it; 1 if neither is found."""
    table: tuple[str, ...] = ()
    found, nearest = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^]]+)\]", line):
            here = table = _parts(header[1])
        elif match := re.match(r"\s*([\w.\"' -]+?)\s*=", line):
            here = (*table, *_parts(match[1]))
        else:
            continue
        depth = next(
            (at for at, (one, other) in enumerate(zip(here, path, strict=False)) if one != other),
            min(len(here), len(path)),
        )
        if depth > nearest:
            found, nearest = number, depth
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
