"""Published sources."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce

from conflict import vocabulary
from conflict.record.models import count
from conflict.record.models.actor import PublishedActor
from conflict.record.models.entry import Column, PublishedEntry, PublishedQuerySet, identifiers_column

NUMBERLESS = 2_000_000_000  # sorts sources without a number after all others


class PublishedSourceQuerySet(PublishedQuerySet["PublishedSource"]):
    def unresolved(self) -> Self:
        return self.filter(resolved=False)

    def by_number(self) -> Self:
        """Numbered citations by number, followed by those without one."""
        return self.order_by(models.F("number").asc(nulls_last=True), "key")


class PublishedSource(PublishedEntry):
    entry_kind = vocabulary.EntryKind.SOURCE.value

    kind = Column()
    resolved = models.BooleanField()
    number = models.PositiveIntegerField(null=True)
    publisher = models.ForeignKey(PublishedActor, models.DO_NOTHING, null=True, related_name="publications")

    identifiers = identifiers_column()

    objects = PublishedSourceQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        triggers = count.triggers("record_publishedsource")
        indexes = [
            *PublishedEntry.Meta.indexes,
            GinIndex(fields=["identifiers"], name="publishedsource_identifiers"),  # ?identifier=
            models.Index(fields=["kind", "key"], name="publishedsource_kind"),  # ?kind=
            models.Index(Coalesce("number", NUMBERLESS), "key", name="publishedsource_by_number"),  # /sources/
            models.Index(fields=["key"], name="publishedsource_unresolved", condition=models.Q(resolved=False)),
        ]
