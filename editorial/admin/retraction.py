"""The pages that propose to withdraw a public entry, or to merge it into another, both shown side by side."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from conflict import text as texts
from conflict.documents.comparison import compare
from conflict.models import Notice
from conflict.record.models import PUBLISHED
from conflict.vocabulary import EntryKind, kind_label
from editorial.accounts import reauthentication
from editorial.admin import versions
from editorial.admin.template_pages import entry_of, render_page
from editorial.admin.verb_calls import made_by, user_of
from editorial.admin.widgets import Autocomplete, NamedChoice
from editorial.models import Submission
from editorial.workflow import merges, permissions, submissions
from editorial.workflow.exceptions import WorkflowRefused


def retract_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    entry = entry_of(desk, request, object_id, may=permissions.may_retract(user_of(request)))
    if request.method == "POST":
        reauthentication.require(request)
    if request.method == "POST" and (made := _proposed(request, entry)):
        return HttpResponseRedirect(reverse("admin:editorial_submission_change", args=[made.pk]))
    successor = _successor(request, entry)
    context = {
        **_side_by_side(entry, successor),
        "choice": _choice(entry, desk.admin_site) if entry.entry_kind != EntryKind.NOTICE else (),
        "title": _("Withdraw or merge %(entry)s") % {"entry": entry},
        "object": entry,
        "given": request.POST,
        "can_be_merged": entry.entry_kind != EntryKind.NOTICE,
    }
    return render_page(desk, request, "admin/conflict/retract.html", context)


def _proposed(request: HttpRequest, entry: Any) -> Submission | None:
    return made_by(
        request,
        lambda at: submissions.retract(
            kind=entry.entry_kind,
            key=entry.key,
            by=user_of(request),
            at=at,
            reason=request.POST.get("reason", ""),
            successor=request.POST.get("successor", "").strip(),
            carried=request.POST.getlist("part") if "chosen" in request.POST else None,
        ),
        _("Proposed. It stays public until somebody else has approved it and it is published."),
    )


def _successor(request: HttpRequest, entry: Any) -> str:
    """Key of the entry chosen to take over: by number in the form that chooses, by key in the one that proposes."""
    if key := request.POST.get("successor", "").strip():
        return key
    number = texts.primary_key(request.GET.get("into", ""))
    chosen = type(entry)._default_manager.filter(pk=number).first()
    return chosen.key if chosen else ""


def _side_by_side(entry: Any, successor: str) -> dict[str, Any]:
    """Both entries as readers see them, and the parts that can go over."""
    if not successor:
        return {}
    mine, other = (entry.entry_kind, entry.key), (entry.entry_kind, successor)
    public = versions.published([mine, other])
    try:
        merges.refuse_successor(entry.entry_kind, entry.key, successor)
    except WorkflowRefused as refused:
        return {"refused": str(refused)}
    names = versions.names(public.values())
    settled = list(submissions.settled_about(entry.entry_kind, entry.key))
    return {
        "successor": successor,
        "differences": compare(entry.entry_kind, public.get(mine), public.get(other), names),
        "parts": merges.parts(entry.entry_kind, entry.key, successor),
        "named_by": merges.named_by(entry.entry_kind, entry.key, settled),
    }


def _choice(entry: Any, site: Any) -> forms.Form:
    """Form that chooses the public entry that takes over, by typing any of its names."""
    keys = PUBLISHED[entry.entry_kind]._default_manager.values("key")
    rows = type(entry)._default_manager.filter(key__in=keys).exclude(pk=entry.pk)
    field = NamedChoice(
        rows,
        label=_("The %(entry_kind)s that takes its place") % {"entry_kind": kind_label(entry.entry_kind)},
        required=False,
    )
    field.widget = Autocomplete(Notice._meta.get_field(entry.entry_kind), site, choices=field.choices)
    form = forms.Form()
    form.fields["into"] = field
    return form
