"""Outlines of countries around Mali, and positions of points in the drawing.

The file is derived from Natural Earth (public domain), clipped and simplified.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from conflict.vocabulary import PlacePrecision

WEST, SOUTH, EAST, NORTH = -13.0, 9.5, 10.5, 28.6
NARROWING = cos(radians((SOUTH + NORTH) / 2))
UNIT = 46  # units of the drawing per degree of latitude
KILOMETRES = 111.2  # per degree of latitude
WIDTH = round((EAST - WEST) * NARROWING * UNIT)
HEIGHT = round((NORTH - SOUTH) * UNIT)


REACH = {  # radius in kilometres within which a place may lie; UCDP defines it for the second grade only
    PlacePrecision.NEAR: 25,
    PlacePrecision.DISTRICT: 60,
    PlacePrecision.REGION: 110,
    PlacePrecision.LINE: 150,
    PlacePrecision.COUNTRY: 260,
}
AREAS = {precision: round(reach / KILOMETRES * UNIT) for precision, reach in REACH.items()}  # in units of the drawing
SEEN = 24  # radius below which a circle would look like a dot in the small drawing


@dataclass(frozen=True, slots=True)
class Locator:
    """Position of one place: a point, or an area of `radius` around it if the location is imprecise."""

    name: str
    x: float
    y: float
    radius: int
    width: int = WIDTH
    height: int = HEIGHT


def locator(name: str, latitude: str | None, longitude: str | None, precision: str) -> Locator | None:
    """Position of the place; None if it is unknown, or outside the drawing."""
    if latitude is None or longitude is None:
        return None
    at = placed(float(latitude), float(longitude))
    radius = max(AREAS[PlacePrecision(precision)], SEEN) if precision in AREAS else 0
    return Locator(name, *at, radius) if at else None


@dataclass(frozen=True, slots=True)
class Country:
    name: str
    path: str
    is_seat_of_war: bool


def placed(latitude: float, longitude: float) -> tuple[float, float] | None:
    """The point in the drawing; None outside its frame."""
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        return None
    return position(latitude, longitude)


def shows(*, west: float, south: float, east: float, north: float) -> bool:
    """Return True if any part of the area lies within the drawing."""
    return west <= EAST and east >= WEST and south <= NORTH and north >= SOUTH


@cache
def countries() -> list[Country]:
    found = finders.find("conflict/outlines.geojson")
    features: list[dict[str, Any]] = json.loads(Path(str(found)).read_text(encoding="utf-8"))["features"]
    return [
        Country(one["properties"]["name"], _path(one["geometry"]), one["properties"]["name"] == "Mali")
        for one in features
    ]


def _path(geometry: dict[str, Any]) -> str:
    rings = [ring for polygon in geometry["coordinates"] for ring in polygon]
    return "".join(
        "M" + "L".join("{:.0f} {:.0f}".format(*position(point[1], point[0])) for point in ring) + "Z" for ring in rings
    )


def position(latitude: float, longitude: float) -> tuple[float, float]:
    """The point in units of the drawing, also beyond its frame."""
    return (longitude - WEST) * NARROWING * UNIT, (NORTH - latitude) * UNIT
