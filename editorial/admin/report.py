"""Reports of readers at the desk: opened, read as plain text, settled with an answer to the sender."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from conflict.models import ENTRIES
from editorial.admin import report_mail
from editorial.admin.list_filters import NamedFilter
from editorial.admin.readonly_admin import VerbAdmin
from editorial.admin.verb_calls import perform, user_of
from editorial.models import Report
from editorial.workflow import permissions, reports


class State(NamedFilter):
    title = pgettext_lazy("filter", "state")
    parameter_name = "state"
    choices_offered = {
        "waiting": (gettext_lazy("not opened yet"), lambda rows, _: rows.filter(opened_at__isnull=True)),
        "open": (
            gettext_lazy("opened, not settled"),
            lambda rows, _: rows.filter(opened_at__isnull=False, settled_at__isnull=True),
        ),
        "settled": (pgettext_lazy("filter", "settled"), lambda rows, _: rows.filter(settled_at__isnull=False)),
    }


@admin.register(Report)
class ReportAdmin(VerbAdmin):
    """Read-only list of reports; only verbs change them."""

    list_display = ("__str__", "kind", "entry_kind", "received_at", "opened_at", "settled_at")
    list_filter = (State, "kind", "ground", "entry_kind")
    search_fields = ("key__icontains", "claim_key__icontains")
    ordering = ("-received_at", "-pk")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/open/", view(require_POST(self.open_view)), name="editorial_report_open"),
            path("<int:pk>/settle/", view(require_POST(self.settle_view)), name="editorial_report_settle"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, report: Any) -> dict[str, Any]:
        entry = ENTRIES[report.entry_kind].objects.filter(key=report.key).first()
        return {
            "title": _("Report %(report)s") % {"report": report.pk},
            "report": report,
            "entry": entry,
            "entry_address": reverse(f"admin:conflict_{report.entry_kind}_change", args=[entry.pk]) if entry else "",
            "may_settle": permissions.may_settle_reports(user_of(request)),
        }

    def open_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.seen(request, pk)
        perform(request, lambda at: reports.open_report(report=report, by=user_of(request), at=at), _("Opened."))
        return HttpResponseRedirect(self.address(pk))

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.seen(request, pk)
        answer, contact = request.POST.get("answer", ""), report.contact
        if perform(
            request,
            lambda at: reports.settle(report=report, by=user_of(request), at=at, answer=answer),
            _("Settled. The sender reads the answer; the contact is erased."),
        ) and report_mail.send_answer(report, contact, answer):
            messages.success(request, _("The answer was also sent by e-mail."))
        return HttpResponseRedirect(self.address(pk))
