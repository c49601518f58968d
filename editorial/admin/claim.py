"""Claims at the desk: claimant, statement, wording, and the source that carries it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conflict.models import Citation, Claim, ClaimParty, ClaimRelation
from conflict.wording import figures
from editorial.admin.base import Children
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.card import back_to_event, to_event
from editorial.admin.list_filters import CitedSource, Claimant, ClaimGap, Relay
from editorial.admin.translations import TranslatedAdmin, TranslatedParties


class Parties(TranslatedParties):
    model = ClaimParty
    verbose_name_plural = _("who says it, who carried it, whom it is about")
    parents = ("actor", "location")
    fields = ("role", "actor", "location", "described_as", "position")


class Relations(Children):
    model = ClaimRelation
    fk_name = "claim"
    verbose_name_plural = _("how it bears on other claims")
    parents = ("other",)
    fields = ("kind", "other")


class Citations(Children):
    model = Citation
    parents = ("source",)
    fields = ("source", "locator", "quotation", "accessed_on", "basis", "note")
    begins_with_one = True


def claimant_names(claim: Claim) -> str:
    """Claimants, followed by those who relayed the claim; from loaded parties."""
    claimants = ", ".join(str(party) for party in claim.claimants)
    relayed = ", ".join(str(party) for party in claim.relays)
    if not relayed:
        return claimants or "–"
    return gettext("%(claimants)s (carried by %(relays)s)") % {"claimants": claimants or "–", "relays": relayed}


@admin.register(Claim)
class ClaimAdmin(BulkEditAdmin, TranslatedAdmin):
    list_display = ("statement_short", "said", "kind", "measure", "figure_given", "made_on", "rank", "event")
    sortable_by = ("made_on",)
    list_select_related = ("event",)
    list_filter = (ClaimGap, Claimant, Relay, CitedSource, "measure", "kind", "rank", "stance", "qualifier")
    actions = ("edit_together", "delete_selected")
    together = ("kind", "stance", "qualifier", "scope", "made_on", "rank", "rank_reason")
    search_fields = ("statement__holds", "as_worded__holds", "key__holds", "event__key__startswith")
    search_help_text = _("Words of the claim, or key of claim or event.")
    ordering = ("event__key", "key")
    inlines = (Parties, Relations, Citations)
    fieldsets = (
        (None, {"fields": ("event", "key")}),
        (_("What is said"), {"fields": ("kind", "statement", "as_worded", "when", ("stance", "negated"), "made_on")}),
        (
            _("Figure"),
            {
                "fields": ("measure", ("qualifier", "low", "best", "high", "unit"), ("scope", "scope_when")),
                "description": _(
                    "Zero, unknown and not said are three values: 0 and 0; the qualifier “said to be unknown” without a number; neither number nor qualifier. A range with a best figure within it, as UCDP gives, is one claim: “estimated”, from low to high. Choose what the figure covers: 7 dead of an assault and 39 of the whole crisis are no rivals."
                ),
            },
        ),
        (
            _("Rank"),
            {
                "fields": ("rank", "rank_reason"),
                "description": _(
                    "A deprecated claim stays on record with its reason; it no longer counts in the range."
                ),
            },
        ),
    )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        return super().render_change_form(request, context | back_to_event(context.get("original")), *args, **options)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return to_event(request, obj) or super().response_change(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("parties__actor", "parties__location")

    @admin.display(description=_("claim"), ordering="statement")
    def statement_short(self, claim: Claim) -> str:
        return f"{claim.statement[:100]}{'…' if len(claim.statement) > 100 else ''}"

    @admin.display(description=_("said by"))
    def said(self, claim: Claim) -> str:
        return claimant_names(claim)

    @admin.display(description=_("figure"))
    def figure_given(self, claim: Claim) -> str:
        return figures.counted({"low": claim.low, "high": claim.high, "qualifier": claim.qualifier, "unit": claim.unit})
