"""Search over entries by words, ignoring endings and accents, then by similarity to correct typing errors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Func, Q, TextField, Value, When
from django.db.models.functions import Concat, Greatest, Length, StrIndex, Upper
from django.db.models.lookups import Exact, GreaterThan, StartsWith

from conflict import text as texts
from conflict.public import queries
from conflict.record.models.entry import CHRONOLOGY, NAME_ORDER
from conflict.vocabulary import EntryKind

NAMED = frozenset({"actor", "location", "period"})  # kinds with few and short names, which are searched by similarity
SUGGESTED = 8
WORDS = 5  # words of a query examined one by one
ALIKE = 0.4  # minimal share of the word's trigrams in a name: Esperansa finds Esperança


@dataclass(frozen=True, slots=True)
class Group:
    """Search results for one kind of entry. `is_alike`: nothing matched, so these are similar names.

    `has_the_name`: the first result has exactly this name. `possible`: events that may also have happened on the date
    in the query, but whose own date is not known well enough to say.
    """

    kind: EntryKind
    entries: list[Any]
    has_more: bool
    is_alike: bool
    has_the_name: bool = False
    possible: tuple[Any, ...] = ()


def matches(words: str, kinds: Iterable[str], limit: int) -> list[Group]:
    """Groups with results. Similarity is tried only if no entry of any kind contains the words."""
    words, kinds = texts.searched(words), list(kinds)
    groups = [_matching(words, kind, limit) for kind in kinds]
    if not any(group.entries for group in groups):
        groups = [alike(words, kind, limit) for kind in kinds if kind in NAMED]
    return sorted((group for group in groups if group.entries), key=lambda group: not group.has_the_name)


def _plain(names: Any) -> Func:
    """Upper case without accents, so that only the letters are compared."""
    return Func(Upper(names), function="unaccent", output_field=TextField())


def _matching(words: str, kind: str, limit: int) -> Group:
    """Matching entries: events in chronological order; of other kinds, exact name matches first."""
    matching = queries.entries(kind).matching(words)
    if kind not in NAMED:
        order = matching.order(CHRONOLOGY if kind == "event" else NAME_ORDER)
        rows = list(matching.order_by(*order)[: limit + 1])
        return Group(EntryKind(kind), rows[:limit], len(rows) > limit, False)
    is_so_called = Case(When(Exact(_plain("label"), _plain(Value(words))), then=Value(1)), default=Value(0))
    rows = list(matching.annotate(is_so_called=is_so_called).order_by("-is_so_called", *NAME_ORDER)[: limit + 1])
    return Group(EntryKind(kind), rows[:limit], len(rows) > limit, False, bool(rows and rows[0].is_so_called))


def beginning(words: str, kind: str) -> list[Any]:
    """Entries by likeness: 3 if a name in any language begins with the words, 2 if one contains them, less if alike."""
    names, plain = _plain("names"), _plain(Value(texts.searched(words)))
    begins = Q(StartsWith(_plain("label"), plain)) | Q(GreaterThan(StrIndex(names, Concat(Value(" · "), plain)), 0))
    inside = GreaterThan(StrIndex(names, plain), 0)
    alike = TrigramWordSimilarity(plain, names)  # type: ignore[arg-type]  # accepts expressions too
    likeness = Case(When(begins, then=Value(3.0)), When(inside, then=Value(2.0)), default=alike)
    entries = queries.entries(kind).annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    return list(entries.only("key", "label", "labels").order_by("-likeness", Length("label"), *NAME_ORDER)[:SUGGESTED])


def alike(words: str, kind: str, limit: int, least: float = ALIKE) -> Group:
    """Entries with names similar to the whole query or, if a name is one of several words, to the word most like it."""
    phrases = [words, *(word for word in words.split()[:WORDS] if len(word) > 3)]
    each = [TrigramWordSimilarity(_plain(Value(one)), _plain("names")) for one in dict.fromkeys(phrases)]  # type: ignore[arg-type]  # accepts expressions too
    likeness = Greatest(*each) if len(each) > 1 else each[0]
    entries = queries.entries(kind).annotate(likeness=likeness).filter(likeness__gte=least)
    rows = list(entries.order_by("-likeness", "key")[: limit + 1])
    return Group(EntryKind(kind), rows[:limit], len(rows) > limit, True)
