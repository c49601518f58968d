"""Search over everything: by words, ignoring endings and accents, then by similarity to correct typing errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Func, Q, TextField, Value, When, prefetch_related_objects
from django.db.models.functions import Greatest, StrIndex, Upper
from django.db.models.lookups import Exact, GreaterThan, StartsWith
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext

from conflict import text as texts
from conflict import typed_dates
from conflict.dates import When as Dates
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.entry_urls import page_of_entry
from conflict.public.pagination import counted
from conflict.public.parameters import Parameter, Term
from conflict.public.plain_question import PlainQuestion, plain_question
from conflict.public.query_strings import Parameters
from conflict.record.models.entry import CHRONOLOGY
from conflict.record.models.search_words import has_words
from conflict.vocabulary import EntryKind
from conflict.wording import days
from conflict.wording.texts import label_of

KINDS = ("event", "actor", "location", "source", "period")
NAMED = frozenset({"actor", "location", "period"})  # kinds with few and short names, which are searched by similarity
SHOWN = 8
SUGGESTED = 8
WORDS = 5  # words of a query examined one by one
SHOWN_OF_ONE_KIND = 100
ALIKE = 0.45  # minimal share of the word's trigrams in a name: Esperansa finds Esperança


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


@page({"q": Parameter(), "kind": Term("", EntryKind)})
def search(request: HttpRequest, asked: Parameters) -> HttpResponse:
    words, kind = asked["q"], asked["kind"]
    when, rest = typed_dates.among_words(words, day_first=get_language() == "fr")
    kinds, limit = [kind.value] if kind else KINDS, SHOWN_OF_ONE_KIND if kind else SHOWN
    dated = _dated(when, rest, limit) if when and "event" in kinds and (not rest or has_words(rest)) else None
    if dated and (dated.entries or dated.possible):
        groups = [dated, *(matches(rest, [one for one in kinds if one in NAMED], limit) if rest else ())]
    else:
        groups = matches(words, kinds, limit) if words else []
    question = plain_question(words, day_first=get_language() == "fr") if words and not kind else None
    if question and (not groups or groups[0].is_alike):
        found = list(question.events.chronological()[:limit])
        groups = [Group(EntryKind.EVENT, found, question.number > limit, False)]
    events = [entry for group in groups if group.kind == EntryKind.EVENT for entry in (*group.entries, *group.possible)]
    prefetch_related_objects(events, "location")
    context = {"words": words, "rest": rest, "kind": kind, "kinds": KINDS, "groups": groups, "question": question}
    context["numbers"] = {group.kind.value: _number(group, words, question) for group in groups if not group.is_alike}
    return render_page(request, "search.html", {**context, "when": when if groups and groups[0] is dated else None})


def _number(group: Group, words: str, question: PlainQuestion | None) -> tuple[int, bool]:
    """Number of results of a group, and whether there are more than that."""
    shown = len(group.entries) + len(group.possible)
    if not group.has_more:
        return shown, False
    if group.has_the_name and group.kind == EntryKind.EVENT:  # of a date
        return shown, True
    if question and group.kind == EntryKind.EVENT and not queries.events().matching(words).exists():
        return question.number, question.is_more
    return counted(queries.entries(group.kind).matching(words))


@page({"q": Parameter()})
def suggestions(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Suggestions while typing: the events of a date, then names that begin with the words, contain them, or resemble
    them, each with its address.
    """
    words = asked["q"]
    kinds = NAMED if words else ()
    rows = [(row, EntryKind(kind)) for kind in sorted(kinds) for row in _beginning(words, kind)]
    rows.sort(key=lambda pair: (-pair[0].likeness, pair[0].label))
    said = [*_date_among(words), *(_suggestion(row, kind) for row, kind in rows[:SUGGESTED])]
    return JsonResponse(said, safe=False, json_dumps_params={"ensure_ascii": False})


def _suggestion(row: Any, kind: EntryKind) -> dict[str, str]:
    name = label_of(row)
    tag = getattr(name, "language", settings.ORIGINAL_LANGUAGE)
    return {"name": name, "lang": tag, "said": str(kind.label), "key": row.key, "address": page_of_entry(kind, row.key)}


