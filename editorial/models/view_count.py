"""Counts of how often readers open the page of each entry."""

from django.db import models

from conflict.models.entry import KeyField
from conflict.vocabulary import EntryKind


class ViewCount(models.Model):
    """How often the page of one entry was opened, by nobody in particular."""

    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = KeyField()
    times = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry_kind", "key"], name="view_count_is_one_per_entry")]
        indexes = [models.Index(fields=["entry_kind", "-times"], name="view_count_by_times")]  # the most read first

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.key}: {self.times}"
