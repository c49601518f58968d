"""Page that discards a draft, returning the entry to its public state."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from conflict.documents.comparison import compare
from editorial.admin import versions
from editorial.admin.template_pages import entry_of, render_page
from editorial.admin.verb_calls import perform, user_of
from editorial.workflow import drafts


def discard_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the draft side by side with what is public; a POST discards it."""
    entry = entry_of(desk, request, object_id)
    if not desk.has_change_permission(request, entry):
        raise PermissionDenied
    key = (entry.entry_kind, entry.key)
    if request.method == "POST" and perform(
        request,
        lambda at: drafts.discard_draft(kind=entry.entry_kind, key=entry.key, by=user_of(request), at=at),
        _("Discarded. The entry is again as readers see it; the history keeps what was drafted."),
    ):
        return HttpResponseRedirect(desk.address("change", entry.pk))
    public, drafted = versions.published([key]).get(key), versions.drafted([key]).get(key)
    context = {
        "title": _("Discard the draft of %(entry)s") % {"entry": entry},
        "object": entry,
        "is_public": public is not None,
        "parts": compare(entry.entry_kind, public, drafted, versions.names([public, drafted])) if public else [],
    }
    return render_page(desk, request, "admin/conflict/discard.html", context)
