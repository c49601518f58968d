"""Queue of public entries that no second person has read; they are confirmed unchanged, one or many at a time."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from conflict import text as texts
from conflict.documents import sha256
from conflict.documents.comparison import compare
from conflict.models import ENTRIES
from conflict.record.models import Publication, PublishedPeriod
from conflict.vocabulary import EntryKind, ReviewState
from editorial.accounts import reauthentication
from editorial.admin import versions
from editorial.admin.template_pages import render_page
from editorial.admin.verb_calls import perform, user_of
from editorial.workflow import permissions, publisher, readings
from editorial.workflow.readings import Read, Unread
from editorial.workflow.submissions import MOST_AT_ONCE

SHOWN = 20  # entries on a page, each in full


def unread_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Show the unread entries in full, the oldest or the most read first; a POST records which of them were read."""
    user = user_of(request)
    if not permissions.may_review(user):
        raise PermissionDenied
    params = {name: texts.line(request.GET.get(name, "")) for name in ("kind", "period", "state", "order")}
    address = f"{reverse('admin:editorial_submission_unread')}?{urlencode({k: v for k, v in params.items() if v})}"
    if request.method == "POST":
        reauthentication.require(request)
        read = [Read(EntryKind(kind), key, digest) for kind, key, digest in _chosen(request)]
        perform(
            request,
            lambda at: readings.stand_by(entries=read, by=user, at=at),
            _("%(read)s read; readers see that a second person has.") % {"read": len(read)},
        )
        return HttpResponseRedirect(address)
    kinds = [params["kind"]] if params["kind"] in ENTRIES else []
    state = params["state"] if params["state"] in ReviewState else ""
    found = readings.unread(kinds, params["period"], state, most_read_first=params["order"] == "views")
    mine = [entry for entry in found[:SHOWN] if not permissions.may_stand_by(user, entry.kind, entry.key)]
    context = {
        "title": _("Not yet read by a second person"),
        "asked": params,
        "address": address,
        "number": len(found),
        "is_more": len(found) == MOST_AT_ONCE,
        "kinds": [(kind.value, kind.label) for kind in EntryKind],
        "periods": PublishedPeriod.objects.in_order().values_list("key", "label"),
        "entries": _in_full(found[:SHOWN], mine),
    }
    return render_page(desk, request, "admin/editorial/submission/unread.html", context)


def _chosen(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Ticked entries as kind, key and digest; malformed values are ignored."""
    parts = (text.split(" ") for text in request.POST.getlist("read"))
    return [(kind, key, digest) for kind, key, digest in (part for part in parts if len(part) == 3) if kind in ENTRIES]


def _in_full(found: list[Unread], mine: list[Unread]) -> list[dict[str, Any]]:
    keys = [(str(entry.kind), entry.key) for entry in found]
    texts, public = publisher.public_texts(keys), versions.published(keys)
    withdrawn = {key: _withdrawn(entry) for entry, key in zip(found, keys, strict=True) if entry.is_withdrawn}
    names = versions.names([*public.values(), *(text for _, text in withdrawn.values())])
    shown = []
    for entry, key in zip(found, keys, strict=True):
        step, before = withdrawn.get(key, (None, None))
        if step is None and key not in texts:
            continue  # withdrawn since it was listed
        digest = step.sha256 if step is not None else sha256(texts[key])
        shown.append(
            {
                "entry": entry,
                "withdrawal": step,
                "value": f"{entry.kind} {entry.key} {digest}",
                "is_mine": entry in mine,
                "state": entry.state if entry.state == ReviewState.EMERGENCY else "",
                "parts": compare(entry.kind, before, public.get(key), names),
                "address": reverse(f"admin:conflict_{entry.kind}_changelist") + f"?q={entry.key}",
            }
        )
    return shown


def _withdrawn(entry: Unread) -> tuple[Publication, Any]:
    """The step that withdrew the entry, and what it said until then."""
    steps = Publication.objects.of(entry.kind, entry.key).filter(number__lte=entry.number)
    step = steps.get(number=entry.number)
    return step, versions.version(entry.kind, entry.key, step.version - 1)
