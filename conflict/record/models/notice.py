"""Published notices."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from conflict import vocabulary
from conflict.record.models import count
from conflict.record.models.entry import Column, PublishedEntry, PublishedQuerySet


class PublishedNoticeQuerySet(PublishedQuerySet["PublishedNotice"]):
    def open(self) -> Self:
        return self.filter(resolved_on__isnull=True)

    def on_the_whole_chronology(self) -> Self:
        return self.filter(target_kind="")

    def on(self, kind: str, key: str) -> Self:
        return self.filter(target_kind=kind, target_key=key)

    def weightiest_first(self) -> Self:
        """Notices flagged in a source first, then those made while reading; the latest first within each group."""
        return self.order_by(
            models.Case(models.When(Q(origin="source_text"), then=0), default=1),
            F("raised_sorts_on").desc(nulls_last=True),
            "key",
        )

    def oldest_first(self) -> Self:
        return self.order_by(F("raised_sorts_on").asc(nulls_last=True), "key")


class PublishedNotice(PublishedEntry):
    entry_kind = vocabulary.EntryKind.NOTICE.value

    kind = Column()
    origin = Column()
    target_kind = Column(blank=True, help_text="Empty for the whole chronology.")
    target_key = Column(blank=True)
    raised_sorts_on = models.DateField(null=True)
    review_by = models.DateField(null=True)
    resolved_on = models.DateField(null=True)

    objects = PublishedNoticeQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        triggers = count.triggers("record_publishednotice")
        indexes = [
            *PublishedEntry.Meta.indexes,
            models.Index(fields=["target_kind", "target_key"], name="publishednotice_target"),  # notices of one entry
        ]
