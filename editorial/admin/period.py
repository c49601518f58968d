"""Periods at the desk: the phases of the chronology, nested and in order."""

from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conflict.models import Period
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.entry import EntryAdmin, PublicStanding
from editorial.admin.translations import TranslatedAdmin


@admin.register(Period)
class PeriodAdmin(BulkEditAdmin, TranslatedAdmin, EntryAdmin):
    list_display = ("title", "key", "parent", "position", "when", "standing_in_public")
    list_select_related = ("parent",)
    list_filter = ("heading_origin", PublicStanding)
    actions = (*EntryAdmin.actions, "edit_together")
    together = ("parent", "heading_origin")
    search_fields = ("title__unaccent__icontains", "key__icontains")
    ordering = ("position",)
    fieldsets = (
        (None, {"fields": ("title", "key", "public_standing")}),
        (_("Where it stands"), {"fields": (("parent", "position"), "when", "heading_origin")}),
        (_("Text"), {"fields": ("introduction",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request).select_related("parent")
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """After the last period, unless the address says otherwise."""
        last = Period.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": str(last + 1), **super().get_changeform_initial_data(request)}
