"""Candidates of the reconciliation service: entries that a name, or an identifier, may mean, with a score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from conflict import dates, identifiers, typed_dates
from conflict.public import queries
from conflict.public.entry_search import NAMED, beginning, matches
from conflict.public.entry_urls import page_of_entry
from conflict.record.models.search_words import has_words
from conflict.text import folded
from conflict.vocabulary import EntryKind
from conflict.wording import days

Body = Mapping[str, Any]
Value = str | float | Mapping[str, Any]

TYPES: dict[str, EntryKind] = {
    "actors": EntryKind.ACTOR,
    "places": EntryKind.LOCATION,
    "events": EntryKind.EVENT,
    "sources": EntryKind.SOURCE,
}
NAMES = {"actors": "Actor", "places": "Place", "events": "Event", "sources": "Source"}
OF_KIND = {kind: name for name, kind in TYPES.items()}
CERTAIN = 100.0
ALIAS, LIKE = 0.98, 0.95  # of the score: another name of the entry, and at most a name that is not its own
NAME_COUNTS = 0.7  # of the score, where properties were given, too


@dataclass(frozen=True, slots=True)
class Property:
    """A property that is compared with, or read from, entries of these kinds."""

    key: str
    name: str
    kinds: frozenset[str]


def _properties() -> dict[str, Property]:
    everywhere = frozenset(map(str, TYPES.values()))
    own = [
        Property("kind", "Kind", everywhere),
        Property("country", "Country", frozenset({"actor", "location"})),
        Property("when", "Date (EDTF)", frozenset({"actor", "location", "event"})),
        Property("place", "Place", frozenset({"event"})),
        Property("parent", "Lies in", frozenset({"location"})),
        Property("latitude", "Latitude", frozenset({"location", "event"})),
        Property("longitude", "Longitude", frozenset({"location", "event"})),
        Property("publisher", "Publisher", frozenset({"source"})),
        Property("published_on", "Published on (EDTF)", frozenset({"source"})),
        Property("url", "Address", frozenset({"source"})),
        Property("page", "Page of the entry here", everywhere),
    ]
    schemes = [Property(scheme.key, scheme.label, scheme.kinds) for scheme in identifiers.SCHEMES.values()]
    return {each.key: each for each in (*own, *schemes)}


PROPERTIES = _properties()


@dataclass(frozen=True, slots=True)
class Candidate:
    id: str
    name: str
    type: str
    description: str
    score: float
    is_certain: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": [{"id": self.type, "name": NAMES[self.type]}],
            "description": self.description,
            "score": self.score,
            "match": self.is_certain,
        }


def id_of(kind: str, key: str) -> str:
    """Identifier of an entry: the path of its page."""
    return page_of_entry(kind, key).strip("/")


def entry_of(identifier: str) -> tuple[str, str] | None:
    """Kind and key of the entry with this identifier; None if it has not the form of one."""
    name, slash, key = identifier.strip("/").partition("/")
    return (TYPES[name], key) if slash and name in TYPES and key and "/" not in key else None


def candidates(
    words: str, types: Iterable[str], properties: Iterable[tuple[str, list[Any]]], limit: int
) -> list[Candidate]:
    """Entries that may be meant, likeliest first. One is certain if it alone has the name or a given identifier."""
    kinds = [TYPES[name] for name in types]
    given = list(properties)
    codes = [f"{pid}:{value}" for pid, values in given for value in values if pid in identifiers.SCHEMES]
    found = {id_of(row.entry_kind, row.key): row for row in _identified(kinds, codes)}
    certain = set(found)
    groups = matches(words, kinds, max(limit, 10)) if words and has_words(words) else []
    found |= {id_of(row.entry_kind, row.key): row for group in groups for row in group.entries}
    compared = [(pid, values) for pid, values in given if pid not in identifiers.SCHEMES and pid in PROPERTIES]
    scored = [
        (CERTAIN if identifier in certain else _score(words, row, compared), identifier, row)
        for identifier, row in found.items()
    ]
    scored.sort(key=lambda each: (-each[0], each[1]))
    best = scored[0][0] if scored else 0.0
    is_alone = best >= CERTAIN * ALIAS and [score for score, *_ in scored].count(best) == 1
    return [
        _candidate(row, identifier, score, is_certain=is_alone and score == best)
        for score, identifier, row in scored[:limit]
    ]


def suggestions(words: str, types: Iterable[str], limit: int) -> list[Candidate]:
    """Entries of these types while somebody types: names that begin with it, contain it or are like it, then the rest."""
    types = list(types)
    begun = [row for name in types if words and TYPES[name] in NAMED for row in beginning(words, TYPES[name])]
    begun.sort(key=lambda row: (-row.likeness, row.label))
    rows = {
        (kind, row.key): row
        for kind in {row.entry_kind for row in begun}
        for row in queries.entries(kind).filter(key__in=[row.key for row in begun if row.entry_kind == kind])
    }
    named = [
        _candidate(rows[row.entry_kind, row.key], id_of(row.entry_kind, row.key), CERTAIN * LIKE, is_certain=False)
        for row in begun
    ]
    known = {one.id for one in named}
    return [*named, *(one for one in candidates(words, types, (), limit) if one.id not in known)][:limit]


def _identified(kinds: Iterable[str], codes: Iterable[str]) -> list[Any]:
    wanted = [identifiers.canonical(code) for code in codes]
    return (
        [row for kind in kinds for row in queries.entries(kind).filter(identifiers__overlap=wanted)] if wanted else []
    )


def _score(words: str, row: Any, compared: list[tuple[str, list[Any]]]) -> float:
    """Up to 100: how much the name is like one of the entry's, and how many of the properties agree."""
    others = [ALIAS * _likeness(words, name) for name in row.names.split(" · ") if name]
    alike = max([_likeness(words, row.label), *others])
    if not compared:
        return round(CERTAIN * alike, 1)
    body = queries.body(row)
    agreeing = sum(_agrees(pid, value_of(pid, row.entry_kind, body), values) for pid, values in compared)
    return round(CERTAIN * (NAME_COUNTS * alike + (1 - NAME_COUNTS) * agreeing / len(compared)), 1)


