"""Journal notes: what editors tell each other about an entry."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.admin.template_pages import entry_of, render_page
from editorial.admin.verb_calls import user_of
from editorial.models import AuditEntry, JournalNote, User


def journal_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The notes on an entry and the audit entries that concern it; a POST adds a note."""
    user = user_of(request)
    entry = entry_of(desk, request, object_id, may=user.has_perm("editorial.view_journalnote"))
    if request.method == "POST":
        return _added(request, entry, user)
    context = {
        "title": _("Notes on %(entry)s") % {"entry": entry},
        "object": entry,
        "may_write": user.has_perm("editorial.add_journalnote"),
        "notes": JournalNote.objects.filter(entry_kind=entry.entry_kind, key=entry.key)
        .select_related("by")
        .order_by("-at", "-pk"),
        "audit_entries": AuditEntry.objects.concerning(entry.entry_kind, entry.key)
        .newest_first()
        .select_related("by", "submission")[:100],
    }
    return render_page(desk, request, "admin/conflict/journal.html", context)


def _added(request: HttpRequest, entry: Any, user: User) -> HttpResponse:
    if not user.has_perm("editorial.add_journalnote"):
        raise PermissionDenied
    text = request.POST.get("text", "").replace("\0", "").strip()
    if text:
        JournalNote.objects.create(entry_kind=entry.entry_kind, key=entry.key, by=user, at=timezone.now(), text=text)
        messages.success(request, _("Note added."))
    else:
        messages.error(request, _("The note is empty."))
    return HttpResponseRedirect(request.get_full_path())
