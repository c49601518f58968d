"""Map of the filtered events: where they are, with the known precision, and when.

The server draws it. If scripts run, Leaflet replaces the drawing and shows the same places, on a map that can be moved
and animated over time.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from conflict.pages import monthly_counts
from conflict.pages.chronology import form
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.counts import by_place_and_month, events_by_place_and_month
from conflict.public.cache.pages import cached_page, ground_of
from conflict.public.charts import country_outlines
from conflict.public.head import Head
from conflict.public.map_markers import marker, tiles, words
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedLocation
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.vocabulary import PlacePrecision
from conflict.wording.texts import label_of

LABELLED = 9  # the busiest places are labelled
SHOWN = 400  # places on one map; if there are more, it says how many are left out
AROUND = 40  # kilometres; the least radius of "around here"

Place = dict[str, Any]


@dataclass(slots=True)
class Spot:
    """One or more places at the same point of the map."""

    x: float
    y: float
    precision: str
    places: list[Place] = field(default_factory=list)
    number: int = 0
    has_label: bool = False

    @property
    def is_area(self) -> bool:
        return self.precision in country_outlines.AREAS

    @property
    def radius(self) -> str:
        if self.is_area:
            return str(country_outlines.AREAS[PlacePrecision(self.precision)])
        return f"{4 + 2.6 * sqrt(self.number):.1f}"

    @property
    def at(self) -> tuple[str, str]:
        return f"{self.x:.0f}", f"{self.y:.0f}"

    @property
    def label_x(self) -> str:
        return f"{self.x + float(self.radius) + 4:.0f}"

    @property
    def name(self) -> str:
        return label_of(self.places[0]["row"])


@page(FILTERS)
def map_of_events(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen = EventFilter.asked(asked)
    under = ground_of(request)
    if not chosen.stands_through_rewordings:
        return render_page(request, "map.html", context(chosen, under))
    return cached_page(request, "map.html", (under,), lambda _site: context(chosen, under))


def context(chosen: EventFilter, under: Head) -> dict[str, Any]:
    """Context of the map page. It shows no single event, so it remains valid while events are merely reworded."""
    counts, steps = counted(chosen, under)
    busiest = [key for key in dict(counts.most_common()) if key]
    rows = queries.locations().filter(key__in=busiest[:SHOWN]).by_name()
    places: list[Place] = [
        {"row": row, "number": counts[row.key], "query": chosen.query(place=row.key)} for row in rows
    ]
    places.sort(key=lambda place: -place["number"])
    drawn, beyond = spots(places)
    is_off_the_map = chosen.box is not None and not country_outlines.shows(**chosen.box._asdict())
    return {
        "chosen": chosen,
        "form": form(chosen, reverse("map"), under),
        "spots": drawn,
        "beyond": beyond,
        "places_found": places,
        "is_off_the_map": is_off_the_map,
        "left_out": max(len(busiest) - SHOWN, 0),
        "unplaced": counts[None],
        "number": counts.total(),
        "countries": country_outlines.countries(),
        "width": country_outlines.WIDTH,
        "height": country_outlines.HEIGHT,
        "moving": moving(places, steps, chosen),
        **tiles(),
    }


def counted(chosen: EventFilter, under: Head) -> tuple[Counter[str | None], dict[str, dict[date | None, int]]]:
    """Number of events per place, and per place and month; events without a date are counted under None."""
    counts: Counter[str | None] = Counter()
    steps: dict[str, dict[date | None, int]] = {}
    found = by_place_and_month(chosen.events) if chosen else events_by_place_and_month(under)
    for key, month, number in found:
        counts[key] += number
        if key:
            steps.setdefault(key, {})[month if month < UNDATED_SORTS_ON.replace(day=1) else None] = number
    return counts, steps


def spots(places: list[Place]) -> tuple[list[Spot], list[Place]]:
    """Points to draw, areas first so that they lie underneath, and the places outside the frame or without coordinates."""
    found: dict[tuple[Any, ...], Spot] = {}
    beyond = []
    for place in places:
        row: PublishedLocation = place["row"]
        is_known = row.latitude is not None and row.longitude is not None
        at = country_outlines.placed(float(row.latitude or 0), float(row.longitude or 0)) if is_known else None
        if at is None:
            beyond.append(place)
            continue
        spot = found.setdefault(
            (at, row.coordinate_precision in country_outlines.AREAS), Spot(*at, row.coordinate_precision)
        )
        spot.places.append(place)
        spot.number += place["number"]
    drawn = sorted(found.values(), key=lambda spot: (not spot.is_area, -spot.number, spot.name))
    for spot in [spot for spot in drawn if not spot.is_area][:LABELLED]:
        spot.has_label = True
    return drawn, beyond


def moving(places: list[Place], steps: dict[str, dict[date | None, int]], chosen: EventFilter) -> dict[str, Any]:
    """Data with which the script draws the same map and animates it: months are counted from the first year shown."""
    dated = {month for of_place in steps.values() for month in of_place if month}
    first, last = monthly_counts.years_in_sight(dated) if dated else (0, -1)
    return {
        "places": [
            {
                **marker(place["row"], place["number"]),
                "query": place["query"],
                "steps": runs(
                    ((month.year - first) * 12 + month.month - 1, number)
                    for month, number in steps[place["row"].key].items()
                    if month and month.year >= first
                ),
            }
            for place in places
            if place["row"].latitude is not None
        ],
        "first": first,
        "steps": (last - first + 1) * 12,
        "box": chosen.box if chosen.box and country_outlines.shows(**chosen.box._asdict()) else None,
        "words": words(),
    }


def runs(counts: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Encode monthly numbers as runs of consecutive months: the start of each run, then its numbers."""
    found: list[list[int]] = []
    for month, number in sorted(counts):
        if not found or found[-1][0] + len(found[-1]) - 1 != month:
            found.append([month])
        found[-1].append(number)
    return found
