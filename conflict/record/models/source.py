"""Published sources."""

from typing import Self

from django.db import models

from conflict import vocabulary
from conflict.record.models.actor import PublishedActor
from conflict.record.models.entry import Column, PublishedEntry, PublishedQuerySet


class PublishedSourceQuerySet(PublishedQuerySet["PublishedSource"]):
    def unresolved(self) -> Self:
        return self.filter(resolved=False)

    def by_number(self) -> Self:
        """Numbered citations by number; what has none comes last."""
        return self.order_by(models.F("number").asc(nulls_last=True), "key")


class PublishedSource(PublishedEntry):
    entry_kind = vocabulary.EntryKind.SOURCE.value

    kind = Column()
    resolved = models.BooleanField()
    number = models.PositiveIntegerField(null=True)
    publisher = models.ForeignKey(PublishedActor, models.DO_NOTHING, null=True, related_name="publications")

    objects = PublishedSourceQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        pass
