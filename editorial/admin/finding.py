"""Findings at the desk: what is concluded from the claims, by which rule and why."""

from django.contrib import admin

from conflict.models import Citation, Finding, FindingBasis, FindingParty
from editorial.admin.entry import Children, DeskAdmin


class Parties(Children):
    model = FindingParty
    verbose_name_plural = "whom or what it is about"
    parents = ("actor", "location")
    fields = ("actor", "location", "described_as", "position")


class Bases(Children):
    model = FindingBasis
    verbose_name_plural = "the claims it rests on"
    parents = ("claim",)


class Citations(Children):
    model = Citation
    parents = ("source",)
    fields = ("source", "locator", "quotation", "accessed_on", "basis", "note")


@admin.register(Finding)
class FindingAdmin(DeskAdmin):
    list_display = ("key", "event", "aspect", "measure", "low", "best", "high", "grade", "rule")
    list_select_related = ("event",)
    list_filter = ("aspect", "grade", "rule", "measure")
    search_fields = (
        "key__icontains",
        "event__key__icontains",
        "event__title__unaccent__icontains",
        "reason__unaccent__icontains",
    )
    ordering = ("event__key", "key")
    inlines = (Parties, Bases, Citations)
    fieldsets = (
        (None, {"fields": ("event", "key", "aspect")}),
        (
            "Figure",
            {
                "fields": ("measure", ("low", "best", "high")),
                "description": "For a finding on a figure. Occurrence and attribution are graded, each in a finding of its own.",
            },
        ),
        (
            "Grade, rule and reason",
            {
                "fields": ("grade", "rule", "reason"),
                "description": "Say by which rule the claims led here, and why. Nothing is concluded silently.",
            },
        ),
    )
