"""Places: the tree from country to village, and what happened at each, or is said of who held it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from conflict.pages import errors, maps, queries
from conflict.pages.cards import card, to_list
from conflict.pages.charts import control_timeline, country_outlines, timeline
from conflict.pages.page_cache import ground_of, shown_while
from conflict.pages.page_view import page, shown
from conflict.pages.pagination import AFTER, BEFORE, BY_DATE, counted, page_of
from conflict.pages.parameters import Parameters
from conflict.public.cache.counts import events_touching_places
from conflict.public.wording.texts import named
from conflict.record.models import PublishedLocation

EVENTS_SHOWN = 40
BESIDE, SHOWN_BESIDE = 150, 40  # kilometres, places
IN_TREE = 3000  # places that one page can show as a tree; more are found by search


@page()
def places(request: HttpRequest, asked: Parameters) -> HttpResponse:
    under = ground_of(request)

    def context(_site: str) -> dict[str, Any]:
        rows = list(queries.locations().by_name()[:IN_TREE])
        return {"tree": tree(rows, events_touching_places(under)), "number": len(rows)}

    return shown_while(request, "places.html", (under,), context)


@page(AFTER, BEFORE)
def place(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.found("location", key)
    return shown(request, "place.html", context(request, asked, queries.body(row), row))


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedLocation) -> dict[str, Any]:
    """What the page shows. The row need not be in the record: the desk previews drafts by it."""
    found = queries.events().within(row.key)
    events = page_of(to_list(found), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(queries.at_or_below(row.key))
    return {
        "place": body,
        "locator": country_outlines.locator(named(row), body["latitude"], body["longitude"], row.coordinate_precision),
        "moving": maps.nearby(maps.marker(row), [maps.marker(other) for other in beside(row)])
        if row.latitude
        else None,
        "around": maps.around(row.latitude, row.longitude, row.coordinate_precision),
        **maps.tiles(),
        "row": row,
        "children": queries.locations().filter(parent=row.key).by_name().only("key", "label", "labels", "kind"),
        "holding": control_timeline.control_timeline(
            queries.control_claims(row.key), queries.changes_of_hands(row.key)
        ),
        "strip": timeline.strip(queries.at_or_below(row.key), queries.last_year()),
        "page": events,
        "events": [card(event) for event in events.rows],
        "number": number,
        "is_more": is_more,
    }


def beside(row: PublishedLocation) -> QuerySet[PublishedLocation]:
    """The places around it that a small map shows, in no order that would mean anything."""
    near = queries.locations().near(float(row.latitude or 0), float(row.longitude or 0), kilometres=BESIDE)
    return near.exclude(key=row.key).by_name()[:SHOWN_BESIDE]


def tree(rows: list[PublishedLocation], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Places of the top, each with those in it. `number` counts events at the place itself, not below it."""
    nodes: dict[str, dict[str, Any]] = {
        row.key: {"row": row, "names": row.names, "number": counts.get(row.key, 0), "children": []} for row in rows
    }
    for row in rows:
        if row.parent_id in nodes:
            nodes[row.parent_id]["children"].append(nodes[row.key])
    return [nodes[row.key] for row in rows if row.parent_id not in nodes]
