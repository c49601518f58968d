"""References between published documents. Foreign keys enforce the closure rule a second time."""

from django.db import models
from django.db.models import Q

from conflict.record.models import count
from conflict.record.models.actor import PublishedActor
from conflict.record.models.claim import PublishedClaim
from conflict.record.models.entry import Column
from conflict.record.models.event import PublishedEvent
from conflict.record.models.location import PublishedLocation
from conflict.record.models.period import PublishedPeriod
from conflict.record.models.source import PublishedSource
from conflict.vocabulary import KINDS, EntryKind

REFERRED = tuple(kind for kind in KINDS if kind != EntryKind.NOTICE)


class PublishedReference(models.Model):
    """Reference from an entry's document to another entry or claim; stored once, however often it occurs."""

    from_kind = Column()
    from_key = Column()
    actor = models.ForeignKey(PublishedActor, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    location = models.ForeignKey(PublishedLocation, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    source = models.ForeignKey(PublishedSource, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    period = models.ForeignKey(PublishedPeriod, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    event = models.ForeignKey(PublishedEvent, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    claim = models.ForeignKey(PublishedClaim, models.DO_NOTHING, null=True, related_name="+", db_index=False)

    class Meta:
        triggers = count.triggers("record_publishedreference")
        indexes = [
            models.Index(fields=["from_kind", "from_key"], name="publishedreference_from"),
            # The referring entry, for closure and for bodies to refresh. Each row has exactly one of these columns set.
            *(
                models.Index(
                    fields=[kind], name=f"publishedreference_{kind}", condition=Q(**{f"{kind}__isnull": False})
                )
                for kind in REFERRED
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor__isnull=False)
                | Q(location__isnull=False)
                | Q(source__isnull=False)
                | Q(period__isnull=False)
                | Q(event__isnull=False)
                | Q(claim__isnull=False),
                name="publishedreference_names_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_kind} {self.from_key} → {next(filter(None, (getattr(self, f'{kind}_id') for kind in REFERRED)))}"


class Tombstone(models.Model):
    """An entry that was withdrawn: when, why, and its replacement."""

    entry_kind = Column()
    key = Column()
    publication = models.ForeignKey("record.Publication", models.DO_NOTHING, related_name="+")
    withdrawn_at = models.DateTimeField()
    reason = models.TextField()
    successor = Column(blank=True)
    label = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry_kind", "key"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.key}, withdrawn"
