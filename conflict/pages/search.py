"""Pages of the search over everything, and the suggestions while typing."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext

from conflict import text as texts
from conflict import typed_dates
from conflict.dates import When as Dates
from conflict.pages.page_view import page, render_page
from conflict.public import queries, topics
from conflict.public.entry_search import NAMED, SUGGESTED, Group, beginning, matches
from conflict.public.entry_urls import page_of_entry
from conflict.public.event_filters import by_certainty
from conflict.public.pagination import counted
from conflict.public.parameters import Parameter, Term
from conflict.public.plain_question import PlainQuestion, plain_question
from conflict.public.query_strings import Parameters
from conflict.record.models.entry import CHRONOLOGY
from conflict.record.models.search_words import has_words
from conflict.vocabulary import EntryKind
from conflict.wording import days
from conflict.wording.localized_texts import label_of

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
    question = plain_question(words, day_first=get_language() == "fr") if words and not kind else None
    has_none = bool(words) and (not groups or groups[0].is_alike)
    if has_none and not question and not kind:
        question = plain_question(words, day_first=get_language() == "fr", is_misspelt=True)
    answers = topics.answers(words, question.entry if question else None, when) if words and not kind else []
    subject = ""
    if has_none:
        if question:
            found = list(question.events.chronological()[:limit])
            others = groups if question.is_misspelt else []
            groups = [Group(EntryKind.EVENT, found, question.number > limit, False), *others]
        elif (subject := topics.subject(words)) or answers:
            about = matches(subject, kinds, limit) if subject else []
            groups = [group for group in about if not (group.is_alike and answers)]
    events = [entry for group in groups if group.kind == EntryKind.EVENT for entry in (*group.entries, *group.possible)]
    prefetch_related_objects(events, "location")
    context = {"words": words, "rest": rest, "kind": kind, "kinds": KINDS, "groups": groups, "question": question}
    context |= {"answers": answers, "subject": "" if not groups or groups[0].is_alike else subject}
    context["numbers"] = {
        group.kind.value: _number(group, subject or words, question) for group in groups if not group.is_alike
    }
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
    """Suggestions while typing: events of a date, then names that begin with, contain or resemble the words."""
    words = asked["q"]
    kinds = NAMED if words else ()
    rows = [(row, EntryKind(kind)) for kind in sorted(kinds) for row in beginning(words, kind)]
    rows.sort(key=lambda pair: (-pair[0].likeness, len(pair[0].label), pair[0].label))
    names = [*_date_among(words), *(_suggestion(row, kind) for row, kind in rows[:SUGGESTED])]
    return JsonResponse(names, safe=False, json_dumps_params={"ensure_ascii": False})


def _suggestion(row: Any, kind: EntryKind) -> dict[str, str]:
    name = label_of(row)
    tag = getattr(name, "language", settings.ORIGINAL_LANGUAGE)
    return {"name": name, "lang": tag, "said": str(kind.label), "key": row.key, "address": page_of_entry(kind, row.key)}


def _date_among(words: str) -> Iterator[dict[str, str]]:
    """The chronology at the date that the words contain, if they do."""
    when, _rest = typed_dates.among_words(words, day_first=get_language() == "fr")
    if when:
        address = f"{reverse('chronology')}?{urlencode({'q': words})}"
        suggestion = {"name": words, "said": gettext("events: %(date)s") % {"date": days.words(when.text)}}
        yield {**suggestion, "lang": get_language() or "", "key": "", "address": address}


def _dated(when: Dates, words: str, limit: int) -> Group:
    """Events on the date, with the words if there are any: those that were certainly within it, then those that may."""
    events = queries.events()
    if words:
        events = events.with_words(texts.searched(words))
    certainly, perhaps = by_certainty(events, {"after": when, "before": when})
    sure = list(certainly.order_by(*CHRONOLOGY)[: limit + 1])
    possible = list(perhaps.chronological()[: limit + 1 - len(sure)])
    return Group(
        EntryKind.EVENT,
        sure[:limit],
        len(sure) + len(possible) > limit,
        False,
        has_the_name=True,
        possible=tuple(possible[: limit - len(sure[:limit])]),
    )
