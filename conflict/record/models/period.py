"""Published periods, nested and in order."""

from typing import Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models

from conflict import vocabulary
from conflict.record.models import count
from conflict.record.models.entry import Column, PublishedEntry, PublishedQuerySet, within


class PublishedPeriodQuerySet(PublishedQuerySet["PublishedPeriod"]):
    def lying_within(self, key: str) -> Self:
        """The period itself and all nested in it."""
        return self.filter(within("path", key))

    def in_order(self) -> Self:
        return self.order_by("position", "key")


class PublishedPeriod(PublishedEntry):
    entry_kind = vocabulary.EntryKind.PERIOD.value

    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="children")
    path = ArrayField(Column(), help_text="Keys from the top down to this period's own.")
    position = models.PositiveIntegerField()
    span = DateRangeField(null=True)

    objects = PublishedPeriodQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        triggers = count.triggers("record_publishedperiod")
