"""Locations: the hierarchy of places, with their names and coordinates."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from conflict import identifiers, vocabulary
from conflict.message import gettext as _
from conflict.models.entry import Entry, refuse_cycle, tracked
from conflict.models.fields import EDTFField, IdentifiersField, LineField, ProseField, SpanField
from conflict.models.lookups import held_in
from conflict.models.translations import TranslationsField
from conflict.models.triggers import no_cycle, touches


def refuse_bad_pcode(value: str) -> None:
    if not identifiers.SCHEMES["pcode"].form.fullmatch(value):
        raise ValidationError(
            _("“%(value)s” is not a P-code: capital letters and digits only, such as ML09."),
            code="pcode",
            params={"value": value},
        )


@tracked
class Location(Entry):
    """A place, from a country down to a building. Not territory held by somebody: control is claimed in events."""

    entry_kind = vocabulary.EntryKind.LOCATION.value
    document_parents = ("parent",)
    document_children = ("names",)

    name = LineField(max_length=200)
    kind = models.CharField(max_length=40, choices=vocabulary.LocationKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    country = LineField(max_length=120, blank=True)
    latitude = models.DecimalField(
        max_digits=8, decimal_places=5, null=True, blank=True, help_text=gettext_lazy("WGS 84, degrees north.")
    )
    longitude = models.DecimalField(
        max_digits=8, decimal_places=5, null=True, blank=True, help_text=gettext_lazy("WGS 84, degrees east.")
    )
    coordinate_precision = models.CharField(max_length=20, choices=vocabulary.PlacePrecision, blank=True)
    coordinate_origin = LineField(max_length=300, blank=True)
    pcode = LineField("P-code", max_length=20, blank=True, validators=[refuse_bad_pcode])
    geonames_id = models.PositiveBigIntegerField("GeoNames id", null=True, blank=True)
    identifiers = IdentifiersField(
        gettext_lazy("in other systems"), help_text=gettext_lazy("wikidata:Q1065, or the address there.")
    )
    when = EDTFField(verbose_name="valid", help_text=gettext_lazy("EDTF: when the place exists as such."))
    span = SpanField()
    description = ProseField(blank=True)
    translations = TranslationsField()

    class Meta:
        triggers = [*Entry.rules("location"), no_cycle("conflict_location", "location")]
        indexes = [
            models.Index(fields=["name"], name="location_by_name"),  # admin change list
            *(held_in(column, of="location") for column in ("name", "key", "identifiers")),  # search in the list
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    # listed explicitly, because a comparison with NULL would not reject anything
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="location_coordinates_are_a_pair_on_earth",
                violation_error_message=gettext_lazy(
                    "Give latitude (−90 to 90) and longitude (−180 to 180) together, or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | (~Q(coordinate_origin="") & ~Q(coordinate_precision="")),
                name="location_coordinates_have_origin_and_precision",
                violation_error_message=gettext_lazy("Say where the coordinates come from and how precise they are."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="location_is_not_its_own_parent",
                violation_error_message=gettext_lazy("A location cannot lie within itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        refuse_cycle(self, "location")
        self._refuse_false_origin()

    def _refuse_false_origin(self) -> None:
        """Reject a moved point that still names the source of the old coordinates."""
        before = Location.objects.filter(pk=self.pk, latitude__isnull=False).first() if self.pk else None
        if before is None or self.latitude is None or "by hand" in self.coordinate_origin:
            return
        moved = (before.latitude, before.longitude) != (self.latitude, self.longitude)
        if moved and before.coordinate_origin == self.coordinate_origin:
            raise ValidationError(
                {
                    "coordinate_origin": _(
                        "The point was moved, and is still said to come from “%(coordinate_origin)s”: say where the new one comes from, or write “placed by hand”."
                    )
                    % {"coordinate_origin": self.coordinate_origin}
                }
            )


@tracked
class LocationName(models.Model):
    """Another name or spelling of a location."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="names")
    name = LineField(max_length=200)
    language = LineField(max_length=20, blank=True)
    note = LineField(max_length=300, blank=True)
    translations = TranslationsField()

    translated_as: ClassVar[str] = "spelling"

    class Meta:
        triggers = touches("conflict_location", "SELECT location_id FROM {rows}")
        indexes = [held_in("name", of="location_name")]  # search in the list of locations
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="location_name_is_given_once",
                violation_error_message=gettext_lazy("This location already has this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
