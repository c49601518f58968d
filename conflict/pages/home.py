"""Front page: the conflict in three sentences and a few phases, what is disputed, what is missing, what is new."""

from datetime import date
from typing import Any, NamedTuple

import msgspec
from django.db.models import Count, TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict import dates
from conflict.chronology import Camp
from conflict.families import ActorFamily, camp
from conflict.pages.chronology import PARAMETERS
from conflict.pages.page_view import page, render_page
from conflict.public import introduction, queries, recent_changes
from conflict.public.cache.counts import (
    by_key,
    events_by_family_and_month,
    events_by_month,
    events_by_period,
    once_for_each_head,
    once_while_only_reworded,
)
from conflict.public.cache.fragments import rendered
from conflict.public.charts.small_bars import SmallBars, months_between, small_bars
from conflict.public.event_cards import card, to_list
from conflict.public.query_strings import Parameters, query_string
from conflict.public.rival_accounts import rival_accounts
from conflict.record.models.spans import may_lie_within
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.vocabulary import NoticeKind
from conflict.wording.localized_texts import localized

LATEST = 5
DISPUTED = 4


class DrawnPhase(NamedTuple):
    """A phase with the number of its events, as in the list to which it links, and their months as bars."""

    phase: introduction.Phase
    when: str
    query: str
    number: int
    bars: SmallBars


def home(request: HttpRequest) -> HttpResponse:
    """Front page. Old addresses of the list, with their parameters, redirect to where it is now."""
    if request.GET.keys() & PARAMETERS.keys():
        return redirect(f"{reverse('chronology')}?{request.META['QUERY_STRING']}", permanent=True)
    return front_page(request)


@page()
def front_page(request: HttpRequest, asked: Parameters) -> HttpResponse:
    month, changes = _this_month()
    context = {
        "introduction": introduction,
        "parties": parties(),
        "phases": phases(),
        "halves": rendered("pages/parts/latest_and_disputed.html", (), latest_and_disputed, place=("home",)),
        "warning": next(iter(queries.bodies(_warnings())), None),
        "number": sum(events_by_period().values()),
        "last": _dated_events().values_list("sorts_on", flat=True).first(),
        "since": month.isoformat(),
        "changes": recent_changes.sentence(month, changes),
    }
    return render_page(request, "home.html", context)


def latest_and_disputed() -> dict[str, Any]:
    """Context of the lower half, which most publications leave as it is."""
    disputed = list(queries.events().disputed().order_by("-sorts_on", "-key").values_list("body", flat=True)[:DISPUTED])
    rivals = (rival_accounts(localized(msgspec.json.decode(text))) for text in disputed)
    return {
        "latest": [card(row) for row in to_list(_dated_events())[:LATEST]],
        "rivals": [row for row in rivals if row],
        "disputed": _disputed(),
        "objections": _open_notices().get(NoticeKind.DISPUTED, 0),
    }


def _dated_events() -> Any:
    return queries.events().exclude(sorts_on=UNDATED_SORTS_ON).order_by("-sorts_on", "-key")


@once_for_each_head
def _disputed() -> int:
    """Number of events with rival accounts."""
    return by_key("disputed").total()


@once_for_each_head
def _open_notices() -> dict[str, int]:
    """Number of open notices by kind."""
    return dict(queries.notices().open().order_by().values_list("kind").annotate(number=Count("key")))


@once_for_each_head
def _this_month() -> tuple[date, dict[str, int]]:
    """First day of the month of the last publication, and the changes since then."""
    newest = queries.newest()
    month = newest.published_at.date().replace(day=1) if newest else date.min
    return month, recent_changes.changes_since(month) if newest else {}


def parties() -> list[tuple[TextChoices, int]]:
    """Families of actors, without that of nobody's side, each with the number of dated events that name one of it."""
    counts = events_by_family_and_month()
    sides = [family for family in ActorFamily if family in counts and camp(family) != Camp.OTHER]
    return [(family, sum(counts[family].values())) for family in sides]


def phases() -> list[DrawnPhase]:
    """Phases of the introduction, drawn on one scale."""
    counts = events_by_month()
    spans = [(phase, _months(phase)) for phase in introduction.phases()]
    tallest = max((counts.get(month, 0) for _phase, months in spans for month in months), default=0)
    numbers = _numbers()
    longest = max((len(months) for _phase, months in spans), default=0)
    return [
        DrawnPhase(
            phase,
            f"{phase.start}/{phase.end or '..'}",
            query_string({"from": phase.start, "to": phase.end}),
            numbers[phase.start],
            small_bars([counts.get(month, 0) for month in months], tallest, longest),
        )
        for phase, months in spans
    ]


@once_while_only_reworded
def _numbers() -> dict[str, int]:
    """Number of events that may have happened in each phase, by its start: as many as the filtered list shows."""
    within = {
        phase.start: may_lie_within(
            dates.parse(phase.start).starts_on, dates.parse(phase.end).ends_before if phase.end else None
        )
        for phase in introduction.phases()
    }
    counts = {f"n{number}": Count("key", filter=condition) for number, condition in enumerate(within.values())}
    return dict(zip(within, queries.events().aggregate(**counts).values(), strict=True)) if within else {}


def _months(phase: introduction.Phase) -> list[date]:
    start = dates.parse(phase.start).starts_on
    end = dates.parse(phase.end).ends_before if phase.end else date(queries.last_year() + 1, 1, 1)
    return months_between(start, end) if start and end else []


def _warnings() -> Any:
    return queries.notices().open().on_the_whole_chronology().weightiest_first()[:1]
