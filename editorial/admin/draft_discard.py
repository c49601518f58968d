"""Page that discards a draft, returning the entry to its public state."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from conflict.documents.comparison import compare
from editorial.admin import versions
from editorial.admin.verb_calls import perform
from editorial.workflow import drafts


def discard_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the draft side by side with what is public; a POST discards it."""
    entry = desk.get_object(request, object_id)
    if entry is None:
        raise Http404(_("There is no such entry."))
    if not desk.has_change_permission(request, entry):
        raise PermissionDenied
    user: Any = request.user
    key = (entry.entry_kind, entry.key)
    if request.method == "POST" and perform(
        request,
        lambda at: drafts.discard_draft(kind=entry.entry_kind, key=entry.key, by=user, at=at),
        _("Discarded. The entry is again as readers see it; the history keeps what was drafted."),
    ):
        return HttpResponseRedirect(desk.address("change", entry.pk))
    public, drafted = versions.published([key]).get(key), versions.drafted([key]).get(key)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Discard the draft of %(entry)s") % {"entry": entry},
        "opts": desk.opts,
        "object": entry,
        "is_public": public is not None,
        "parts": compare(entry.entry_kind, public, drafted, versions.names([public, drafted])) if public else [],
    }
    return TemplateResponse(request, "admin/conflict/discard.html", context)
