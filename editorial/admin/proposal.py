"""Proposals of partners at the desk: shown next to the entry, taken up as a draft, or declined."""

import json
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from conflict.documents.comparison import compare
from conflict.models import ENTRIES
from editorial.admin import form_version, versions
from editorial.admin.base import lock
from editorial.admin.form_version import ChangedMeanwhile, FormVersionLost
from editorial.admin.list_filters import NamedFilter
from editorial.admin.readonly_admin import VerbAdmin
from editorial.admin.verb_calls import made_by, perform, user_of
from editorial.models import Proposal
from editorial.models.partner import WAITING, ProposalKind
from editorial.partners import proposals
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused


class Waiting(NamedFilter):
    title = pgettext_lazy("filter", "state")
    parameter_name = "state"
    choices_offered = {
        "waiting": (gettext_lazy("waiting for an editor"), lambda rows, _: rows.filter(WAITING)),
        "taken": (gettext_lazy("taken up"), lambda rows, _: rows.filter(taken_up_at__isnull=False)),
        "declined": (pgettext_lazy("filter", "declined"), lambda rows, _: rows.filter(declined_at__isnull=False)),
    }


@admin.register(Proposal)
class ProposalAdmin(VerbAdmin):
    """Read-only list of proposals; only verbs change them."""

    list_display = ("__str__", "entry_kind", "partner", "received_at", "state")
    list_filter = (Waiting, "kind", "entry_kind")
    list_select_related = ("key__partner", "submission", "dispute")
    search_fields = ("entry_key__icontains", "key__partner__organisation__unaccent__icontains")
    ordering = ("-pk",)
    list_per_page = 50

    @admin.display(description=gettext_lazy("partner"))
    def partner(self, proposal: Proposal) -> str:
        return str(proposal.key.partner)

    @admin.display(description=pgettext_lazy("filter", "state"))
    def state(self, proposal: Proposal) -> str:
        return str(proposal.status.label)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("key__partner", "submission", "dispute")
        return rows

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/take-up/", view(require_POST(self.take_up_view)), name="editorial_proposal_take_up"),
            path("<int:pk>/decline/", view(require_POST(self.decline_view)), name="editorial_proposal_decline"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, proposal: Any) -> dict[str, Any]:
        entry = _entry(proposal)
        name = (proposal.entry_kind, proposal.entry_key)
        public, drafts = versions.published([name]), versions.drafted([name])
        return {
            "title": _("Proposal %(proposal)s") % {"proposal": proposal.pk},
            "proposal": proposal,
            "payload": json.dumps(proposal.payload[proposal.kind], ensure_ascii=False, indent=2),
            "entry": entry,
            "entry_address": reverse(f"admin:conflict_{proposal.entry_kind}_change", args=[entry.pk]) if entry else "",
            "edition": form_version.of(entry) if entry else "",
            "beside": list(_beside(proposal, entry)),
            "drafted": compare(
                proposal.entry_kind,
                public.get(name),
                drafts.get(name),
                versions.names([*public.values(), *drafts.values()]),
            )
            if public.get(name) != drafts.get(name)
            else [],
            "may_settle": proposal.is_waiting and permissions.may_settle_proposals(request.user),  # type: ignore[arg-type]
        }

    def take_up_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        proposal = self.seen(request, pk)
        done = _("Taken up as your draft, and submitted for review by somebody else.")
        if proposal.kind == ProposalKind.OBJECTION:
            done = _("Taken up as a dispute; readers see it from now on.")
        if made := made_by(request, lambda at: self._taken_up(request, proposal, at), done):
            page = f"admin:editorial_{made._meta.model_name}_change"
            return HttpResponseRedirect(reverse(page, args=[made.pk]))
        return HttpResponseRedirect(self.address(pk))

    @staticmethod
    @transaction.atomic
    def _taken_up(request: HttpRequest, proposal: Proposal, at: Any) -> Any:
        entries = lock(filter(None, [_entry(proposal)]))
        if not entries:
            raise WorkflowRefused(_("The entry is not on the desk."))
        try:
            form_version.refuse_changed(request.POST.get("edition", ""), *entries)
        except FormVersionLost as lost:
            raise WorkflowRefused(str(lost)) from lost
        except ChangedMeanwhile as refused:
            raise WorkflowRefused(
                _("Changed meanwhile by %(people)s. Nothing was taken up: look at it again.")
                % {"people": refused.people}
            ) from refused
        return proposals.take_up(
            proposal=proposal,
            by=user_of(request),
            at=at,
            reason=request.POST.get("reason", ""),
        )

    def decline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        proposal = self.seen(request, pk)
        perform(
            request,
            lambda at: proposals.decline(
                proposal=proposal,
                by=user_of(request),
                at=at,
                reason=request.POST.get("reason", ""),
            ),
            _("Declined; the proposer reads your reason."),
        )
        return HttpResponseRedirect(self.address(pk))


def _entry(proposal: Proposal) -> Any:
    if proposal.entry_kind not in ENTRIES:
        raise Http404
    return ENTRIES[proposal.entry_kind].objects.filter(key=proposal.entry_key).first()


def _beside(proposal: Proposal, entry: Any) -> Any:
    """For a correction: each field with its current and its proposed value."""
    correction = proposal.payload.get("correction")
    if not correction or entry is None:
        return
    row = entry.claims.filter(key=correction["claim"]).first() if correction.get("claim") else entry
    for name, value in correction["fields"].items():
        yield {"field": name, "now": getattr(row, name, ""), "proposed": value}
