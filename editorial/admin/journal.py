"""Journal notes: what editors tell each other about an entry."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.models import AuditEntry, JournalNote, User


def journal_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The notes on an entry and the audit entries that concern it; a POST adds a note."""
    entry = desk.get_object(request, object_id)
    if entry is None:
        raise Http404(_("There is no such entry."))
    if not (request.user.has_perm("editorial.view_journalnote") and desk.has_view_or_change_permission(request, entry)):
        raise PermissionDenied
    if request.method == "POST":
        return _added(desk, request, entry)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Notes on %(entry)s") % {"entry": entry},
        "opts": desk.opts,
        "object": entry,
        "may_write": request.user.has_perm("editorial.add_journalnote"),
        "notes": JournalNote.objects.filter(entry_kind=entry.entry_kind, key=entry.key)
        .select_related("by")
        .order_by("-at", "-pk"),
        "audit_entries": AuditEntry.objects.concerning(entry.entry_kind, entry.key)
        .newest_first()
        .select_related("by", "submission")[:100],
    }
    return TemplateResponse(request, "admin/conflict/journal.html", context)


def _added(desk: Any, request: HttpRequest, entry: Any) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not user.has_perm("editorial.add_journalnote"):
        raise PermissionDenied
    text = request.POST.get("text", "").replace("\0", "").strip()
    if text:
        JournalNote.objects.create(entry_kind=entry.entry_kind, key=entry.key, by=user, at=timezone.now(), text=text)
        messages.success(request, _("Note added."))
    else:
        messages.error(request, _("The note is empty."))
    return HttpResponseRedirect(request.get_full_path())
