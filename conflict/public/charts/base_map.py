"""The maps without their events: outlines of countries and regions, rivers and towns, and positions in the drawing.

Frame and outlines are the chronology's: see `conflict/chronology.py`.
"""

import json
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import cos, radians
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from conflict import earth
from conflict.chronology import Frame, OutlineKind, Words
from conflict.outlines import Ring, lines_of, polygons_of, size
from conflict.vocabulary import PlacePrecision

FRAME: Frame = settings.CHRONOLOGY.map.frame
WEST, SOUTH, EAST, NORTH = FRAME
NARROWING = max(cos(radians((SOUTH + NORTH) / 2)), 0.1)
SIZE = 1022  # units of the drawing along its longer side, about
UNIT = max(1, round(SIZE / max((EAST - WEST) * NARROWING, NORTH - SOUTH)))  # units per degree of latitude
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
AREAS = {precision: round(reach / earth.DEGREE * UNIT) for precision, reach in REACH.items()}  # in units of the drawing
SEEN = 24  # radius below which a circle would look like a dot in the small drawing


@dataclass(frozen=True, slots=True)
class Outline:
    """A feature of the file of outlines, as a path of the drawing; `number` is its place in the file."""

    number: int
    kind: OutlineKind
    names: Words
    rings: list[Ring]
    """Outer rings of an area, in degrees."""
    path: str
    middle: tuple[float, float]
    is_seat_of_war: bool = False

    @property
    def name(self) -> str:
        return str(self.names)


@dataclass(frozen=True, slots=True)
class Locator:
    """Position of one place: a point, or an area in which it lies: its outlines, or a circle of `radius` around it."""

    name: str
    x: float
    y: float
    radius: int
    outlines: list[Outline] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_area(self) -> bool:
        return bool(self.radius or self.outlines)


def locator(name: str, latitude: str | None, longitude: str | None, precision: str, *keys: str) -> Locator | None:
    """Position of the place, by its key and those of what contains it; None if it is unknown, or outside the drawing."""
    if latitude is None or longitude is None:
        return None
    at = placed(float(latitude), float(longitude))
    radius = max(AREAS[PlacePrecision(precision)], SEEN) if precision in AREAS else 0
    return Locator(name, *at, radius, outlines_of(precision, *keys)) if at else None


def placed(latitude: float, longitude: float) -> tuple[float, float] | None:
    """The point in the drawing; None outside its frame."""
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        return None
    return position(latitude, longitude)


def shows(*, west: float, south: float, east: float, north: float) -> bool:
    """Return True if any part of the area lies within the drawing."""
    return west <= EAST and east >= WEST and south <= NORTH and north >= SOUTH


def within_frame(*, west: float, south: float, east: float, north: float) -> Frame:
    """The part of the area that lies within the drawing."""
    return Frame(max(west, WEST), max(south, SOUTH), min(east, EAST), min(north, NORTH))


@cache
def geojson() -> bytes:
    """The chronology's file of outlines; an empty collection if it has none."""
    outlines = settings.CHRONOLOGY.map.outlines
    return outlines.read_bytes().removeprefix(BOM_UTF8) if outlines else EMPTY


@cache
def outlines() -> list[Outline]:
    """All that the file has, in its order."""
    features: list[dict[str, Any]] = json.loads(geojson())["features"]
    return [_outline(number, one["properties"], one["geometry"]) for number, one in enumerate(features)]


def _outline(number: int, properties: dict[str, Any], geometry: dict[str, Any]) -> Outline:
    name = properties["name"]
    rings = [polygon[0] for polygon in polygons_of(geometry)] if "Polygon" in geometry["type"] else []
    return Outline(
        number,
        OutlineKind(properties.get("kind", OutlineKind.COUNTRY)),
        Words(
            properties.get("names") or {settings.CHRONOLOGY.original_language: name},
            settings.CHRONOLOGY.original_language,
        ),
        rings,
        _path(geometry),
        middle_of(max(rings, key=size)) if rings else _start(geometry),
        name in settings.CHRONOLOGY.countries,
    )


@cache
def of_kind(kind: OutlineKind) -> list[Outline]:
    return [outline for outline in outlines() if outline.kind == kind]


def countries() -> list[Outline]:
    return of_kind(OutlineKind.COUNTRY)


def ground() -> dict[str, Any]:
    """Template context of the drawing without events."""
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "countries": countries(),
        "regions": of_kind(OutlineKind.REGION),
        "lakes": of_kind(OutlineKind.LAKE),
        "rivers": of_kind(OutlineKind.RIVER),
        "towns": of_kind(OutlineKind.TOWN),
    }


def outlines_of(precision: str, *keys: str) -> list[Outline]:
    """Outlines within which a place lies of which no point is known.

    The keys are the place's own, then those of what contains it: only of a place known no closer than by its country do
    these count.
    """
    if precision not in AREAS:
        return []
    known = keys if precision == PlacePrecision.COUNTRY else keys[:1]
    return next((_by_place()[key] for key in known if key in _by_place()), [])


@cache
def _by_place() -> dict[str, list[Outline]]:
    """Outlines by the keys of places that they name; a country also stands for the place with its name as key."""
    found: dict[str, list[Outline]] = {}
    for outline, feature in zip(outlines(), json.loads(geojson())["features"], strict=True):
        keys = feature["properties"].get("places", ())
        if outline.kind == OutlineKind.COUNTRY:
            keys = keys or {slugify(name) for name in outline.names.texts.values()}
        for key in keys:
            found.setdefault(key, []).append(outline)
    return found


def _path(geometry: dict[str, Any]) -> str:
    match geometry["type"]:
        case "Point":
            return ""
        case "LineString" | "MultiLineString":
            return "".join(_line(line) for line in lines_of(geometry))
    return "".join(f"{_line(ring)}Z" for polygon in polygons_of(geometry) for ring in polygon)


def _line(points: Ring) -> str:
    """The points as a path of whole numbers, relative to each other, which is half as long."""
    places = [tuple(map(round, position(north, east))) for east, north in points]
    steps = [
        f"{x - before_x} {y - before_y}"
        for (before_x, before_y), (x, y) in pairwise(places)
        if (x, y) != (before_x, before_y)
    ]
    start = f"M{places[0][0]} {places[0][1]}"
    return f"{start}l{' '.join(steps)}".replace(" -", "-") if steps else start


def _start(geometry: dict[str, Any]) -> tuple[float, float]:
    east, north = geometry["coordinates"] if geometry["type"] == "Point" else lines_of(geometry)[0][0]
    return position(north, east)


def middle_of(ring: Ring) -> tuple[float, float]:
    """Centre of gravity of a ring, in the drawing."""
    places = [position(north, east) for east, north in ring]
    twice = [(x, y, other_x, other_y, x * other_y - other_x * y) for (x, y), (other_x, other_y) in pairwise(places)]
    area = sum(part for *_points, part in twice)
    if not area:
        return places[0]
    return (
        sum((x + other_x) * part for x, _y, other_x, _other_y, part in twice) / (3 * area),
        sum((y + other_y) * part for _x, y, _other_x, other_y, part in twice) / (3 * area),
    )


def position(latitude: float, longitude: float) -> tuple[float, float]:
    """The point in units of the drawing, also beyond its frame."""
    return (longitude - WEST) * NARROWING * UNIT, (NORTH - latitude) * UNIT