def _likeness(one: str, other: str) -> float:
    """1 for the same name, less than an alias has for any other."""
    first, second = folded(one).strip(), folded(other).strip()
    return 1.0 if first == second else min(LIKE, SequenceMatcher(None, first, second).ratio())


def _agrees(pid: str, values: list[Value], given: list[Any]) -> bool:
    known = {folded(text) for value in values for text in _texts(value)}
    asked = [text for value in given for text in _texts(value)]
    if pid in ("when", "published_on"):
        return any(_overlap(str(one), other) for one in values for other in asked)
    return any(folded(text) in known for text in asked)


def _texts(value: Any) -> list[str]:
    return (
        [str(value[name]) for name in ("id", "name") if name in value] if isinstance(value, Mapping) else [str(value)]
    )


def _overlap(one: str, other: str) -> bool:
    """Return True if both dates may mean the same day."""
    try:
        first, second = dates.parse(one), dates.parse(typed_dates.edtf(other))
    except dates.ImpossibleDate:
        return False
    return first.may_lie_within(second.starts_on, second.ends_before)


def _candidate(row: Any, identifier: str, score: float, *, is_certain: bool) -> Candidate:
    kind = OF_KIND[row.entry_kind]
    return Candidate(identifier, row.label, kind, description(row), score, is_certain)


def description(row: Any) -> str:
    """Description that tells namesakes apart: date of an event, surroundings of a place, kind of everything."""
    body = queries.body(row)
    more = {
        "event": lambda: [days.words(body["when"]), (body["location"] or {}).get("name", "")],
        "location": lambda: [above["name"] for above in reversed(body["within"])],
        "actor": lambda: [body["country"]],
        "source": lambda: [body["authors"], days.words(body["published_on"]) if body["published_on"] else ""],
    }
    return ", ".join(filter(None, (body["kind"].replace("_", " "), *more[row.entry_kind]())))


def value_of(pid: str, kind: str, body: Body) -> list[Value]:
    """Values of a property of an entry, from its body."""
    if pid in identifiers.SCHEMES:
        return [one["value"] for one in body["same_as"] if one["scheme"] == pid]
    if pid == "page":
        return [page_of_entry(kind, body["key"])]
    if pid in ("latitude", "longitude"):
        at = body["coordinates"] if kind == EntryKind.EVENT else body
        return [float(at[pid])] if at and at[pid] else []
    value = body.get("location" if pid == "place" else pid)
    if isinstance(value, Mapping):
        return [{"id": id_of(value["kind"], value["key"]), "name": value["name"]}]
    return [value] if value else []
