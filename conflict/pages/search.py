"""Pages of the search over everything, and the suggestions while typing."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language

from conflict import text as texts
from conflict import typed_dates
from conflict.dates import When as Dates
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.entry_search import NAMED, SUGGESTED, Group, beginning, matches
from conflict.public.parameters import Parameter, Term
from conflict.public.query_strings import Parameters
from conflict.record.models.entry import CHRONOLOGY
from conflict.record.models.search_words import has_words
from conflict.vocabulary import EntryKind
from conflict.wording.texts import label_of

KINDS = ("event", "actor", "location", "source", "period")
SHOWN = 8
SHOWN_OF_ONE_KIND = 100


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
    context = {"words": words, "rest": rest, "kind": kind, "kinds": KINDS, "groups": groups}
    return render_page(request, "search.html", {**context, "when": when if groups and groups[0] is dated else None})


@page({"q": Parameter()})
def suggestions(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Suggestions while typing: names that begin with the words, contain them, or resemble them, in this order."""
    words = asked["q"]
    kinds = NAMED if words else ()
    rows = [(row, EntryKind(kind)) for kind in sorted(kinds) for row in beginning(words, kind)]
    rows.sort(key=lambda pair: (-pair[0].likeness, pair[0].label))
    said = [{"name": label_of(row), "said": str(kind.label), "key": row.key} for row, kind in rows[:SUGGESTED]]
    return JsonResponse(said, safe=False, json_dumps_params={"ensure_ascii": False})


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
