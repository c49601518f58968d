"""Locations at the desk: the tree of places, their names and coordinates."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conflict.models import Location, LocationName
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.entry import EntryAdmin, PublicStanding
from editorial.admin.list_filters import LocationGap
from editorial.admin.place_map import place_map
from editorial.admin.translations import TranslatedAdmin, TranslatedChildren


class Names(TranslatedChildren):
    model = LocationName
    verbose_name_plural = _("further names and spellings")
    fields = ("name", "language", "note")


@admin.register(Location)
class LocationAdmin(BulkEditAdmin, TranslatedAdmin, EntryAdmin):
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
    sortable_by = ("name", "key")
    list_select_related = ("parent",)
    list_filter = ("kind", LocationGap, "coordinate_precision", PublicStanding)
    actions = (*EntryAdmin.actions, "edit_together")
    together = ("kind", "parent", "country", "coordinate_precision", "coordinate_origin")
    search_fields = ("name__holds", "names__name__holds", "key__holds", "pcode__iexact", "identifiers__holds")
    search_help_text = _("Name, any spelling, key or P-code.")
    inlines = (Names,)
    fieldsets = (
        (None, {"fields": ("name", "key", "public_standing")}),
        (_("What it is"), {"fields": (("kind", "parent"), "country", "when", "description")}),
        (
            _("Where it is"),
            {
                "fields": (
                    ("latitude", "longitude"),
                    "coordinate_precision",
                    "coordinate_origin",
                    ("pcode", "geonames_id"),
                    "identifiers",
                ),
                "classes": ("place",),
                "description": _(
                    "The point, how near it is to the place, and where it was taken from. Leave it empty rather than guess: several places of one name lie abroad."
                ),
            },
        ),
    )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        place = context["original"]
        if place is None or self.has_change_permission(request, place):
            context |= {"map": place_map(place)}
        return super().render_change_form(request, context, *args, **options)
