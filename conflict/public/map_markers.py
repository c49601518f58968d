"""Places for the maps' script: one marker each, with nearby ones and the texts to show."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings

from conflict.public.charts import base_map
from conflict.public.entry_urls import page_of
from conflict.record.models import PublishedLocation
from conflict.record.models.location import box
from conflict.vocabulary import PlacePrecision
from conflict.wording.localized_texts import label_of
from conflict.wording.messages import gettext as _
from conflict.wording.messages import ngettext
from conflict.wording.terms import term

AROUND = 40  # kilometres; the least radius of "around here"


def marker(row: PublishedLocation) -> dict[str, Any]:
    keys = row.path[::-1] if row.path else [row.key]
    return marker_of(row.key, label_of(row), row.latitude, row.longitude, row.coordinate_precision, *keys)


def marker_of(
    key: str,
    name: str,
    latitude: Decimal | str | float | None,
    longitude: Decimal | str | float | None,
    precision: str,
    *keys: str,
) -> dict[str, Any]:
    """One place for the script, with the keys of what contains it.

    `reach` is the radius in kilometres within which it may lie, 0 for an exact point; `outlines` are the numbers of those
    in the file within which it lies.
    """
    properties: dict[str, Any] = {
        "key": key,
        "name": name,
        "at": [float(latitude or 0), float(longitude or 0)],
        "said": precision,
    }
    if reach := base_map.REACH.get(PlacePrecision(precision), 0) if precision else 0:
        properties["reach"] = reach
    if numbers := [outline.number for outline in base_map.outlines_of(precision, *(keys or (key,)))]:
        properties["outlines"] = numbers
    return properties


def nearby(here: dict[str, Any], others: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Data for the small map of one place: the place and its surroundings."""
    return {"places": [here, *others], "box": None, "here": here["key"], "words": words()}


def around(latitude: Decimal | str | None, longitude: Decimal | str | None, precision: str) -> str:
    """Query string for events around a point: within the place's radius, and a little further. Empty without a point."""
    if latitude is None or longitude is None:
        return ""
    reach = max(base_map.REACH.get(PlacePrecision(precision), 0) if precision else 0, AROUND)
    south, north, west, east = box(float(latitude), float(longitude), reach)
    return f"?bbox={west:.2f},{max(south, -90):.2f},{east:.2f},{min(north, 90):.2f}"


def tiles() -> dict[str, str]:
    return {"tiles": settings.MAP_TILES, "tiles_attribution": settings.MAP_TILES_ATTRIBUTION}


def words() -> dict[str, Any]:
    """Texts for the script, in the reader's language. The script fills in the placeholders in braces."""
    return {
        "map": _("Map: arrow keys move it, plus and minus zoom, the tab key leads from place to place"),
        "place": page_of("places"),
        "precision": {value: term(value, "PlacePrecision") for value in PlacePrecision.values},
        "in": _("Zoom in"),
        "out": _("Zoom out"),
        "events": [ngettext("{number} event", "{number} events", number) for number in (1, 2)],
        "here": [
            ngettext("{number} event at the place itself", "{number} events at the place itself", number)
            for number in (1, 2)
        ],
    }
