"""Locations at the desk: the tree of places, their names and coordinates."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from conflict.models import Location, LocationName
from editorial.admin.entry import Children, EntryAdmin, PublicStanding


class Names(Children):
    model = LocationName
    verbose_name_plural = "further names and spellings"


class Coordinates(admin.SimpleListFilter):
    title = "coordinates"
    parameter_name = "coordinates"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "given"), ("no", "missing")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Location]") -> "QuerySet[Location]":
        return queryset.filter(latitude__isnull=self.value() == "no") if self.value() in ("yes", "no") else queryset


@admin.register(Location)
class LocationAdmin(EntryAdmin):
    list_display = (
        "name",
        "key",
        "kind",
        "parent",
        "latitude",
        "longitude",
        "coordinate_precision",
        "standing_in_public",
    )
    list_select_related = ("parent",)
    list_filter = ("kind", Coordinates, "coordinate_precision", PublicStanding)
    search_fields = ("name__unaccent__icontains", "names__name__unaccent__icontains", "key__icontains", "=pcode")
    search_help_text = "Name, any spelling, key or P-code."
    inlines = (Names,)
    fieldsets = (
        (None, {"fields": ("name", "key", "public_standing")}),
        ("What it is", {"fields": (("kind", "parent"), "country", "when", "description")}),
        (
            "Where it is",
            {
                "fields": (
                    ("latitude", "longitude"),
                    "coordinate_precision",
                    "coordinate_origin",
                    ("pcode", "geonames_id"),
                ),
                "classes": ("place",),
                "description": "The point, how near it is to the place, and where it was taken from. Leave it empty rather than guess: several places of one name lie abroad.",
            },
        ),
    )
