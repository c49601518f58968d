"""Disputes at the desk: opened from an entry, discussed in a thread, settled by another person."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conflict import text as texts
from conflict.models import ENTRIES, Source
from conflict.vocabulary import kind_label
from editorial.accounts import reauthentication
from editorial.admin.readonly_admin import VerbAdmin
from editorial.admin.template_pages import entry_of, render_page
from editorial.admin.verb_calls import made_by, perform, user_of
from editorial.admin.widgets import Autocomplete, NamedChoice
from editorial.models import Dispute, Ground, Submission, User
from editorial.models.stages import DisputeStage
from editorial.workflow import disputes, permissions, restricted_sources
from editorial.workflow.exceptions import WorkflowRefused

OUTCOMES = {stage.value: stage for stage in DisputeStage if stage != DisputeStage.OPEN}


class OpeningForm(forms.Form):
    """Form to open a dispute."""

    claim_key = forms.ChoiceField(label=gettext_lazy("What is disputed"), required=False)
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        choices=Ground.choices,
        help_text=gettext_lazy("Readers see the ground at once, in a sentence of the software's own."),
    )
    statement = forms.CharField(
        label=gettext_lazy("What is wrong"),
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=gettext_lazy("What is wrong, and why. For the desk only."),
    )
    counter_source = NamedChoice(
        Source.objects.all(),
        label=gettext_lazy("Source against it"),
        required=False,
        help_text=gettext_lazy("A source that speaks against it; needed where the ground is that there is one."),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("Readers may see it"),
        help_text=gettext_lazy("At once, before anybody else has read this: that it is disputed, and the ground."),
    )

    def __init__(self, entry: Any, site: Any, user: User, *args: Any) -> None:
        super().__init__(*args)
        claims = entry.claims.order_by("key") if entry.entry_kind == "event" else ()
        choices = [
            ("", _("the whole %(entry_kind)s") % {"entry_kind": kind_label(entry.entry_kind)}),
            *((claim.key, _("claim %(key)s: %(claim)s") % {"key": claim.key, "claim": claim}) for claim in claims),
        ]
        self.fields["claim_key"] = forms.ChoiceField(label=_("What is disputed"), required=False, choices=choices)
        source: Any = self.fields["counter_source"]
        source.queryset = restricted_sources.visible(Source.objects.all(), user)
        source.widget = Autocomplete(Dispute._meta.get_field("counter_source"), site, choices=source.choices)


def dispute_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Open a dispute of one entry, or of one claim of an event."""
    entry = entry_of(desk, request, object_id, may=permissions.may_dispute(user_of(request)))
    if request.method == "POST":
        reauthentication.require(request)
    form = OpeningForm(
        entry,
        desk.admin_site,
        user_of(request),
        request.POST
        if request.method == "POST"
        else {"claim_key": request.GET.get("claim", ""), "ground": Ground.OTHER},
    )
    if request.method == "POST" and form.is_valid() and (opened := _opened(request, entry, form.cleaned_data)):
        return HttpResponseRedirect(reverse("admin:editorial_dispute_change", args=[opened.pk]))
    context = {
        "title": _("Dispute %(entry)s") % {"entry": entry},
        "object": entry,
        "form": form,
        "shows_errors": request.method == "POST",
        "sentences": [(ground.label, disputes.SAID_IN_PUBLIC[ground]) for ground in Ground],
        "media": form.media,
    }
    return render_page(desk, request, "admin/conflict/dispute.html", context)


def _opened(request: HttpRequest, entry: Any, given: dict[str, Any]) -> Dispute | None:
    return made_by(
        request,
        lambda at: disputes.dispute(
            kind=entry.entry_kind,
            key=entry.key,
            by=user_of(request),
            at=at,
            ground=Ground(given["ground"]),
            statement=given["statement"],
            claim_key=given["claim_key"],
            counter_source=given["counter_source"],
        ),
        _("The dispute is open; readers see that it is disputed."),
    )


@admin.register(Dispute)
class DisputeAdmin(VerbAdmin):
    """Read-only list of disputes; only verbs change them."""

    list_display = ("__str__", "entry_kind", "ground", "stage", "opened_by", "opened_at", "settled_by", "settled_at")
    list_filter = ("stage", "ground", "entry_kind")
    list_select_related = ("opened_by", "settled_by")
    search_fields = ("key__icontains", "claim_key__icontains", "statement__unaccent__icontains")
    ordering = ("-opened_at", "-pk")
    outcomes: ClassVar[Any] = OUTCOMES

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/settle/", view(require_POST(self.settle_view)), name="editorial_dispute_settle"),
            path("<int:pk>/reply/", view(require_POST(self.reply_view)), name="editorial_dispute_reply"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, dispute: Any) -> dict[str, Any]:
        user = user_of(request)
        is_proposed = dispute.settlement is not None and dispute.settlement.is_live()
        is_open = dispute.stage == DisputeStage.OPEN and not is_proposed
        entry = ENTRIES[dispute.entry_kind].objects.filter(key=dispute.key).first()
        return {
            "title": _("Dispute %(dispute)s") % {"dispute": dispute.pk},
            "dispute": dispute,
            "entry": entry,
            "is_proposed": is_proposed,
            "entry_address": reverse(f"admin:conflict_{dispute.entry_kind}_change", args=[entry.pk]) if entry else "",
            "comments": dispute.comments.select_related("by").order_by("pk"),
            "audit_entries": dispute.audit_entries.select_related("by").order_by("pk"),
            "may_settle": is_open and permissions.may_settle(user, dispute),
            "may_withdraw": is_open and permissions.is_opener(user, dispute),
            "may_reply": permissions.may_comment(user),
            "corrections": disputes.corrections_of(dispute),
        }

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dispute = self.seen(request, pk)
        reauthentication.require(request)
        is_withdrawal = request.POST.get("outcome") == DisputeStage.WITHDRAWN
        done = (
            _("Withdrawn; readers see that it was.")
            if is_withdrawal
            else _("Proposed. Readers see it once a second person has read it.")
        )
        perform(request, lambda at: self._settle(request, dispute, at), done)
        return HttpResponseRedirect(self.address(pk))

    @staticmethod
    def _settle(request: HttpRequest, dispute: Dispute, at: Any) -> None:
        outcome = OUTCOMES.get(request.POST.get("outcome", ""))
        if outcome is None:
            raise WorkflowRefused(_("Say how it is settled: upheld, rejected or withdrawn."))
        number = texts.primary_key(request.POST.get("correction", ""))
        disputes.settle_dispute(
            dispute=dispute,
            by=user_of(request),
            at=at,
            outcome=outcome,
            public_reason=request.POST.get("public_reason", ""),
            correction=Submission.objects.filter(pk=number).first(),
        )

    def reply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dispute = self.seen(request, pk)
        perform(
            request,
            lambda at: disputes.reply(dispute=dispute, by=user_of(request), at=at, text=request.POST.get("text", "")),
            _("Reply added."),
        )
        return HttpResponseRedirect(self.address(pk))
