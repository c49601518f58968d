"""Published actors and their affiliations."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from conflict import vocabulary
from conflict.record.models.entry import Column, PublishedEntry, PublishedQuerySet


class PublishedActorQuerySet(PublishedQuerySet["PublishedActor"]):
    def by_name(self) -> Self:
        return self.order_by("label", "key")


class PublishedActor(PublishedEntry):
    entry_kind = vocabulary.EntryKind.ACTOR.value

    kind = Column()
    family = Column()
    country = Column(blank=True)

    objects = PublishedActorQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        indexes = [
            *PublishedEntry.Meta.indexes,
            models.Index(fields=["label", "key"], name="publishedactor_by_name"),  # /actors/
        ]


class PublishedAffiliation(models.Model):
    """How one actor stands to another; read as `actor kind other`."""

    actor = models.ForeignKey(PublishedActor, models.DO_NOTHING, related_name="affiliations")
    kind = Column()
    other = models.ForeignKey(PublishedActor, models.DO_NOTHING, related_name="affiliated")
    span = DateRangeField(null=True)
    standing = Column()

    def __str__(self) -> str:
        return f"{self.actor_id} {self.kind} {self.other_id}"
