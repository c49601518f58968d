"""Map next to a location's coordinates: drawn on the server; a click fills in the plain fields."""

from dataclasses import dataclass
from typing import Any

from conflict.models import Location
from conflict.public.charts import base_map

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
        pk: Spot(name, *at) for pk, name, north, east in known if (at := base_map.placed(float(north), float(east)))
    }
    return {
        "countries": base_map.countries(),
        "width": base_map.WIDTH,
        "height": base_map.HEIGHT,
        "west": base_map.WEST,
        "north": base_map.NORTH,
        "per_degree_east": f"{base_map.NARROWING * base_map.UNIT:.6f}",
        "per_degree_north": base_map.UNIT,
        "here": spots.pop(here.pk, None) if here and here.pk else None,
        "spots": list(spots.values()),
    }
