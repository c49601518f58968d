"""Notices at the desk: dated warnings, for readers or for editors only."""

from datetime import date

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from conflict.models import Notice, NoticeMention
from conflict.models.notice import POINTS_AT
from editorial.admin.entry import Children, EntryAdmin, PublicStanding


class Mentions(Children):
    model = NoticeMention
    verbose_name_plural = "further entries and claims it speaks of"
    parents = POINTS_AT
    fields = POINTS_AT


class State(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", "open"), ("overdue", "past its review date"), ("resolved", "resolved")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Notice]") -> "QuerySet[Notice]":
        today: date = timezone.localdate()
        match self.value():
            case "open":
                return queryset.filter(resolved_on__isnull=True)
            case "overdue":
                return queryset.filter(resolved_on__isnull=True, review_by__lt=today)
            case "resolved":
                return queryset.filter(resolved_on__isnull=False)
        return queryset


@admin.register(Notice)
class NoticeAdmin(EntryAdmin):
    list_display = ("__str__", "key", "audience", "raised_on", "review_by", "resolved_on", "standing_in_public")
    list_select_related = POINTS_AT
    list_filter = (State, "kind", "audience", "origin", "whole_chronology", PublicStanding)
    search_fields = (
        "reason__unaccent__icontains",
        "key__icontains",
        "event__title__unaccent__icontains",
        "actor__name__unaccent__icontains",
        "period__title__unaccent__icontains",
    )
    inlines = (Mentions,)
    fieldsets = (
        (None, {"fields": ("kind", "key", "public_standing")}),
        ("What it warns of", {"fields": ("reason", "audience", "origin")}),
        (
            "What it is on",
            {
                "fields": ("whole_chronology", *POINTS_AT),
                "description": "The whole chronology, or exactly one entry or claim.",
            },
        ),
        ("When", {"fields": ("raised_on", "review_by")}),
        ("How it was settled", {"fields": ("resolved_on", "resolution")}),
    )
