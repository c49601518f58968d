"""Events on the map: a ring for each place, coloured by kind of event; hatched where no point is known.

Places whose rings would touch share one. A place outside the part that is drawn is listed beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from math import cos, hypot, pi, sin, sqrt
from typing import NamedTuple

from django.conf import settings

from conflict.chronology import OutlineKind
from conflict.outlines import clipped_ring, size
from conflict.public.charts import base_map
from conflict.public.charts.base_map import Outline
from conflict.vocabulary import EventFamily, PlacePrecision

SMALLEST = 12  # units of the drawing, pixels on a wide screen; the radius of the least ring, which can be pressed
CHARACTER, LINE = 7.4, 15  # size of a letter in a label, in units of the drawing
SQUARE = 48  # units; the side of the squares by which boxes that overlap are found
NUDGES = [(0, 0), *((round(reach * cos(turn * pi / 4)), round(reach * sin(turn * pi / 4))) for reach in (26, 46, 70, 95) for turn in range(8))]  # fmt: skip

Box = tuple[float, float, float, float]


class MapPlace(NamedTuple):
    """A place with the events at it: their number by kind, and the number of those at it or anywhere within it."""

    key: str
    name: str
    keys: Sequence[str]
    """Its own key, and those of what contains it, the nearest first."""
    latitude: float | None
    longitude: float | None
    precision: str
    kinds: Counter[EventFamily]
    within: int = 0

    @property
    def number(self) -> int:
        return self.kinds.total()

    @property
    def is_vague(self) -> bool:
        """Return True if no point is known, only an area in which it lies."""
        return self.precision in base_map.AREAS

    @property
    def outlines(self) -> list[Outline]:
        return base_map.outlines_of(self.precision, *self.keys)


class Wedge(NamedTuple):
    """Share of one kind in a ring; without a path, it is the whole."""

    family: EventFamily
    path: str


class Label(NamedTuple):
    name: str
    x: int
    y: int
    anchor: str = "start"


class Town(NamedTuple):
    """A town without events, for orientation."""

    label: Label
    x: int
    y: int


@dataclass
class Spot:
    """One or more places at the same point of the drawing."""

    x: float
    y: float
    outlines: list[Outline] = field(default_factory=list)
    circle: int = 0
    label: Label | None = None
    places: list[MapPlace] = field(default_factory=list)
    kinds: Counter[EventFamily] = field(default_factory=Counter)
    number: int = 0
    radius: int = SMALLEST

    def add(self, place: MapPlace) -> None:
        self.places.append(place)
        self.kinds.update(place.kinds)
        self.number += place.number
        self.radius = max(SMALLEST, round(8 + 2.1 * sqrt(self.number)))

    @property
    def is_vague(self) -> bool:
        return bool(self.circle or self.outlines)

    def touches(self, other: "Spot") -> bool:
        return hypot(self.x - other.x, self.y - other.y) < self.radius + other.radius

    @property
    def hole(self) -> int:
        return round(self.radius * 0.66)

    @property
    def at(self) -> str:
        return f"{self.x:.0f} {self.y:.0f}"

    @property
    def wedges(self) -> list[Wedge]:
        return wedges(self.kinds, self.radius)

    @property
    def box(self) -> Box:
        return (self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


class Room:
    """Room that is left in the part of the drawing that is shown. What is taken is filed by the squares that it reaches."""

    def __init__(self, shown: Box) -> None:
        self.shown = shown
        self.taken: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> None:
        for square in _squares(box):
            self.taken[square].append(box)

    def is_free(self, box: Box) -> bool:
        left, top, right, bottom = box
        if left < self.shown[0] or top < self.shown[1] or right > self.shown[2] or bottom > self.shown[3]:
            return False
        return not any(
            left < other[2] and right > other[0] and top < other[3] and bottom > other[1]
            for square in _squares(box)
            for other in self.taken.get(square, ())
        )


def _squares(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(edge // SQUARE) for edge in box)
    return product(range(left, right + 1), range(top, bottom + 1))


@dataclass(frozen=True, slots=True)
class EventMap:
    view: str
    spots: list[Spot]
    beyond: list[MapPlace]
    regions: list[Label]
    countries: list[Label]
    towns: list[Town]


def wedges(kinds: Counter[EventFamily], radius: float) -> list[Wedge]:
    """Sectors of a circle around the origin, clockwise from above, in the order of the kinds."""
    shown = [(family, kinds[family]) for family in EventFamily if kinds[family]]
    if len(shown) == 1:
        return [Wedge(shown[0][0], "")]
    found, before, total = [], 0, kinds.total()
    for family, number in shown:
        start, end = (_on_circle(share / total, radius) for share in (before, before + number))
        is_large = 1 if number * 2 > total else 0
        found.append(Wedge(family, f"M0 0L{start}A{radius} {radius} 0 {is_large} 1 {end}Z"))
        before += number
    return found


def _on_circle(share: float, radius: float) -> str:
    angle = 2 * pi * share
    return f"{radius * sin(angle):.1f} {-radius * cos(angle):.1f}"


def view() -> Box:
    """The part of the drawing that is shown: the chronology's focus, as left, top, right and bottom."""
    west, south, east, north = settings.CHRONOLOGY.map.focus
    return (*base_map.position(north, west), *base_map.position(south, east))


