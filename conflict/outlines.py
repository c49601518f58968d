"""Outlines for the maps, made from larger files: clipped to a frame, and simplified so that neighbours keep one border.

Points are (longitude, latitude) in degrees. A border that two areas share is simplified once, for both.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]  # west, south, east, north

ROUNDED = 3  # decimals in which points of two files are the same point
WRITTEN = 2  # decimals that are written: one kilometre


def polygons_of(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    """Polygons of an area, each with its outer ring and its holes."""
    nested = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[points_of(ring) for ring in polygon] for polygon in nested]


def lines_of(geometry: Mapping[str, Any]) -> list[Ring]:
    nested = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    return [points_of(line) for line in nested]


def points_of(line: Iterable[Sequence[float]]) -> Ring:
    return [(round(float(point[0]), ROUNDED), round(float(point[1]), ROUNDED)) for point in line]


def clipped_ring(ring: Ring, box: Box) -> Ring:
    """The part of an area's ring within the box, closed; empty if there is none (Sutherland and Hodgman)."""
    west, south, east, north = box
    edges: list[tuple[int, float, Callable[[Point], bool]]] = [
        (0, west, lambda point: point[0] >= west),
        (0, east, lambda point: point[0] <= east),
        (1, south, lambda point: point[1] >= south),
        (1, north, lambda point: point[1] <= north),
    ]
    points = ring[:-1] if ring[0] == ring[-1] else ring
    for axis, limit, is_within in edges:
        found: Ring = []
        for here, following in zip(points, [*points[1:], *points[:1]], strict=True):
            if is_within(here):
                found.append(here)
            if is_within(here) != is_within(following):
                found.append(_crossing(here, following, axis, limit))
        points = found
    return [*points, points[0]] if len(points) > 2 else []


def clipped_line(line: Ring, box: Box) -> list[Ring]:
    """Stretches of a line within the box, each with one point beyond."""
    west, south, east, north = box
    stretches: list[Ring] = []
    was_within = False
    for number, point in enumerate(line):
        is_within = west <= point[0] <= east and south <= point[1] <= north
        if is_within and not was_within:
            stretches.append(line[max(number - 1, 0) : number])
        if is_within or was_within:
            stretches[-1].append(point)
        was_within = is_within
    return [stretch for stretch in stretches if len(stretch) > 1]


def simplified(polygons: Iterable[list[Ring]], tolerance: float) -> list[list[Ring]]:
    """The polygons of all areas without what deviates less than `tolerance` degrees, and without holes of that size."""
    given = [[ring[:-1] for ring in rings] for rings in polygons]
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in (ring for rings in given for ring in rings):
        for here, following in zip(ring, [*ring[1:], ring[0]], strict=True):
            beside[here].add(following)
            beside[following].add(here)
    nodes = {point for point, others in beside.items() if len(others) != 2}
    return [
        [
            ring
            for number, whole in enumerate(rings)
            if (ring := _simplified_ring(whole, nodes, tolerance)) and (not number or len(ring) > 3)
        ]
        for rings in given
    ]


def _simplified_ring(ring: Ring, nodes: set[Point], tolerance: float) -> Ring:
    """The ring, simplified from node to node: where only two areas meet, both give the same points."""
    starts = [number for number, point in enumerate(ring) if point in nodes] or [ring.index(min(ring))]
    turned = [*ring[starts[0] :], *ring[: starts[0]], ring[starts[0]]]
    cuts = [*(number - starts[0] for number in starts), len(ring)]
    found: Ring = []
    for start, end in itertools.pairwise(cuts):
        found += simplified_line(turned[start : end + 1], tolerance)[:-1]
    return [*found, found[0]]


def simplified_line(line: Ring, tolerance: float) -> Ring:
    """The line without points that lie nearer than `tolerance` to what is left (Douglas and Peucker)."""
    is_turned = (line[0], line[1]) > (line[-1], line[-2])
    points = line[::-1] if is_turned else line
    kept = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        farthest = max(
            range(first + 1, last), key=lambda number: _distance(points[number], points[first], points[last]), default=0
        )
        if farthest and _distance(points[farthest], points[first], points[last]) > tolerance:
            kept.add(farthest)
            stack += [(first, farthest), (farthest, last)]
    found = [points[number] for number in sorted(kept)]
    return found[::-1] if is_turned else found


def written(rings: Iterable[Ring]) -> list[list[list[float]]]:
    """The points as GeoJSON has them, rounded, without repetitions."""
    return [list(_rounded(ring)) for ring in rings]


def _rounded(ring: Ring) -> Iterator[list[float]]:
    before: list[float] = []
    for point in ring:
        here = [round(point[0], WRITTEN), round(point[1], WRITTEN)]
        if here != before:
            yield here
        before = here


def size(ring: Ring) -> float:
    """Longer side of the box around the ring, in degrees."""
    across, up = [point[0] for point in ring], [point[1] for point in ring]
    return max(max(across) - min(across), max(up) - min(up))


def _distance(point: Point, start: Point, end: Point) -> float:
    """Distance from a point to a segment, in degrees."""
    east, north = end[0] - start[0], end[1] - start[1]
    length = east * east + north * north
    along = ((point[0] - start[0]) * east + (point[1] - start[1]) * north) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.hypot(point[0] - start[0] - along * east, point[1] - start[1] - along * north)


def _crossing(here: Point, following: Point, axis: int, limit: float) -> Point:
    share = (limit - here[axis]) / (following[axis] - here[axis])
    other = round(here[1 - axis] + share * (following[1 - axis] - here[1 - axis]), ROUNDED)
    return (limit, other) if axis == 0 else (other, limit)
