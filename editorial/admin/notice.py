"""Notices at the desk: dated warnings, for readers or for editors only."""

from django.contrib import admin

from conflict.models import Notice, NoticeMention
from conflict.models.notice import POINTS_AT
from editorial.admin.entry import COMPARE, JOURNAL, RETRACT, Children, EntryAdmin, PublicStanding
from editorial.admin.narrowing import NoticeState


class Mentions(Children):
    model = NoticeMention
    verbose_name_plural = "further entries and claims it speaks of"
    parents = POINTS_AT
    fields = POINTS_AT


@admin.register(Notice)
class NoticeAdmin(EntryAdmin):
    list_display = ("__str__", "key", "audience", "raised_on", "review_by", "resolved_on", "standing_in_public")
    list_select_related = POINTS_AT
    list_filter = (NoticeState, "kind", "audience", "origin", "whole_chronology", PublicStanding)
    search_fields = (
        "reason__unaccent__icontains",
        "key__icontains",
        "event__title__unaccent__icontains",
        "actor__name__unaccent__icontains",
        "period__title__unaccent__icontains",
    )
    inlines = (Mentions,)
    pages = (COMPARE, JOURNAL, RETRACT)  # what a notice says is answered by resolving it, not by a dispute
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
