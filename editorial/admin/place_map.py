"""Map next to a location's coordinates: drawn on the server; a click fills in the plain fields."""

from dataclasses import dataclass
from typing import Any

from conflict.models import Location
from conflict.public.charts import country_outlines

DRAWN = 300  # places for orientation


@dataclass(frozen=True, slots=True)
class Spot:
    name: str
    x: float
    y: float


def place_map(here: Location | None) -> dict[str, Any]:
    """Template context for the map: countries, known places, and this one."""
    known = (
        Location.objects.filter(latitude__isnull=False)
        .order_by("pk")
        .values_list("pk", "name", "latitude", "longitude")[:DRAWN]
    )
    spots = {
        pk: Spot(name, *at)
        for pk, name, north, east in known
        if (at := country_outlines.placed(float(north), float(east)))
    }
    return {
        "countries": country_outlines.countries(),
        "width": country_outlines.WIDTH,
        "height": country_outlines.HEIGHT,
        "west": country_outlines.WEST,
        "north": country_outlines.NORTH,
        "per_degree_east": f"{country_outlines.NARROWING * country_outlines.UNIT:.6f}",
        "per_degree_north": country_outlines.UNIT,
        "here": spots.pop(here.pk, None) if here and here.pk else None,
        "spots": list(spots.values()),
    }
