"""Distances on the earth, taken as a sphere."""

from math import cos, hypot, radians

RADIUS = 6371.0088  # kilometres, mean
DEGREE = radians(1) * RADIUS  # kilometres from one degree of latitude to the next


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points near each other, given by latitude and longitude."""
    north = one[0] - other[0]
    east = (one[1] - other[1]) * cos(radians((one[0] + other[0]) / 2))
    return DEGREE * hypot(north, east)
