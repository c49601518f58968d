"""Published events as rows with one figure and two sides: the columns that the compatibility formats filter by."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from conflict.record.models.entry import Column
from conflict.record.models.event import PublishedEvent
from conflict.record.models.location import PublishedLocation


class PublishedIncidentQuerySet(models.QuerySet["PublishedIncident"]):
    def between(self, start: date | None, end: date | None) -> Self:
        """Incidents that may have happened within the closed period [start, end]; None leaves a side open."""
        rows = self if start is None else self.filter(Q(last_day__isnull=True) | Q(last_day__gte=start))
        return rows if end is None else rows.filter(first_day__lte=end)

    def deadly(self) -> Self:
        """Incidents with a death toll above 0."""
        return self.filter(deaths_high__gt=0)

    def with_an_actor(self) -> Self:
        return self.exclude(side_a=[])


class PublishedIncident(models.Model):
    """An event with a first day. A projection of its body and its actors; places are joined on query."""

    event = models.OneToOneField(PublishedEvent, models.DO_NOTHING, primary_key=True, related_name="incident")
    sorts_on = models.DateField()
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    kind = Column()
    location = models.ForeignKey(PublishedLocation, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    side_a = ArrayField(models.CharField(max_length=500), help_text="Names of who acted, the first one first.")
    side_b = ArrayField(models.CharField(max_length=500), help_text="Names of who was acted upon.")
    number = models.BigIntegerField(help_text="The event, for shapes whose ids are numbers.")
    side_a_number = models.BigIntegerField()
    side_b_number = models.BigIntegerField()
    dyad_number = models.BigIntegerField()
    violence = models.PositiveSmallIntegerField()
    deaths_low = models.BigIntegerField(null=True)
    deaths_high = models.BigIntegerField(null=True)

    objects = PublishedIncidentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sorts_on", "event"], name="publishedincident_in_order"),  # pages of both formats
            models.Index(fields=["number"], name="publishedincident_number"),
        ]

    def __str__(self) -> str:
        return self.event_id
