"""Saved filters of lists, watched entries and filters, and the state of an editor's inbox."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conflict.models.fields import LineField
from conflict.vocabulary import LONGEST_KEY, EntryKind


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def offered_to(self, user: object) -> Self:
        """One's own, and those that colleagues share."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedFilter(models.Model):
    """A list of the desk, narrowed, under a name; its owner's, or shared with everybody at the desk."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = LineField(max_length=80)
    listed = models.CharField(max_length=60, help_text=_("The list: conflict_event."))
    query = models.TextField(help_text=_("What it is narrowed to: gap=no-source&year=2013."))
    is_shared = models.BooleanField("shared with all at the desk", default=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "listed", "name"],
                name="saved_filter_has_a_name_of_its_own",
                violation_error_message=_("You have saved another filter of this list under this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Watch(models.Model):
    """An entry, or a saved filter, whose changes one person wants to hear of."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    entry_kind = models.CharField(max_length=20, choices=EntryKind, blank=True)
    key = models.CharField(max_length=LONGEST_KEY, blank=True)
    saved_filter = models.ForeignKey(SavedFilter, models.CASCADE, null=True, blank=True, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.CheckConstraint(
                condition=Q(saved_filter__isnull=True) ^ Q(key=""), name="watch_is_of_an_entry_or_a_filter"
            ),
            models.UniqueConstraint(
                fields=["user", "entry_kind", "key", "saved_filter"],
                nulls_distinct=False,
                name="something_is_watched_once_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.saved_filter or self.key)


class Inbox(models.Model):
    """Position up to which a person has read their inbox, and whether it is sent to them by e-mail."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    read_until = models.DateTimeField()
    by_email = models.BooleanField("also by e-mail", default=False)
    mailed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "inboxes"

    def __str__(self) -> str:
        return f"inbox of {self.user}"
