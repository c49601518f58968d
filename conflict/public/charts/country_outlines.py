"""Outlines of the countries on the maps, and positions of points in the drawing.

Frame and outlines are the chronology's: see `conflict/chronology.py`.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from typing import Any

from django.conf import settings

from conflict.chronology import Frame
from conflict.vocabulary import PlacePrecision

FRAME: Frame = settings.CHRONOLOGY.map.frame
WEST, SOUTH, EAST, NORTH = FRAME
NARROWING = max(cos(radians((SOUTH + NORTH) / 2)), 0.1)
SIZE = 1022  # units of the drawing along its longer side, about
UNIT = max(1, round(SIZE / max((EAST - WEST) * NARROWING, NORTH - SOUTH)))  # units per degree of latitude
KILOMETRES = 111.2  # per degree of latitude
WIDTH = round((EAST - WEST) * NARROWING * UNIT)
HEIGHT = round((NORTH - SOUTH) * UNIT)
EMPTY = b'{"type":"FeatureCollection","features":[]}'


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
def geojson() -> bytes:
    """The chronology's file of outlines; an empty collection if it has none."""
    outlines = settings.CHRONOLOGY.map.outlines
    return outlines.read_bytes() if outlines else EMPTY


@cache
def countries() -> list[Country]:
    features: list[dict[str, Any]] = json.loads(geojson())["features"]
    seat = settings.CHRONOLOGY.countries
    return [
        Country(one["properties"]["name"], _path(one["geometry"]), one["properties"]["name"] in seat)
        for one in features
    ]


def _path(geometry: dict[str, Any]) -> str:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [ring for polygon in polygons for ring in polygon]
    return "".join(
        "M" + "L".join("{:.0f} {:.0f}".format(*position(point[1], point[0])) for point in ring) + "Z" for ring in rings
    )


def position(latitude: float, longitude: float) -> tuple[float, float]:
    """The point in units of the drawing, also beyond its frame."""
    return (longitude - WEST) * NARROWING * UNIT, (NORTH - latitude) * UNIT
