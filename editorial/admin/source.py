"""Sources at the desk: publications, and the queue of citations still to be resolved."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _

from conflict.models import Source
from conflict.vocabulary import SourceKind
from editorial.admin.base import Children
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.citation_bench import bench_view, queue_view
from editorial.admin.desk_form import DeskForm
from editorial.admin.entry import PREVIEW, EntryAdmin, Page, PublicStanding
from editorial.admin.translations import TranslatedAdmin
from editorial.models import SourceTerms


class Terms(Children):
    """Republication terms of a source, set by the managing editor."""

    model = SourceTerms
    verbose_name_plural = _("licence: whether events taken over from it may be published")
    fields = ("licence", "note")


class SourceForm(DeskForm):
    """One switch: a source that is resolved is of a kind, and one that is not may have none."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("resolved") and given.get("kind") == SourceKind.UNRESOLVED:
            self.add_error("kind", _("It is resolved: say what kind of publication it is."))
        return cleaned


BENCH = Page("bench", _("Citations"), bench_view, lambda user: True)


@admin.register(Source)
class SourceAdmin(BulkEditAdmin, TranslatedAdmin, EntryAdmin):
    form = SourceForm
    pages = (PREVIEW, BENCH, *EntryAdmin.pages[1:])
    change_list_template = "admin/conflict/source/change_list.html"
    inlines = (Terms,)
    list_display = ("__str__", "key", "kind", "resolved", "publisher", "published_on", "access", "standing_in_public")
    sortable_by = ("key", "published_on")
    list_select_related = ("publisher",)
    list_filter = ("resolved", "kind", "access", PublicStanding)
    actions = (*EntryAdmin.actions, "edit_together")
    together = ("kind", "publisher", "container", "language", "published_on", "access")
    search_fields = (
        "title__holds",
        "authors__holds",
        "key__holds",
        "number__exact",
        "url__holds",
        "doi__holds",
        "identifiers__holds",
        "publisher__name__holds",
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
        (
            _("Where it can be found"),
            {
                "fields": (
                    "url",
                    "archived_url",
                    ("archived_on", "archived_status", "archived_sha256"),
                    ("doi", "isbn"),
                    "identifiers",
                )
            },
        ),
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

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(partial(queue_view, self))
        return [path("bench/", view, name="conflict_source_queue"), *super().get_urls()]

    def get_ordering(self, request: HttpRequest) -> Any:
        """Newest first in autocompletes: a source is usually cited right after it was entered."""
        is_chosen = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        return ("-pk",) if is_chosen else super().get_ordering(request)
