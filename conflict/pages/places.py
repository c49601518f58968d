"""Pages of places: the hierarchy from country to village, the events at each place, and claims of control."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.counts import events_touching_places
from conflict.public.charts.control_matrix import control_matrix
from conflict.public.entry_pages import location as location_page
from conflict.public.pagination import POSITION
from conflict.public.query_strings import Parameters
from conflict.public.signposts import signposted

BESIDE, SHOWN_BESIDE = 150, 40  # kilometres, places
IN_TREE = 3000  # places that one page can show as a tree; any further ones are found by search


@page()
def places(request: HttpRequest, asked: Parameters) -> HttpResponse:
    rows = list(queries.locations().by_name().values("key", "label", "labels", "kind", "parent_id")[:IN_TREE])
    whole = tree(rows, events_touching_places())
    return render_page(request, "places.html", {"tree": whole, "number": len(rows), "matrix": control_matrix()})


@page(POSITION)
def place(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.get_entry("location", key)
    return signposted(
        request, render_page(request, "place.html", location_page.context(request, asked, queries.body(row), row)), row
    )


def tree(rows: Sequence[Mapping[str, Any]], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Top-level places, each with those in it. `number` counts events at the place itself, not below it."""
    nodes: dict[str, dict[str, Any]] = {
        row["key"]: {"row": row, "number": counts.get(row["key"], 0), "children": []} for row in rows
    }
    for row in rows:
        if row["parent_id"] in nodes:
            nodes[row["parent_id"]]["children"].append(nodes[row["key"]])
    return [nodes[row["key"]] for row in rows if row["parent_id"] not in nodes]
