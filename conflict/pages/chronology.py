"""The chronology: all events in order of time, filtered, below the warnings."""

from enum import Enum
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify

from conflict.families import ActorFamily
from conflict.pages import monthly_counts
from conflict.pages.event_filter import FILTERS, EventFilter, Support
from conflict.pages.monthly_counts import Counting
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.counts import events_by_family_and_month, events_by_month, events_by_period, reviewed
from conflict.public.cache.fragments import rendered
from conflict.public.cache.pages import cached_page, ground_of, month_of
from conflict.public.charts.small_bars import SmallBars, by_quarter, small_bars
from conflict.public.event_cards import by_year, card, to_list
from conflict.public.head import Head
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
from conflict.vocabulary import EVENT_FAMILIES, EventFamily, EventKind
from conflict.wording.texts import chosen

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
    under = ground_of(request)
    number, is_more = counted(chosen.to_count()) if chosen else counted_already(sum(events_by_period(under).values()))
    events = numbered_page(list(map(to_list, chosen.ranks)), order, asked, PAGE_SIZE, number)

    def context(_site: str = "") -> dict[str, Any]:
        return {
            **_page_context(chosen, counting, events, under),
            "number": number,
            "is_more": is_more,
            "is_newest_first": order.is_descending,
            "other_order": chosen.query(order="" if order.is_descending else Sorting.NEWEST.value) or "?",
            "is_first": not asked.given.keys() & {*POSITION, *PAGE_NUMBER},
        }

    if chosen or counting != Counting.EVENTS:
        return render_page(request, "chronology.html", context())
    return cached_page(request, "chronology.html", (under, month_of(request), reviewed(under), events.rows), context)


@page(FILTERS)
def filter_form(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """The filter's form, of some 400 choices, apart from the list, which it would make half as heavy again."""
    chosen = EventFilter.asked(asked)
    made = form(chosen, reverse("chronology"), ground_of(request))
    return render_page(request, "filter.html", {"chosen": chosen, "form": made})


def _page_context(chosen: EventFilter, counting: Counting, events: Page[Any], under: Head) -> dict[str, Any]:
    """Context of the chronology page for these events.

    Without a filter, everything else is cached under the head `under`.
    """
    found = chosen.events
    sure = events.rows[: events.of_first_rank]
    return {
        "chosen": chosen,
        "years": by_year(sure, gaps=not chosen),
        "possible": list(map(card, events.rows[len(sure) :])),
        "page": events,
        "histogram": monthly_counts.drawn(found, chosen, counting, under),
        "toll": toll(found, chosen.values) if chosen or counting == Counting.KILLED else None,
        "whose": chosen.whose,
        "killed_query": chosen.query(chart=Counting.KILLED.value),
        "formats": FORMATS,
        "contents": contents(under),
        "families": "" if chosen else families(under),
    }


class FamilyChart(NamedTuple):
    """Events of one family of actors by quarter, on the scale of all families."""

    family: TextChoices
    number: int
    bars: SmallBars


def families(under: Head) -> SafeString:
    """One small chart per family of actors, below the timeline and over the same years."""
    return rendered("pages/parts/families.html", (under,), lambda: {"charts": _families(under)}, place=("here",))


def _families(under: Head) -> list[FamilyChart]:
    counts, months = events_by_family_and_month(under), events_by_month(under)
    if not months:
        return []
    first, last = monthly_counts.years_in_sight(months)
    quarters = {family: by_quarter(counts.get(family, {}), first, last) for family in ActorFamily}
    tallest = max(max(of_family) for of_family in quarters.values())
    return [
        FamilyChart(family, sum(of_family), small_bars(of_family, tallest))
        for family, of_family in quarters.items()
        if any(of_family)
    ]


def form(chosen: EventFilter, action: str, under: Head, around: dict[str, str] | None = None) -> SafeString:
    """Filter form for events, filled in with the current filter; `around` are other parameters that it keeps."""
    return rendered(
        "pages/parts/filter_form.html",
        (action, chosen.given, around, under),
        lambda: {
            "chosen": chosen,
            "action": action,
            "around": around or {},
            "actors": offered(queries.actors()),
            "suffering": offered(queries.actors().suffering()),
            "places": offered(queries.locations()),
            "periods": period_tree(under),
            "kinds": [
                (family, [kind for kind in EventKind if EVENT_FAMILIES.get(kind) == family]) for family in EventFamily
            ],
            "supports": list(Support),
        },
        place=(action, chosen.given, around),
    )


def offered(found: Any) -> list[tuple[str, str]]:
    """Keys and names of the first of these entries, ordered by name in the reader's language."""
    rows = found.by_name().values_list("key", "label", "labels")[:OFFERED]
    return sorted(((key, chosen(label, labels)) for key, label, labels in rows), key=lambda row: slugify(row[1]))


def contents(under: Head) -> SafeString:
    """The periods as a table of contents."""
    return rendered("pages/parts/contents.html", (under,), lambda: {"periods": period_tree(under)}, place=("here",))


def period_tree(under: Head) -> list[dict[str, Any]]:
    """Top-level periods, each with its subperiods and the number of events filed under it or below."""
    rows, counts = list(queries.periods().in_order()), events_by_period(under)
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
