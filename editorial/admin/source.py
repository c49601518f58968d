"""Sources at the desk: publications, and the queue of citations still to be resolved."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conflict.models import Source
from editorial.admin.base import Children
from editorial.admin.entry import EntryAdmin, PublicStanding
from editorial.models import SourceTerms


class Terms(Children):
    """Republication terms of a source, set by the managing editor."""

    model = SourceTerms
    verbose_name_plural = _("licence: whether events taken over from it may be published")
    fields = ("licence", "note")


@admin.register(Source)
class SourceAdmin(EntryAdmin):
    inlines = (Terms,)
    list_display = ("__str__", "key", "kind", "resolved", "publisher", "published_on", "access", "standing_in_public")
    list_select_related = ("publisher",)
    list_filter = ("resolved", "kind", "access", PublicStanding)
    search_fields = (
        "title__holds",
        "authors__holds",
        "key__holds",
        "number__exact",
        "url__holds",
        "doi__holds",
        "publisher__name__unaccent__icontains",
    )
    search_help_text = _("Title, author, publisher, citation number, address, DOI or key.")
    ordering = ("number", "key")
    fieldsets = (
        (None, {"fields": ("title", "key", "public_standing")}),
        (
            _("Resolved or not"),
            {
                "fields": (("resolved", "number"),),
                "description": _(
                    "A citation known only by its number waits here until somebody finds the publication."
                ),
            },
        ),
        (
            _("The publication"),
            {"fields": ("kind", "authors", ("container", "pages"), "publisher", "published_on", "language")},
        ),
        (_("Where it can be found"), {"fields": ("url", "archived_url", ("doi", "isbn"))}),
        (
            _("Who may see it"),
            {
                "fields": ("access", "note"),
                "description": _(
                    "A restricted source is in no public document; “named only” withholds address and note."
                ),
            },
        ),
    )

    def get_ordering(self, request: HttpRequest) -> Any:
        """Newest first in autocompletes: a source is usually cited right after it was entered."""
        is_chosen = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        return ("-pk",) if is_chosen else super().get_ordering(request)