def _date_among(words: str) -> Iterator[dict[str, str]]:
    """The chronology at the date that the words contain, if they do."""
    when, _rest = typed_dates.among_words(words, day_first=get_language() == "fr")
    if when:
        address = f"{reverse('chronology')}?{urlencode({'q': words})}"
        said = {"name": words, "said": gettext("events: %(date)s") % {"date": days.words(when.text)}}
        yield {**said, "lang": get_language() or "", "key": "", "address": address}


def matches(words: str, kinds: Any, limit: int) -> list[Group]:
    """Groups with results. Similarity is tried only if no entry of any kind contains the words."""
    words = texts.searched(words)
    groups = [_matching(words, kind, limit) for kind in kinds]
    if not any(group.entries for group in groups):
        groups = [_alike(words, kind, limit) for kind in kinds if kind in NAMED]
    return sorted((group for group in groups if group.entries), key=lambda group: not group.has_the_name)


def _dated(when: Dates, words: str, limit: int) -> Group:
    """Events on the date, with the words if there are any: those that were certainly within it, then those that may."""
    events = queries.events()
    if words:
        events = events.with_words(texts.searched(words))
    start, end = when.starts_on, when.ends_before
    sure = list(events.happening_within(start, end).order_by(*CHRONOLOGY)[: limit + 1])
    certain = {row.pk for row in sure}
    room = limit + 1 - len(sure)
    rows = events.between(start, end).order_by(*CHRONOLOGY)[: limit + 1 + len(sure)] if room else ()
    possible = [row for row in rows if row.pk not in certain][:room]
    return Group(
        EntryKind.EVENT,
        sure[:limit],
        len(sure) + len(possible) > limit,
        False,
        has_the_name=True,
        possible=tuple(possible[: limit - len(sure[:limit])]),
    )


def _plain(names: Any) -> Func:
    """Upper case without accents, so that only the letters are compared."""
    return Func(Upper(names), function="unaccent", output_field=TextField())


def _matching(words: str, kind: str, limit: int) -> Group:
    """Matching entries: events in chronological order; of other kinds, exact name matches first."""
    matching = queries.entries(kind).matching(words)
    if kind not in NAMED:
        order = matching.order(CHRONOLOGY if kind == "event" else ("label", "key"))
        rows = list(matching.order_by(*order)[: limit + 1])
        return Group(EntryKind(kind), rows[:limit], len(rows) > limit, False)
    is_so_called = Case(When(Exact(_plain("label"), _plain(Value(words))), then=Value(1)), default=Value(0))
    rows = list(matching.annotate(is_so_called=is_so_called).order_by("-is_so_called", "label", "key")[: limit + 1])
    return Group(EntryKind(kind), rows[:limit], len(rows) > limit, False, bool(rows and rows[0].is_so_called))


def _beginning(words: str, kind: str) -> list[Any]:
    """Entries with their likeness: 3 for names that begin with the words, 2 for names that contain them, less for
    similar names.
    """
    names, plain = _plain("names"), _plain(Value(texts.searched(words)))
    begins = Q(StartsWith(_plain("label"), plain))
    inside = GreaterThan(StrIndex(names, plain), 0)
    alike = TrigramWordSimilarity(plain, names)  # type: ignore[arg-type]  # accepts expressions too
    likeness = Case(When(begins, then=Value(3.0)), When(inside, then=Value(2.0)), default=alike)
    entries = queries.entries(kind).annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    return list(entries.only("key", "label", "labels").order_by("-likeness", "label", "key")[:SUGGESTED])


def _alike(words: str, kind: str, limit: int) -> Group:
    """Entries with names similar to the whole query or, if a name is one of several words, to the word most like it."""
    phrases = [words, *(word for word in words.split()[:WORDS] if len(word) > 3)]
    each = [TrigramWordSimilarity(_plain(Value(one)), _plain("names")) for one in dict.fromkeys(phrases)]  # type: ignore[arg-type]  # accepts expressions too
    likeness = Greatest(*each) if len(each) > 1 else each[0]
    entries = queries.entries(kind).annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    rows = list(entries.order_by("-likeness", "key")[: limit + 1])
    return Group(EntryKind(kind), rows[:limit], len(rows) > limit, True)
