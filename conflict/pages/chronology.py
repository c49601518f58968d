"""The chronology: all events in order of time, filtered, below the warnings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify

from conflict.pages import monthly_counts
from conflict.pages.event_filter import FILTERS, EventFilter, Support
from conflict.pages.monthly_counts import Counting
from conflict.pages.page_view import page, shown
from conflict.public import queries
from conflict.public.cache.counts import events_by_period, reviewed
from conflict.public.cache.fragments import rendered
from conflict.public.cache.pages import ground_of, month_of, shown_while
from conflict.public.event_cards import by_year, card, to_list
from conflict.public.head import Head
from conflict.public.pagination import BY_DATE, POSITION, Page, counted, counted_already, page_of
from conflict.public.parameters import Term
from conflict.public.query_strings import Parameters
from conflict.public.toll import Toll, toll
from conflict.public.wording.texts import chosen
from conflict.vocabulary import EVENT_FAMILIES, EventFamily, EventKind

PAGE_SIZE = 60
FORMATS = (("CSV", "csv"), ("XLSX", "xlsx"), ("GeoJSON", "geojson"), ("JSON", "json"))
OFFERED = 400  # actors and places in the form's lists; any further ones are found by search


@page({**FILTERS, "chart": Term("", Counting), **POSITION})
def chronology(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen, counting = EventFilter.asked(asked), asked["chart"] or Counting.EVENTS
    events = page_of(to_list(chosen.events), BY_DATE, asked, PAGE_SIZE)
    under = ground_of(request)

    def context(_site: str = "") -> dict[str, Any]:
        return {**_told(chosen, counting, events, under), "is_first": not asked.given.keys() & POSITION.keys()}

    if chosen or counting != Counting.EVENTS:
        return shown(request, "chronology.html", context())
    return shown_while(request, "chronology.html", (under, month_of(request), reviewed(under), events.rows), context)


def _told(chosen: EventFilter, counting: Counting, events: Page[Any], under: Head) -> dict[str, Any]:
    """Context of the chronology page for these events.

    Without a filter, everything else is cached under the head `under`.
    """
    found = chosen.events
    sure, possible = chosen.told_apart(events.rows)
    number, is_more = counted(chosen.to_count()) if chosen else counted_already(sum(events_by_period(under).values()))
    return {
        "chosen": chosen,
        "years": by_year(sure, gaps=not chosen),
        "possible": list(map(card, possible)),
        "page": events,
        "number": number,
        "is_more": is_more,
        "histogram": monthly_counts.drawn(found, chosen, counting, under),
        "toll": toll_of(chosen),
        "killed_query": chosen.query(chart=Counting.KILLED.value),
        "formats": FORMATS,
        "form": form(chosen, reverse("chronology"), under),
        "contents": contents(under),
        **warnings(),
    }


def toll_of(chosen: EventFilter) -> Toll | None:
    """Total of the dead in the dates asked for, or of an actor; None where nobody asks for either."""
    whose = chosen.given.get("dead_of")
    if not whose and not chosen.within:
        return None
    return toll(chosen.events, queries.with_its_units(whose) if whose else (), chosen.within)


def warnings() -> dict[str, Any]:
    """Notices on the whole chronology, most important first, and the number of open notices overall."""
    standing = queries.bodies(queries.notices().open().on_the_whole_chronology().weightiest_first()[:10])
    return {"warnings": standing, "known_problems": queries.notices().open().count()}


def form(chosen: EventFilter, action: str, under: Head) -> SafeString:
    """Filter form for events, filled in with the current filter."""
    return rendered(
        "pages/parts/filter_form.html",
        (action, chosen.given, under),
        lambda: {
            "chosen": chosen,
            "action": action,
            "actors": offered(queries.actors()),
            "places": offered(queries.locations()),
            "periods": period_tree(under),
            "kinds": [
                (family, [kind for kind in EventKind if EVENT_FAMILIES.get(kind) == family]) for family in EventFamily
            ],
            "supports": list(Support),
        },
        place=(action, chosen.given),
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
