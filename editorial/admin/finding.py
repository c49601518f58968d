"""Findings at the desk: conclusions from the claims, with their rule and reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from conflict.models import Actor, Claim, Finding, FindingBasis, FindingParty, Location
from conflict.models.keys import free_key, key_of
from editorial.admin.base import Children
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.card import CardForm, back_to_event, to_event
from editorial.admin.claim import Citations
from editorial.admin.desk_form import DeskForm
from editorial.admin.translations import TranslatedAdmin, TranslatedParties


class Suggested(Children):
    """Inline rows prefilled from a suggestion."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        return len(self.suggested(request)) if obj is None and request.method == "GET" else 0

    def suggested(self, request: HttpRequest) -> list[dict[str, Any]]:
        return []


class Parties(TranslatedParties, Suggested):
    model = FindingParty
    verbose_name_plural = gettext_lazy("whom or what it is about")
    parents = ("actor", "location")
    fields = ("actor", "location", "described_as", "position")

    def suggested(self, request: HttpRequest) -> list[dict[str, Any]]:
        """?about=actor:national-army,location:old-town"""
        parties = [
            part.partition(":")[::2] for part in request.GET.get("about", "").replace("\0", "").split(",") if part
        ]
        found = [(kind, key, _pk(kind, key)) for kind, key in parties[:MOST]]
        return [
            {"described_as": key} if kind == "described" else {kind: pk}
            for kind, key, pk in found
            if kind == "described" or pk
        ]


class Bases(Suggested):
    model = FindingBasis
    verbose_name_plural = gettext_lazy("the claims it rests on")
    parents = ("claim",)

    def suggested(self, request: HttpRequest) -> list[dict[str, Any]]:
        """?on=first-claim,second-claim"""
        keys = [key for key in request.GET.get("on", "").replace("\0", "").split(",") if key]
        return [
            {"claim": pk}
            for pk in Claim.objects.filter(key__in=keys[:MOST]).order_by("key").values_list("pk", flat=True)
        ]


MOST = 60


def _pk(kind: str, key: str) -> int | None:
    model: Any = {"actor": Actor, "location": Location}.get(kind)
    found: int | None = model.objects.filter(key=key).values_list("pk", flat=True).first() if model else None
    return found


def _wanted_key(given: dict[str, Any]) -> str:
    """Key of a finding for which none was typed: what it is about."""
    return key_of(str(given.get("measure") or given.get("aspect") or "finding"))


class FindingForm(DeskForm):
    def _propose_key(self) -> None:
        given = self.cleaned_data
        if not given.get("key") and "key" not in self.errors and given.get("event"):
            given["key"] = free_key(given["event"].findings.all(), _wanted_key(given))


class FindingCardForm(CardForm):
    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.is_open and self.event is not None:
            rows = self.event.findings.all() if self.event.pk else Finding.objects.none()
            self.propose_key(rows, _wanted_key(self.cleaned_data))
        return self.cleaned_data


@admin.register(Finding)
class FindingAdmin(BulkEditAdmin, TranslatedAdmin):
    form = FindingForm
    list_display = ("key", "event", "aspect", "measure", "low", "best", "high", "grade", "rule")
    sortable_by = ()
    list_select_related = ("event",)
    list_filter = ("aspect", "grade", "rule", "measure")
    actions = ("edit_together", "delete_selected")
    together = ("grade", "rule")
    search_fields = ("key__holds", "event__key__holds", "event__title__holds", "reason__holds")
    ordering = ("event__key", "key")
    inlines = (Parties, Bases, Citations)
    fieldsets = (
        (None, {"fields": ("event", "key", "aspect")}),
        (
            gettext_lazy("Figure"),
            {
                "fields": ("measure", ("low", "best", "high")),
                "description": gettext_lazy(
                    "For a finding on a figure. Occurrence and attribution are graded, each in a finding of its own."
                ),
            },
        ),
        (
            gettext_lazy("Grade, rule and reason"),
            {
                "fields": ("grade", "rule", "reason"),
                "description": gettext_lazy(
                    "Say by which rule the claims led here, and why. Nothing is concluded silently."
                ),
            },
        ),
    )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        return super().render_change_form(request, context | back_to_event(context.get("original")), *args, **options)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return to_event(request, obj) or super().response_change(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if name not in ("on", "about")}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        options: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, Suggested) and request.method == "GET" and obj.pk is None:
            options["initial"] = inline.suggested(request)
        return options
