"""The map of the same filter as the list: where the events are, as exactly as that is known."""

from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from conflict.pages import reading
from conflict.pages.charts import outlines
from conflict.pages.chronology import choices
from conflict.pages.filters import FILTERS, EventFilter
from conflict.pages.page import page, shown
from conflict.pages.parameters import Parameters
from conflict.record.models import PublishedLocation
from conflict.vocabulary import PlacePrecision

LABELLED = 9  # the busiest places carry their names


@dataclass(slots=True)
class Spot:
    """One or several places at the same point of the map."""

    x: float
    y: float
    precision: str
    places: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0
    has_label: bool = False

    @property
    def is_area(self) -> bool:
        return self.precision in outlines.AREAS

    @property
    def radius(self) -> str:
        if self.is_area:
            return str(outlines.AREAS[PlacePrecision(self.precision)])
        return f"{4 + 2.6 * sqrt(self.number):.1f}"

    @property
    def label_x(self) -> float:
        return self.x + float(self.radius) + 4

    @property
    def name(self) -> str:
        return str(self.places[0]["row"].label)


@page(*FILTERS)
def map_of_events(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen = EventFilter.asked(asked)
    asked.refuse_faults()
    counts = dict(chosen.applied().order_by().values_list("location").annotate(Count("key")))
    rows = reading.locations().filter(key__in=[key for key in counts if key]).by_name()
    places = [{"row": row, "number": counts[row.key], "query": chosen.query(place=row.key)} for row in rows]
    places.sort(key=lambda place: -place["number"])
    drawn, beyond = spots(places)
    return shown(
        request,
        "map.html",
        {
            "chosen": chosen,
            "spots": drawn,
            "beyond": beyond,
            "places_found": places,
            "unplaced": counts.get(None, 0),
            "number": sum(counts.values()),
            "countries": outlines.countries(),
            "width": outlines.WIDTH,
            "height": outlines.HEIGHT,
            **choices(),
        },
    )


def spots(places: list[dict[str, Any]]) -> tuple[list[Spot], list[dict[str, Any]]]:
    """Spots to draw, areas first so that they lie below, and the places outside the frame or without coordinates."""
    found: dict[tuple[Any, ...], Spot] = {}
    beyond = []
    for place in places:
        row: PublishedLocation = place["row"]
        is_known = row.latitude is not None and row.longitude is not None
        at = outlines.placed(float(row.latitude or 0), float(row.longitude or 0)) if is_known else None
        if at is None:
            beyond.append(place)
            continue
        spot = found.setdefault((at, row.coordinate_precision in outlines.AREAS), Spot(*at, row.coordinate_precision))
        spot.places.append(place)
        spot.number += place["number"]
    drawn = sorted(found.values(), key=lambda spot: (not spot.is_area, -spot.number, spot.name))
    for spot in [spot for spot in drawn if not spot.is_area][:LABELLED]:
        spot.has_label = True
    return drawn, beyond
