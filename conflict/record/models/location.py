"""Published locations, each with its path from the top of the hierarchy."""

from math import cos, radians
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import FloatField, Q
from django.db.models.expressions import RawSQL

from conflict import earth, vocabulary
from conflict.record.models import count
from conflict.record.models.entry import (
    NAME_ORDER,
    Column,
    PublishedEntry,
    PublishedQuerySet,
    identifiers_column,
    within,
)

POLAR = 85.0  # degrees of latitude
HALF_TURN = 180.0  # degrees of longitude, either way
# Kilometres between a location and a point, given by its latitude, the same again, and its longitude: on a sphere.
DISTANCE = f"""
    {2 * earth.RADIUS} * asin(sqrt(least(
        power(sin((radians(latitude::float8) - radians(%s)) / 2), 2) + cos(radians(latitude::float8)) * cos(radians(%s))
            * power(sin(radians(longitude::float8 - %s) / 2), 2),
        1
    )))
"""


class PublishedLocationQuerySet(PublishedQuerySet["PublishedLocation"]):
    def lying_within(self, key: str) -> Self:
        """The location itself and all below it."""
        return self.filter(within("path", key))

    def by_name(self) -> Self:
        return self.order_by(*NAME_ORDER)

    def between(self, *, west: float, south: float, east: float, north: float) -> Self:
        """Locations with coordinates between two meridians and two parallels, in degrees, edges included."""
        return self.filter(longitude__range=(west, east), latitude__range=(south, north))

    def near(self, latitude: float, longitude: float, *, kilometres: float) -> Self:
        """Locations with coordinates within the distance, on a sphere; accurate to half a percent."""
        south, north, west, east = box(latitude, longitude, kilometres)
        distance = RawSQL(DISTANCE, [latitude, latitude, longitude], output_field=FloatField())  # noqa: S611
        return (
            self.between(west=west, south=south, east=east, north=north)
            .alias(distance=distance)
            .filter(distance__lte=kilometres)
        )


def degrees_of(kilometres: float) -> float:
    """Degrees of latitude that are at least as long."""
    return kilometres / earth.DEGREE + 0.01


def box(latitude: float, longitude: float, kilometres: float) -> tuple[float, float, float, float]:
    """South, north, west and east of what lies within the distance, in degrees, generously.

    All longitudes near a pole, and where the box would pass the meridian at which they begin anew.
    """
    reach = degrees_of(kilometres)
    south, north = latitude - reach, latitude + reach
    farthest = max(abs(south), abs(north))
    width = reach / cos(radians(farthest)) if farthest < POLAR else HALF_TURN
    if abs(longitude) + width > HALF_TURN:
        return south, north, -HALF_TURN, HALF_TURN
    return south, north, longitude - width, longitude + width


FEW = 200  # places listed individually in a query


def named_or_asked(column: str, places: PublishedLocationQuerySet) -> Q:
    """Rows with one of these places in the column.

    If there are few places, their keys are listed: for those, the planner knows how many events there are. Its guess
    for a subquery made it read the whole chronology for the events of a village, a thousand times too long.
    """
    keys = places.order_by().values_list("pk", flat=True)
    named = list(keys[: FEW + 1])
    return Q(**{f"{column}__in": named if len(named) <= FEW else keys.using(None)})


class PublishedLocation(PublishedEntry):
    entry_kind = vocabulary.EntryKind.LOCATION.value

    kind = Column()
    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="children")
    path = ArrayField(Column(), help_text="Keys from the top down to this location's own.")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    coordinate_precision = Column(blank=True)

    identifiers = identifiers_column()

    objects = PublishedLocationQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        triggers = count.triggers("record_publishedlocation")
        indexes = [
            *PublishedEntry.Meta.indexes,
            GinIndex(fields=["identifiers"], name="publishedlocation_identifiers"),  # ?identifier=
            GinIndex(fields=["path"], name="publishedlocation_path"),  # a region contains its places
            models.Index(fields=["label", "key"], name="publishedlocation_by_name"),  # /places/
            models.Index(fields=["latitude", "longitude"], name="publishedlocation_point"),  # what is near
        ]
