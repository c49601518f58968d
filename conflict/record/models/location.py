"""Published locations, each with its path from the top of the tree."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from conflict import vocabulary
from conflict.record.models.entry import Column, PublishedEntry, PublishedQuerySet, within


class PublishedLocationQuerySet(PublishedQuerySet["PublishedLocation"]):
    def lying_within(self, key: str) -> Self:
        """The location itself and all below it."""
        return self.filter(within("path", key))

    def by_name(self) -> Self:
        return self.order_by("label", "key")


class PublishedLocation(PublishedEntry):
    entry_kind = vocabulary.EntryKind.LOCATION.value

    kind = Column()
    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="children")
    path = ArrayField(Column(), help_text="Keys from the top down to this location's own.")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    coordinate_precision = Column(blank=True)

    objects = PublishedLocationQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        indexes = [
            *PublishedEntry.Meta.indexes,
            GinIndex(fields=["path"], name="publishedlocation_path"),  # a region contains its places
            models.Index(fields=["label", "key"], name="publishedlocation_by_name"),  # /places/
        ]
