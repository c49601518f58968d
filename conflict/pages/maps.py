"""The map of the same filter as the list: where the events are, as exactly as that is known, and when.

The server draws it. Where scripts run, Leaflet takes the drawing's place and shows the same places:
it can be moved, and led through time.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import cos, radians, sqrt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conflict.pages import queries
from conflict.pages.charts import country_outlines, monthly_counts
from conflict.pages.chronology import form
from conflict.pages.entry_urls import page_of
from conflict.pages.filters import FILTERS, EventFilter
from conflict.pages.page_cache import ground_of, shown_while
from conflict.pages.page_view import page, shown
from conflict.pages.parameters import Parameters
from conflict.public.cache.counts import by_place_and_month, events_by_place_and_month
from conflict.public.head import Head
from conflict.public.wording.texts import named
from conflict.record.models import PublishedLocation
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.vocabulary import PlacePrecision

LABELLED = 9  # the busiest places carry their names
SHOWN = 400  # places of one map; with more, it says how many it leaves out
AROUND = 40  # kilometres that "around here" reaches at least

Place = dict[str, Any]


@dataclass(slots=True)
class Spot:
    """One or several places at the same point of the map."""

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
        return named(self.places[0]["row"])


@page(*FILTERS)
def map_of_events(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen = EventFilter.asked(asked)
    asked.refuse_faults()
    under = ground_of(request)
    if not chosen.stands_through_rewordings:
        return shown(request, "map.html", context(chosen, under))
    return shown_while(request, "map.html", (under,), lambda _site: context(chosen, under))


def context(chosen: EventFilter, under: Head) -> dict[str, Any]:
    """What the page shows. Of single events it shows nothing, so it stands while they are merely reworded."""
    counts, steps = counted(chosen, under)
    busiest = [key for key in dict(counts.most_common()) if key]
    rows = queries.locations().filter(key__in=busiest[:SHOWN]).by_name()
    places: list[Place] = [
        {"row": row, "number": counts[row.key], "query": chosen.query(place=row.key)} for row in rows
    ]
    places.sort(key=lambda place: -place["number"])
    drawn, beyond = spots(places)
    return {
        "chosen": chosen,
        "form": form(chosen, reverse("map"), under),
        "spots": drawn,
        "beyond": beyond,
        "places_found": places,
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
    """How many events each place has, and each place in each month; those without a date stand under None."""
    counts: Counter[str | None] = Counter()
    steps: dict[str, dict[date | None, int]] = {}
    found = by_place_and_month(chosen.applied()) if chosen else events_by_place_and_month(under)
    for key, month, number in found:
        counts[key] += number
        if key:
            steps.setdefault(key, {})[month if month < UNDATED_SORTS_ON.replace(day=1) else None] = number
    return counts, steps


def spots(places: list[Place]) -> tuple[list[Spot], list[Place]]:
    """Spots to draw, areas first so that they lie below, and the places outside the frame or without coordinates."""
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
    """What the script needs to draw the same and lead it through time: months are counted from the first on."""
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
        "box": chosen.box,
        "words": words(),
    }


def runs(counts: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Months with their numbers, as runs of months that follow each other: where each begins, then its numbers."""
    found: list[list[int]] = []
    for month, number in sorted(counts):
        if not found or found[-1][0] + len(found[-1]) - 1 != month:
            found.append([month])
        found[-1].append(number)
    return found


def marker(row: PublishedLocation, number: int = 0) -> dict[str, Any]:
    return marker_of(row.key, named(row), row.latitude, row.longitude, row.coordinate_precision, number)


def marker_of(
    key: str,
    name: str,
    latitude: Decimal | str | None,
    longitude: Decimal | str | None,
    precision: str,
    number: int = 0,
) -> dict[str, Any]:
    """One place for the script. `reach` is how far around the point it may lie, in kilometres; 0 for a dot."""
    return {
        "key": key,
        "name": name,
        "page": page_of("place", key),
        "at": [float(latitude or 0), float(longitude or 0)],
        "reach": country_outlines.REACH.get(PlacePrecision(precision), 0) if precision else 0,
        "said": str(PlacePrecision(precision).label) if precision else "",
        "number": number,
    }


def nearby(here: dict[str, Any], others: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """For the small map of one place: the place itself, those around it, and no time."""
    return {"places": [here, *others], "first": 0, "steps": 0, "box": None, "here": here["key"], "words": words()}


def around(latitude: Decimal | str | None, longitude: Decimal | str | None, precision: str) -> str:
    """The query for what happened around a point: as far as the place may lie, and a little further. Empty for no point."""
    if latitude is None or longitude is None:
        return ""
    north_of_equator, east_of_greenwich = float(latitude), float(longitude)
    reach = (
        max(country_outlines.REACH.get(PlacePrecision(precision), 0) if precision else 0, AROUND)
        / country_outlines.KILOMETRES
    )
    wide = reach / max(cos(radians(north_of_equator)), 0.1)
    west, east = max(east_of_greenwich - wide, -180), min(east_of_greenwich + wide, 180)
    south, north = max(north_of_equator - reach, -90), min(north_of_equator + reach, 90)
    return f"?bbox={west:.2f},{south:.2f},{east:.2f},{north:.2f}"


def tiles() -> dict[str, str]:
    return {"tiles": settings.MAP_TILES, "tiles_attribution": settings.MAP_TILES_ATTRIBUTION}


def words() -> dict[str, Any]:
    """What the script says, in the reader's language. What stands in braces is filled in there."""
    return {
        "home": reverse("chronology"),
        "map": _("Map: arrow keys move it, plus and minus zoom, the tab key leads from place to place"),
        "in": _("Zoom in"),
        "out": _("Zoom out"),
        "events": [ngettext("{number} event", "{number} events", number) for number in (1, 2)],
        "whole": _("The whole time"),
        "until": _("until {month}"),
    }
