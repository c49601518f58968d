"""The page that proposes to withdraw a public entry, or to merge it into another."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from editorial.accounts import reauthentication
from editorial.admin.verb_calls import perform
from editorial.models import Submission
from editorial.workflow import permissions, submissions


def retract_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    entry = desk.get_object(request, object_id)
    if entry is None:
        raise Http404("There is no such entry.")
    if not (permissions.may_retract(request.user) and desk.has_view_or_change_permission(request, entry)):  # type: ignore[arg-type]
        raise PermissionDenied
    if request.method == "POST":
        reauthentication.require(request)
    if request.method == "POST" and (made := _proposed(request, entry)):
        return HttpResponseRedirect(reverse("admin:editorial_submission_change", args=[made.pk]))
    context = {
        **desk.admin_site.each_context(request),
        "title": f"Withdraw or merge {entry}",
        "opts": desk.opts,
        "object": entry,
        "given": request.POST,
    }
    return TemplateResponse(request, "admin/conflict/retract.html", context)


def _proposed(request: HttpRequest, entry: Any) -> Submission | None:
    made: list[Submission] = []
    perform(
        request,
        lambda at: made.append(
            submissions.retract(
                kind=entry.entry_kind,
                key=entry.key,
                by=request.user,  # type: ignore[arg-type]
                at=at,
                reason=request.POST.get("reason", ""),
                successor=request.POST.get("successor", "").strip(),
            )
        ),
        "Proposed. It stays public until somebody else has approved it and it is published.",
    )
    return made[0] if made else None
