"""Search over everything: by words with endings and accents forgiven, then by likeness for typing errors."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Func, TextField, Value
from django.db.models.functions import Upper
from django.http import HttpRequest, HttpResponse

from conflict.pages import reading
from conflict.pages.page import page, shown
from conflict.pages.parameters import Parameters
from conflict.vocabulary import EntryKind

KINDS = ("event", "actor", "location", "source", "period")
NAMED = frozenset({"actor", "location", "period"})  # few and short: likeness of a name is asked of these
SHOWN = 8
SHOWN_OF_ONE_KIND = 100
ALIKE = 0.45  # share of the word's trigrams that a name must have: Tinzawaten finds Tinzaouaten


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind of entry. `is_alike`: nothing matched, these are names that look like it."""

    kind: EntryKind
    entries: list[Any]
    has_more: bool
    is_alike: bool


@page("q", "kind")
def search(request: HttpRequest, asked: Parameters) -> HttpResponse:
    words, kind = asked.text("q"), asked.choice("kind", EntryKind)
    asked.refuse_faults()
    groups = found(words, [kind.value] if kind else KINDS, SHOWN_OF_ONE_KIND if kind else SHOWN) if words else []
    return shown(request, "search.html", {"words": words, "kind": kind, "groups": groups, "kinds": KINDS})


def found(words: str, kinds: Any, limit: int) -> list[Group]:
    """Groups that have entries. Likeness is asked only where no entry of any kind has the words."""
    groups = [_matching(words, kind, limit) for kind in kinds]
    if not any(group.entries for group in groups):
        groups = [_alike(words, kind, limit) for kind in kinds if kind in NAMED]
    return [group for group in groups if group.entries]


def _plain(names: Any) -> Func:
    """Without accents and in capitals, so that only the letters count."""
    return Func(Upper(names), function="unaccent", output_field=TextField())


def _matching(words: str, kind: str, limit: int) -> Group:
    first = "sorts_on" if kind == "event" else "label"
    rows = list(reading.entries(kind).matching(words).order_by(first, "key")[: limit + 1])
    return Group(EntryKind(kind), rows[:limit], len(rows) > limit, False)


def _alike(words: str, kind: str, limit: int) -> Group:
    likeness = TrigramWordSimilarity(_plain(Value(words)), _plain("names"))  # type: ignore[arg-type]  # takes expressions too
    entries = reading.entries(kind).annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    rows = list(entries.order_by("-likeness", "key")[: limit + 1])
    return Group(EntryKind(kind), rows[:limit], len(rows) > limit, True)
