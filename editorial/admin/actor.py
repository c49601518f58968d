"""Actors at the desk, with their names and affiliations."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conflict.models import Actor, ActorName, Affiliation, Citation
from editorial.admin.base import Children, DeskAdmin
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.entry import EntryAdmin, PublicStanding
from editorial.admin.translations import TranslatedAdmin, TranslatedChildren


class Names(TranslatedChildren):
    model = ActorName
    verbose_name_plural = _("further names and spellings")
    fields = ("name", "kind", "language", "note")


class Affiliations(TranslatedChildren):
    model = Affiliation
    fk_name = "actor"
    parents = ("other",)
    show_change_link = True
    fields = ("kind", "other", "role", "when", "standing", "note")


@admin.register(Actor)
class ActorAdmin(BulkEditAdmin, TranslatedAdmin, EntryAdmin):
    list_display = ("name", "key", "kind", "family", "country", "when", "standing_in_public")
    list_filter = ("kind", "family", PublicStanding)
    actions = (*EntryAdmin.actions, "edit_together")
    together = ("kind", "family", "country")
    search_fields = ("name__holds", "names__name__holds", "key__holds", "identifiers__holds")
    search_help_text = _("Name, any spelling or acronym, or key.")
    inlines = (Names, Affiliations)
    fieldsets = (
        (None, {"fields": ("name", "key", "public_standing")}),
        (
            _("What it is"),
            {
                "fields": (("kind", "family", "pronoun"), "country", "when", "description"),
                "description": _(
                    "An actor is a state, group, unit, body, person or outlet. What it did in an event is its participation there."
                ),
            },
        ),
        (_("In other systems"), {"fields": ("identifiers",)}),
        (
            _("As an outlet"),
            {
                "fields": (("reliability", "reliability_on"), "reliability_reason"),
                "description": _(
                    "How far its reports can be relied on, why, and as of when. Never said of one article."
                ),
            },
        ),
    )


class AffiliationCitations(Children):
    model = Citation
    fields = ("source", "locator", "quotation", "accessed_on", "basis", "note")
    parents = ("source",)


@admin.register(Affiliation)
class AffiliationAdmin(DeskAdmin):
    """Reached from its actor, for its citations."""

    list_display = ("actor", "kind", "other", "when", "standing")
    list_select_related = ("actor", "other")
    list_filter = ("kind", "standing")
    search_fields = ("actor__name__holds", "other__name__holds", "actor__names__name__holds")
    ordering = ("actor__key", "pk")
    fields = ("actor", ("kind", "other"), "role", "when", "standing", "note")
    inlines = (AffiliationCitations,)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("actor", "other")  # its name shows both

    def get_model_perms(self, request: Any) -> dict[str, bool]:
        return {}  # not on the front page
