"""The page that compares any two versions of an entry, or a version with the draft."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from conflict import text as texts
from conflict.documents.comparison import compare
from conflict.record.models import Action, Publication
from editorial.admin import versions
from editorial.admin.template_pages import entry_of, render_page

DRAFT = "draft"
NOTHING = "nothing"


def compare_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """?from= and ?to= are numbers of versions, `draft`, or `nothing`."""
    entry = entry_of(desk, request, object_id)
    log = list(Publication.objects.of(entry.entry_kind, entry.key).newest_first())
    before = request.GET.get("from") or (str(log[0].version) if log else NOTHING)
    after = request.GET.get("to") or DRAFT
    old, new = _text(entry, before), _text(entry, after)
    context = {
        "title": _("Compare %(entry)s") % {"entry": entry},
        "object": entry,
        "log": log,
        "publish": Action.PUBLISH,
        "chosen": {"from": before, "to": after},
        "before": _called(before),
        "after": _called(after),
        "parts": compare(entry.entry_kind, old, new, versions.names([old, new])),
    }
    return render_page(desk, request, "admin/conflict/compare.html", context)


def _text(entry: Any, wanted: str) -> versions.Document | None:
    if wanted == NOTHING:
        return None
    if wanted == DRAFT:
        return versions.drafted([(entry.entry_kind, entry.key)]).get((entry.entry_kind, entry.key))
    shown = versions.version(entry.entry_kind, entry.key, texts.primary_key(wanted[:7]))
    if shown is None:
        raise Http404(
            _("There is no text of version %(wanted)s of %(key)s.") % {"wanted": wanted[:20], "key": entry.key}
        )
    return shown


def _called(wanted: str) -> str:
    return {DRAFT: _("Draft on the desk"), NOTHING: _("Nothing")}.get(
        wanted, _("Version %(wanted)s") % {"wanted": wanted}
    )
