"""Published actors and their affiliations."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL

from conflict import vocabulary
from conflict.record.models import count
from conflict.record.models.entry import NAME_ORDER, Column, PublishedEntry, PublishedQuerySet, identifiers_column

UNITS = """
    WITH RECURSIVE unit(key) AS (
        SELECT %s::varchar
        UNION SELECT below.actor_id FROM record_publishedaffiliation below JOIN unit ON below.other_id = unit.key
        WHERE below.kind = 'part_of'
    )
    SELECT key FROM unit
"""


# Asked actor by actor, of whom there are few: the parties to claims are many.
SUFFERING = """
    WITH RECURSIVE whole(key) AS (
        SELECT actor.key FROM record_publishedactor actor, LATERAL (
            SELECT FROM record_publishedclaimparty party JOIN record_publishedclaim claim ON claim.key = party.claim_id
            WHERE party.party = actor.key AND party.party <> '' AND party.role = 'subject' AND claim.measure = 'killed'
            LIMIT 1
        ) counted
        UNION SELECT above.other_id FROM record_publishedaffiliation above JOIN whole ON above.actor_id = whole.key
        WHERE above.kind = 'part_of'
    )
    SELECT key FROM whole
"""


class PublishedActorQuerySet(PublishedQuerySet["PublishedActor"]):
    def belonging_to(self, key: str) -> Self:
        """The actor itself and all its parts, at any depth: an army and its units."""
        return self.filter(key__in=RawSQL(UNITS, [key]))  # noqa: S611  # a constant text and a parameter

    def suffering(self) -> Self:
        """Actors whose dead some claim counts, and those of which they are part."""
        return self.filter(key__in=RawSQL(SUFFERING, []))  # noqa: S611  # a constant text

    def by_name(self) -> Self:
        return self.order_by(*NAME_ORDER)


class PublishedActor(PublishedEntry):
    entry_kind = vocabulary.EntryKind.ACTOR.value

    kind = Column()
    family = Column()
    country = Column(blank=True)

    identifiers = identifiers_column()

    objects = PublishedActorQuerySet.as_manager()

    class Meta(PublishedEntry.Meta):
        triggers = count.triggers("record_publishedactor")
        indexes = [
            *PublishedEntry.Meta.indexes,
            GinIndex(fields=["identifiers"], name="publishedactor_identifiers"),  # ?identifier=
            models.Index(fields=["label", "key"], name="publishedactor_by_name"),  # /actors/
        ]


class PublishedAffiliation(models.Model):
    """Affiliation of one actor with another; reads as `actor kind other`."""

    actor = models.ForeignKey(PublishedActor, models.DO_NOTHING, related_name="affiliations")
    kind = Column()
    other = models.ForeignKey(PublishedActor, models.DO_NOTHING, related_name="affiliated")
    span = DateRangeField(null=True)
    standing = Column()

    def __str__(self) -> str:
        return f"{self.actor_id} {self.kind} {self.other_id}"
