"""Checks whether the addresses of sources still answer."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from conflict.models import Source
from conflict.models.fields import MessageField


class AddressCheckQuerySet(models.QuerySet["AddressCheck"]):
    def current(self) -> Self:
        """Checks of the address that the source has now; none of one that was corrected since."""
        return self.filter(address=F("source__url"))

    def dead(self) -> Self:
        """Checks by which the source's address is dead: several failures in a row, as a site may be away for a day."""
        return self.current().filter(failures__gte=AddressCheck.DEAD_AFTER)


class AddressCheck(models.Model):
    """Last check of one source's address."""

    DEAD_AFTER: ClassVar[int] = 3

    source = models.OneToOneField(Source, models.CASCADE, related_name="address_check")
    address = models.URLField(max_length=1000)
    checked_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text=_("HTTP status; null where there was no answer."))
    fault = MessageField(blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("In a row."))

    objects = AddressCheckQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="address_check_by_time")]  # what is due

    def __str__(self) -> str:
        return f"{self.source_id}: {self.status or self.fault}"
