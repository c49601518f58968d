"""Events at the desk, with their participants and all claims about them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Prefetch, QuerySet, When
from django.forms import NumberInput, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models import Citation, Claim, Event, EventLocation, EventRelation, Finding, Participation
from editorial.admin import claim_card
from editorial.admin.base import Children, DeskAdmin
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.card import CardInline
from editorial.admin.claim import Citations
from editorial.admin.claim_comparison import rivals_view
from editorial.admin.entry import PREVIEW, EntryAdmin, Page, PublicStanding
from editorial.admin.finding import FindingCardForm
from editorial.admin.list_filters import (
    CitedSource,
    Claimant,
    EventGap,
    Import,
    Participant,
    Relay,
    ReviewFilter,
    Year,
)
from editorial.admin.period_filter import PeriodFilter
from editorial.admin.translations import TranslatedAdmin, TranslatedChildren
from editorial.analysis.similar_entries import similar_events
from editorial.import_export import vanished_events
from editorial.workflow import restricted_sources

INTRODUCTION = gettext_lazy(
    "One occurrence, as sources present it. Figures and rival accounts are claims below, never part of title or summary."
)


class Participations(TranslatedChildren):
    model = Participation
    verbose_name_plural = gettext_lazy("who took part")
    parents = ("actor",)
    show_change_link = True
    fields = ("actor", "role", "side", "standing", "note")
    begins_with_one = True


class Places(Children):
    model = EventLocation
    verbose_name_plural = gettext_lazy("further places")
    parents = ("location",)


class Relations(Children):
    model = EventRelation
    fk_name = "event"
    verbose_name_plural = gettext_lazy("how it relates to other events")
    parents = ("other",)


class Claims(CardInline):
    model = Claim
    verbose_name_plural = gettext_lazy("claims: what was said, by whom")
    show_change_link = True
    text_template = "admin/parts/claim.html"
    more = gettext_lazy("Parties in words, all citations")
    new = gettext_lazy("New claim")
    rival = gettext_lazy("Rival claim")
    begins_with_one = True
    formset = claim_card.ClaimCards
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("claimant", "claimant_words"),
                    ("relay", "made_on"),
                    "subject",
                    ("measure", "qualifier", "low", "high"),
                    "statement",
                    ("source", "locator"),
                    "relations",
                    ("relation", "related_to"),
                )
            },
        ),
        (
            gettext_lazy("Own words, date or place, rank, key"),
            {
                "fields": (
                    "as_worded",
                    ("when", "place", "negated"),
                    ("kind", "rank", "key"),
                ),
                "classes": ("collapse",),
            },
        ),
    )

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        form = claim_card.card_form(self.admin_site, request.user)
        return super().get_formset(request, obj, **{"form": form, **options})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        citations = restricted_sources.visible(Citation.objects.select_related("source"), request.user).order_by("pk")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                "parties__actor", "parties__location", "relations__other", Prefetch("citations", citations)
            )
            .order_by(Case(When(measure="", then=1), default=0), "measure", "key")
        )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "statement":
            options["widget"] = Textarea(attrs={"rows": 2, "cols": 42})
        if db_field.name in ("low", "high"):
            options["widget"] = NumberInput(attrs={"class": "figure"})
        return super().formfield_for_dbfield(db_field, request, **options)


class Findings(CardInline):
    model = Finding
    verbose_name_plural = gettext_lazy("findings: what the desk concludes")
    show_change_link = True
    text_template = "admin/parts/finding.html"
    more = gettext_lazy("Claims it rests on, citations")
    new = gettext_lazy("New finding")
    form = FindingCardForm
    fields = (("aspect", "measure"), ("low", "best", "high"), ("grade", "rule"), "reason", "key")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "reason":
            options["widget"] = Textarea(attrs={"rows": 2, "cols": 42})
        if db_field.name in ("low", "best", "high"):
            options["widget"] = NumberInput(attrs={"class": "figure"})
        return super().formfield_for_dbfield(db_field, request, **options)


RIVALS = Page("accounts", gettext_lazy("Accounts side by side"), rivals_view, lambda user: True)


@admin.register(Event)
class EventAdmin(BulkEditAdmin, TranslatedAdmin, EntryAdmin):
    pages = (PREVIEW, RIVALS, *EntryAdmin.pages[1:])
    list_display = ("title", "when", "kind", "location", "period", "standing_in_public")
    sortable_by = ("title", "when")
    list_select_related = ("location", "period")
    list_filter = (
        Year,
        PeriodFilter,
        "kind",
        Participant,
        Claimant,
        Relay,
        CitedSource,
        EventGap,
        ReviewFilter,
        Import,
        PublicStanding,
        "standing",
    )
    actions = (*EntryAdmin.actions, "edit_together", "stay")
    together = ("period", "location", "kind", "standing", "date_basis", "location_precision")
    search_fields = ("title__holds", "key__holds", "summary__holds", "identifiers__holds")
    search_help_text = gettext_lazy("Words of title or summary, key, or identifier in another system.")
    inlines = (Participations, Places, Citations, Claims, Findings, Relations)  # claims offer what is cited above
    fieldsets = (
        (
            None,  # what an event needs, in sight without scrolling
            {
                "fields": (
                    "title",
                    ("kind", "standing"),
                    ("when", "as_written"),
                    "location",
                    "period",
                    "summary",
                ),
                "description": INTRODUCTION,
            },
        ),
        (
            gettext_lazy("Key, and how date and place are known"),
            {
                "fields": ("key", "public_standing", ("date_basis", "year_basis", "location_precision"), "identifiers"),
                "description": gettext_lazy(
                    "Dates in EDTF, as precise as known and no more: 2012-01-17, 2012-06, 2013-02-08/2013-02-10, 2013-01~, ../2012-04. “9 June 2019”, “Jan 2013” or “8–10 February 2013” are read, too; what was understood stands beside the field."
                ),
            },
        ),
    )

    @admin.action(permissions=["change"], description=gettext_lazy("Keep although its data set no longer has it"))
    def stay(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Keep events that a later release lacks, and do not ask about them again."""
        kept = vanished_events.keep(queryset, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        self.message_user(
            request, _("%(kept)s stay, and later releases without them do not ask again.") % {"kept": kept}
        )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        obj = context["original"]
        context |= {"alike": similar_events(obj) if obj is not None else []}
        return super().render_change_form(request, context, *args, **options)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Without JavaScript a card is opened once the page has been saved."""
        if card := request.POST.get("_open", ""):
            return HttpResponseRedirect(f"{self.address('change', obj.pk)}?{urlencode({'open': card})}#opened")
        return super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Warn at once if a new event may be a duplicate."""
        alike = similar_events(obj)
        if alike:
            names = ", ".join(f"{event.title} ({event.key})" for event in alike)
            self.message_user(request, _("May be told twice: %(told)s.") % {"told": names}, messages.WARNING)
        return super().response_add(request, obj, post_url_continue)


@admin.register(Participation)
class ParticipationAdmin(DeskAdmin):
    """Reached from its event, for its citations."""

    list_display = ("event", "actor", "role", "side", "standing")
    sortable_by = ()
    list_select_related = ("event", "actor")
    list_filter = ("role", "side", "standing")
    search_fields = ("event__key__holds", "actor__name__holds", "actor__names__name__holds")
    ordering = ("event__key", "pk")
    fields = ("event", "actor", ("role", "side"), "standing", "note")
    inlines = (Citations,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("event", "actor")  # its name shows both

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}  # not on the front page
