"""Disputes at the desk: opened from an entry, discussed in a thread, settled by another person."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conflict.models import ENTRIES, Source
from conflict.vocabulary import kind_label
from editorial.accounts import reauthentication
from editorial.admin.readonly_admin import ReadOnlyAdmin
from editorial.admin.verb_calls import perform
from editorial.admin.widgets import Autocomplete, NamedChoice
from editorial.models import Dispute, Ground, Submission, User
from editorial.models.stages import DisputeStage
from editorial.workflow import disputes, permissions, restricted_sources
from editorial.workflow.exceptions import WorkflowRefused

OUTCOMES = {outcome.value: outcome for outcome in (DisputeStage.UPHELD, DisputeStage.REJECTED, DisputeStage.WITHDRAWN)}


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
    entry = desk.get_object(request, object_id)
    if entry is None:
        raise Http404(_("There is no such entry."))
    if not (permissions.may_dispute(_user(request)) and desk.has_view_or_change_permission(request, entry)):
        raise PermissionDenied
    if request.method == "POST":
        reauthentication.require(request)
    form = OpeningForm(
        entry,
        desk.admin_site,
        _user(request),
        request.POST
        if request.method == "POST"
        else {"claim_key": request.GET.get("claim", ""), "ground": Ground.OTHER},
    )
    if request.method == "POST" and form.is_valid() and (opened := _opened(request, entry, form.cleaned_data)):
        return HttpResponseRedirect(reverse("admin:editorial_dispute_change", args=[opened.pk]))
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Dispute %(entry)s") % {"entry": entry},
        "opts": desk.opts,
        "object": entry,
        "form": form,
        "shows_errors": request.method == "POST",
        "sentences": [(ground.label, disputes.SAID_IN_PUBLIC[ground]) for ground in Ground],
        "media": form.media,
    }
    return TemplateResponse(request, "admin/conflict/dispute.html", context)


def _opened(request: HttpRequest, entry: Any, said: dict[str, Any]) -> Dispute | None:
    opened: list[Dispute] = []
    perform(
        request,
        lambda at: opened.append(
            disputes.dispute(
                kind=entry.entry_kind,
                key=entry.key,
                by=_user(request),
                at=at,
                ground=Ground(said["ground"]),
                statement=said["statement"],
                claim_key=said["claim_key"],
                counter_source=said["counter_source"],
            )
        ),
        _("The dispute is open; readers see that it is disputed."),
    )
    return opened[0] if opened else None


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
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

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        dispute = self.get_object(request, object_id)
        if dispute is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, dispute):
            raise PermissionDenied
        user = _user(request)
        is_proposed = dispute.settlement is not None and dispute.settlement.is_live()
        is_open = dispute.stage == DisputeStage.OPEN and not is_proposed
        entry = ENTRIES[dispute.entry_kind].objects.filter(key=dispute.key).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dispute %(dispute)s") % {"dispute": dispute.pk},
            "subtitle": str(dispute),
            "opts": self.opts,
            "dispute": dispute,
            "entry": entry,
            "is_proposed": is_proposed,
            "entry_address": reverse(f"admin:conflict_{dispute.entry_kind}_change", args=[entry.pk]) if entry else "",
            "comments": dispute.comments.select_related("by").order_by("pk"),
            "audit_entries": dispute.audit_entries.select_related("by").order_by("pk"),
            "may_settle": is_open and permissions.may_settle(user, dispute),
            "may_withdraw": is_open and user.pk == dispute.opened_by_id,
            "may_reply": permissions.may_comment(user),
            "corrections": disputes.corrections_of(dispute),
        }
        return TemplateResponse(request, "admin/editorial/dispute/page.html", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(f"{self._address(object_id)}#history")

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dispute = self._seen(request, pk)
        reauthentication.require(request)
        is_withdrawal = request.POST.get("outcome") == DisputeStage.WITHDRAWN
        done = (
            _("Withdrawn; readers see that it was.")
            if is_withdrawal
            else _("Proposed. Readers see it once a second person has read it.")
        )
        perform(request, lambda at: self._settle(request, dispute, at), done)
        return HttpResponseRedirect(self._address(pk))

    @staticmethod
    def _settle(request: HttpRequest, dispute: Dispute, at: Any) -> None:
        outcome = OUTCOMES.get(request.POST.get("outcome", ""))
        if outcome is None:
            raise WorkflowRefused(_("Say how it is settled: upheld, rejected or withdrawn."))
        number = request.POST.get("correction", "")
        correction = (
            Submission.objects.filter(pk=int(number)).first()
            if number.isascii() and number.isdigit() and len(number) < 18
            else None
        )
        disputes.settle_dispute(
            dispute=dispute,
            by=_user(request),
            at=at,
            outcome=outcome,
            public_reason=request.POST.get("public_reason", ""),
            correction=correction,
        )

    def reply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dispute = self._seen(request, pk)
        perform(
            request,
            lambda at: disputes.reply(dispute=dispute, by=_user(request), at=at, text=request.POST.get("text", "")),
            _("Reply added."),
        )
        return HttpResponseRedirect(self._address(pk))

    def _seen(self, request: HttpRequest, pk: int) -> Dispute:
        dispute = get_object_or_404(Dispute, pk=pk)
        if not self.has_view_permission(request, dispute):
            raise PermissionDenied
        return dispute

    def _address(self, pk: Any) -> str:
        return reverse("admin:editorial_dispute_change", args=[pk])
