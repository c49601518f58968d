"""Checks whether the addresses of sources still answer."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conflict.models import Source
from conflict.models.fields import MessageField


class AddressCheck(models.Model):
    """Last check of one source's address. Several failures in a row make it dead; a site may be away for a day."""

    DEAD_AFTER: ClassVar[int] = 3

    source = models.OneToOneField(Source, models.CASCADE, related_name="address_check")
    address = models.URLField(max_length=1000)
    checked_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text=_("HTTP status; null where there was no answer."))
    fault = MessageField(blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("In a row."))

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="address_check_by_time")]  # what is due

    def __str__(self) -> str:
        return f"{self.source_id}: {self.status or self.fault}"

    @property
    def is_dead(self) -> bool:
        return self.failures >= self.DEAD_AFTER
