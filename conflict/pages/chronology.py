"""The chronology: all events in order of time, filtered, below the warnings."""

from enum import Enum
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from conflict.families import ActorFamily
from conflict.pages import monthly_counts
from conflict.pages.event_filter import FILTERS, EventFilter, Support
from conflict.pages.monthly_counts import Counting
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.counts import events_by_family_and_month, events_by_month, events_by_period
from conflict.public.cache.fragments import rendered
from conflict.public.charts.small_bars import SmallBars, by_quarter, small_bars
from conflict.public.event_cards import by_year, card, to_list
from conflict.public.pagination import (
    BY_DATE,
    NEWEST_FIRST,
    PAGE_NUMBER,
    POSITION,
    Page,
    counted,
    counted_already,
    numbered_page,
)
from conflict.public.parameters import Term
from conflict.public.query_strings import Parameters
from conflict.public.toll import toll
from conflict.text import folded
from conflict.vocabulary import EVENT_FAMILIES, EventFamily, EventKind
from conflict.wording.localized_texts import chosen

PAGE_SIZE = 40
FORMATS = (("CSV", "csv"), ("XLSX", "xlsx"), ("GeoJSON", "geojson"), ("JSON", "json"))
OFFERED = 400  # actors and places in the form's lists; any further ones are found by search


class Sorting(Enum):
    """Order of the list."""

    EARLIEST = "earliest"
    NEWEST = "newest"


PARAMETERS = {**FILTERS, "chart": Term("", Counting), "order": Term("", Sorting), **PAGE_NUMBER, **POSITION}


@page(PARAMETERS)
def chronology(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen, counting = EventFilter.asked(asked), asked["chart"] or Counting.EVENTS
    order = NEWEST_FIRST if asked["order"] == Sorting.NEWEST else BY_DATE
    number, is_more = counted(chosen.to_count()) if chosen else counted_already(sum(events_by_period().values()))
    events = numbered_page(list(map(to_list, chosen.ranks)), order, asked, PAGE_SIZE, number)

    context = {
        **_page_context(chosen, counting, events),
        "number": number,
        "is_more": is_more,
        "is_newest_first": order.is_descending,
        "other_order": chosen.query(order="" if order.is_descending else Sorting.NEWEST.value) or "?",
        "is_first": not asked.given.keys() & {*POSITION, *PAGE_NUMBER},
    }
    return render_page(request, "chronology.html", context)


@page(FILTERS)
def filter_form(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """The filter's form, of some 400 choices, apart from the list, which it would make half as heavy again."""
    chosen = EventFilter.asked(asked)
    made = form(chosen, reverse("chronology"))
    return render_page(request, "filter.html", {"chosen": chosen, "form": made})


def _page_context(chosen: EventFilter, counting: Counting, events: Page[Any]) -> dict[str, Any]:
    """Context of the chronology page for these events."""
    found = chosen.events
    sure = events.rows[: events.of_first_rank]
    return {
        "chosen": chosen,
        "years": by_year(sure, gaps=not chosen),
        "possible": list(map(card, events.rows[len(sure) :])),
        "page": events,
        "histogram": monthly_counts.drawn(found, chosen, counting),
        "toll": toll(found, chosen.values) if chosen or counting == Counting.KILLED else None,
        "whose": chosen.whose,
        "killed_query": chosen.query(chart=Counting.KILLED.value),
        "formats": FORMATS,
        "contents": contents(),
        "families": "" if chosen else families(),
    }


class FamilyChart(NamedTuple):
    """Events of one family of actors by quarter, on the scale of all families. `before` happened earlier than is drawn."""

    family: TextChoices
    number: int
    before: int
    bars: SmallBars


def families() -> SafeString:
    """One small chart per family of actors, below the timeline and over the same years."""
    return rendered("pages/parts/families.html", (), lambda: {"charts": _families()}, place=("here",))


def _families() -> list[FamilyChart]:
    counts, months = events_by_family_and_month(), events_by_month()
    if not months:
        return []
    first, last = monthly_counts.years_in_sight(months)
    quarters = {family: by_quarter(counts.get(family, {}), first, last) for family in ActorFamily}
    tallest = max(max(of_family) for of_family in quarters.values())
    numbers = {family: sum(counts.get(family, {}).values()) for family in ActorFamily}
    return [
        FamilyChart(family, numbers[family], numbers[family] - sum(drawn), small_bars(drawn, tallest))
        for family, drawn in quarters.items()
        if any(drawn)
    ]


def form(chosen: EventFilter, action: str, around: dict[str, str] | None = None) -> SafeString:
    """Filter form for events, filled in with the current filter; `around` are other parameters that it keeps."""
    return rendered(
        "pages/parts/filter_form.html",
        (action, chosen.given, around),
        lambda: {
            "chosen": chosen,
            "action": action,
            "around": around or {},
            "actors": offered(queries.actors()),
            "suffering": offered(queries.actors().suffering()),
            "places": offered(queries.locations()),
            "periods": period_tree(),
            "kinds": [
                (family, [kind for kind in EventKind if EVENT_FAMILIES.get(kind) == family]) for family in EventFamily
            ],
            "supports": list(Support),
        },
        place=(action, chosen.given, around),
    )


def offered(found: Any) -> list[tuple[str, str]]:
    """Keys and names of the first of these entries, to choose from: unlike lists, which are by `NAME_ORDER` on any page, they
    are ordered by the names that the reader sees, whatever their case and accents.
    """
    rows = found.by_name().values_list("key", "label", "labels")[:OFFERED]
    return sorted(((key, chosen(label, labels)) for key, label, labels in rows), key=lambda row: folded(row[1]))


def contents() -> SafeString:
    """The periods as a table of contents."""
    return rendered("pages/parts/contents.html", (), lambda: {"periods": period_tree()}, place=("here",))


def period_tree() -> list[dict[str, Any]]:
    """Top-level periods, each with its subperiods and the number of events filed under it or below."""
    rows, counts = list(queries.periods().in_order()), events_by_period()
    nodes: dict[str, dict[str, Any]] = {
        row.key: {"row": row, "body": queries.body(row), "children": [], "number": 0} for row in rows
    }
    for row in rows:
        if row.parent_id in nodes:
            nodes[row.parent_id]["children"].append(nodes[row.key])
        for key in row.path:
            if key in nodes:
                nodes[key]["number"] += counts.get(row.key, 0)
    return [nodes[row.key] for row in rows if row.parent_id not in nodes]
