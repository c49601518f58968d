"""Parties that say, relay, suffer or hold something: an actor, a place, or somebody described in words."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from conflict.message import gettext as _
from conflict.models.actor import Actor
from conflict.models.entry import exactly_one
from conflict.models.fields import LineField
from conflict.models.location import Location
from conflict.models.translations import TranslationsField


class Party(models.Model):
    """An actor, a location, or a described party such as “a resident of the town”; exactly one of them."""

    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    described_as = LineField(
        max_length=200, blank=True, help_text=gettext_lazy("In words, where no entry exists: “a resident of the town”.")
    )
    position = models.PositiveSmallIntegerField(default=0)
    translations = TranslationsField()

    translated_as: ClassVar[str] = "party"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.actor or self.location or self.described_as)

    @property
    def name(self) -> str:
        """Description of the party in words, under the name that documents use."""
        return self.described_as


def party_is_one_thing(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=(exactly_one("actor", "location") & Q(described_as=""))
        | (Q(actor__isnull=True, location__isnull=True) & ~Q(described_as="")),
        name=name,
        violation_error_message=_(
            "A party is an actor, or a location, or described in words: fill in exactly one of the three."
        ),
    )
