"""Saved mappings of the columns of custom tables to fields."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conflict.models.entry import KeyField


class SheetMapping(models.Model):
    """Mapping from the columns of a kind of spreadsheet to the fields of an event; reusable for later files."""

    key = KeyField(unique=True, max_length=40, help_text=_("Short: events of such files are known by it."))
    name = models.CharField(max_length=100, unique=True)
    columns = models.JSONField(help_text=_("Column of the file by field of the desk."))
    constants = models.JSONField(default=dict, blank=True, help_text=_("What every row means, by field."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