def event_map(places: Iterable[MapPlace], towns: Iterable[tuple[str, float, float]]) -> EventMap:
    """Everything to draw. `towns` are names and positions in degrees of places for orientation."""
    left, top, right, bottom = shown = view()
    room = Room(shown)
    points: list[Spot] = []
    areas: list[Spot] = []
    beyond = []
    for place in sorted(places, key=lambda place: (-place.number, place.name)):
        spot = _spot(place)
        if spot is None or not (left < spot.x < right and top < spot.y < bottom):
            beyond.append(place)
        elif spot.is_vague:
            areas.append(spot)
        elif near := next((other for other in points if other.touches(spot)), None):
            near.add(place)
        else:
            points.append(spot)
    for spot in points:
        room.take(spot.box)
    for spot in areas:
        _nudge(spot, room)
        room.take(spot.box)
    spots = sorted([*areas, *points], key=lambda spot: (not spot.is_vague, -spot.number))
    for spot in sorted(spots, key=lambda spot: (spot.is_vague, -spot.number)):
        spot.label = _label(spot.places[0].name, spot.x, spot.y, spot.radius + 4, room)
    known = {place.name for spot in spots for place in spot.places}
    ground = [(outline.name, *outline.middle) for outline in base_map.of_kind(OutlineKind.TOWN)]
    ground += [(name, *base_map.position(latitude, longitude)) for name, latitude, longitude in towns]
    quiet = [
        Town(label, round(x), round(y))
        for name, x, y in ground
        if name not in known
        and left < x < right
        and top < y < bottom
        and (label := _label(name, x, y, 5, room, size=0.85))
    ]
    return EventMap(
        f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        spots,
        beyond,
        [
            label
            for outline in base_map.of_kind(OutlineKind.REGION)
            if (label := _centred(outline.name, *outline.middle, room))
        ],
        [label for country, x, y in _countries() if (label := _centred(country.name, x, y, room))],
        quiet,
    )


def _spot(place: MapPlace) -> Spot | None:
    """Point at which the place is drawn; None if nobody knows where it is."""
    outlines = place.outlines
    if len(outlines) == 1:
        spot = Spot(*outlines[0].middle, outlines)
    elif place.latitude is None or place.longitude is None:
        return None
    else:
        circle = 0 if outlines or not place.is_vague else base_map.AREAS[PlacePrecision(place.precision)]
        spot = Spot(*base_map.position(place.latitude, place.longitude), outlines, circle)
    spot.add(place)
    return spot


@cache
def _countries() -> list[tuple[Outline, float, float]]:
    """Countries, each with the middle of what is seen of it."""
    found = []
    for outline in base_map.countries():
        rings = [clipped_ring(ring, settings.CHRONOLOGY.map.focus) for ring in outline.rings]
        if seen := max((ring for ring in rings if ring), key=size, default=None):
            found.append((outline, *base_map.middle_of(seen)))
    return found


def _nudge(spot: Spot, room: Room) -> None:
    """Move the ring of an area, which stands for no point, to where it covers no other."""
    x, y = spot.x, spot.y
    for east, south in NUDGES:
        spot.x, spot.y = x + east, y + south
        if room.is_free(spot.box):
            return
    spot.x, spot.y = x, y


def _label(name: str, x: float, y: float, away: float, room: Room, size: float = 1.0) -> Label | None:
    """The name beside the point, on a side where it covers nothing; None if there is none."""
    width, height = len(name) * CHARACTER * size, LINE * size
    middle = y + height / 3
    for label, box in (
        (Label(name, round(x + away), round(middle)), (x + away, y - height / 2, x + away + width, y + height / 2)),
        (Label(name, round(x - away), round(middle), "end"), (x - away - width, y - height / 2, x - away, y + height / 2)),
        (Label(name, round(x), round(y + away + height * 0.8), "middle"), (x - width / 2, y + away, x + width / 2, y + away + height)),
        (Label(name, round(x), round(y - away - height * 0.2), "middle"), (x - width / 2, y - away - height, x + width / 2, y - away)),
    ):  # fmt: skip
        if room.is_free(box):
            room.take(box)
            return label
    return None


def _centred(name: str, x: float, y: float, room: Room) -> Label | None:
    width = len(name) * CHARACTER * 1.2
    for away in (0, 22, -22, 44, -44, 66, -66):
        box = (x - width / 2, y + away - LINE / 2, x + width / 2, y + away + LINE / 2)
        if room.is_free(box):
            room.take(box)
            return Label(name, round(x), round(y + away + LINE / 3), "middle")
    return None
