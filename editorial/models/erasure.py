"""Erasures by law: asked for by one person and carried out once a second one has confirmed it."""

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models.fields import ProseField
from conflict.vocabulary import LONGEST_KEY, EntryKind

MOST_WORDS, FEWEST_LETTERS, MOST_LETTERS = 20, 4, 100  # of what is looked for
WAITS = timedelta(days=14)  # then it has to be asked for again


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def of(self, kind: str, key: str) -> Self:
        return self.filter(entry_kind=kind, key=key)

    def waiting(self, at: datetime) -> Self:
        return self.filter(confirmation=None, asked_at__gt=at - WAITS).order_by("asked_at", "pk")


class Erasure(models.Model):
    """A request to remove every text of an entry that was ever published. Append-only, whatever becomes of it."""

    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    reason = ProseField(
        help_text=gettext_lazy("Published in the log, for good: it must not repeat what is to be removed.")
    )
    words = ArrayField(
        models.CharField(max_length=MOST_LETTERS),
        default=list,
        blank=True,
        help_text=_("Words that give the text away; kept until it is erased."),
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    objects = ErasureQuerySet.as_manager()

    class Meta:
        permissions = [("erase_entry", "Can ask for or confirm an erasure by law")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="erasure_has_a_reason",
                violation_error_message=gettext_lazy("Say why: the reason is published."),
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.key}"


class ErasureConfirmation(models.Model):
    """The second person's word. Written only by the function that erases (`editorial/erasure_function.py`)."""

    erasure = models.OneToOneField(Erasure, models.PROTECT, related_name="confirmation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _("%(erasure)s, confirmed") % {"erasure": self.erasure}
