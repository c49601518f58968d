"""Page that proposes entries: their drafts next to the public texts, the reason, and the warnings they answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from conflict.documents import canonical_text, sha256
from conflict.documents.comparison import compare
from conflict.models import ENTRIES, Notice
from conflict.vocabulary import ChangeKind
from editorial.admin import versions
from editorial.admin.submission_comparison import called, named_and_not_public
from editorial.admin.template_pages import render_page
from editorial.admin.verb_calls import made_by, user_of
from editorial.models import Submission
from editorial.workflow import dependencies, notices, permissions, restricted_sources, submissions
from editorial.workflow.exceptions import WorkflowRefused, refuse_too_long
from editorial.workflow.readiness import shortcomings
from editorial.workflow.submissions import LONGEST_TITLE, EntryChange

LISTED_WARNINGS = 100
PROPOSABLE = (
    ChangeKind.NEW,
    ChangeKind.CORRECTION,
    ChangeKind.NEW_EVIDENCE,
    ChangeKind.VOCABULARY,
    ChangeKind.GEOCODING,
)


def propose_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """Show the chosen entries; a POST with a reason submits them. A GET only shows."""
    if not permissions.may_submit(user_of(request)):
        raise PermissionDenied
    entered = request.POST if request.method == "POST" else request.GET
    chosen = [
        (kind, key)
        for kind, _, key in (text.partition(":") for text in entered.getlist("entry"))
        if kind in ENTRIES and key and "\0" not in key
    ]
    if "submit" in request.POST and (submission := _submitted(request, chosen)):
        return HttpResponseRedirect(desk.address(submission.pk))
    return proposing_page(desk, request, chosen)


def _submitted(request: HttpRequest, chosen: list[versions.Key]) -> Submission | None:
    change_kind = request.POST.get("change_kind", "")
    if change_kind not in PROPOSABLE:
        messages.error(request, _("Say what kind of change this is."))
        return None
    return made_by(
        request, lambda at: _submit(request, chosen, ChangeKind(change_kind), at), _("Submitted for review.")
    )


def _submit(request: HttpRequest, chosen: list[versions.Key], change_kind: ChangeKind, at: datetime) -> Submission:
    """Submit exactly what the page showed, without later edits by others."""
    refuse_too_long(request.POST.get("title", ""), LONGEST_TITLE)
    with transaction.atomic():
        made = submissions.submit(
            entries=[EntryChange(kind, key) for kind, key in chosen],
            by=user_of(request),
            at=at,
            title=request.POST.get("title", ""),
            reason=request.POST.get("reason", ""),
            change_kind=change_kind,
            bring_back="bring_back" in request.POST,
        )
        digests = {text.rpartition(" ")[0]: text.rpartition(" ")[2] for text in request.POST.getlist("shown")}
        proposed = made.entries.order_by("pk").values_list("entry_kind", "key", "sha256")
        changed = [key for kind, key, digest in proposed if digests.get(f"{kind}:{key}", digest) != digest]
        if changed:
            raise WorkflowRefused(
                _(
                    "Edited after this page was made: %(changed)s. Nothing was submitted; read below how it stands now, then submit."
                )
                % {"changed": ", ".join(changed[:20])}
            )
        _answer_warning(made, request)
    return made


def proposing_page(desk: Any, request: HttpRequest, chosen: list[versions.Key]) -> HttpResponse:
    drafts, public = versions.drafted(chosen), versions.published(chosen)
    named, withdrawn = named_and_not_public(drafts), dependencies.withdrawn(chosen)
    names, missing = versions.names([*drafts.values(), *public.values()]), shortcomings(drafts)
    entries = [
        {
            "kind": kind,
            "key": key,
            "name": called(drafts.get((kind, key)), key),
            "is_public": (kind, key) in public,
            "withdrawn": withdrawn.get((kind, key)),
            "shown": sha256(canonical_text(drafts[kind, key])) if (kind, key) in drafts else "",
            "missing": missing.get((kind, key), []) if (kind, key) in drafts else [_("It is kept from the public.")],
            "parts": compare(kind, public.get((kind, key)), drafts.get((kind, key)), names),
        }
        for kind, key in chosen
    ]
    context = {
        "title": _("Submit for review"),
        "entries": entries,
        "companions": named.to_add,
        "on_their_way": named.submitted,
        "named_and_withdrawn": named.withdrawn,
        "any_withdrawn": bool(withdrawn),
        "warnings": _open_warnings(request.user),
        "change_kinds": [(kind.value, kind.label) for kind in PROPOSABLE],
        "change_kind": request.POST.get("change_kind") or (ChangeKind.CORRECTION if public else ChangeKind.NEW),
        "given": {"title": title_of([str(entry["name"]) for entry in entries])}
        | {name: request.POST[name] for name in ("title", "reason", "warning") if request.POST.get(name)},
    }
    return render_page(desk, request, "admin/editorial/submission/propose.html", context)


def _open_warnings(user: Any) -> list[Notice]:
    """Warnings that a submission may answer, those in the person's care first; none if the person may not work on them."""
    if not permissions.may_tend_notices(user):
        return []
    mine_first = restricted_sources.visible(Notice.objects.filter(resolved_on__isnull=True), user).annotate(
        mine=Case(When(assignment__to=user, then=0), default=1)
    )
    return list(mine_first.order_by("mine", "raised_on", "pk")[:LISTED_WARNINGS])


def _answer_warning(submission: Submission, request: HttpRequest) -> None:
    """Note the submitted entries among those that answer the chosen warning."""
    if key := request.POST.get("warning", "").replace("\0", ""):
        open_ones = Notice.objects.filter(key=key, resolved_on__isnull=True)
        notice = restricted_sources.visible(open_ones, request.user).first()
        if notice is None:
            raise WorkflowRefused(_("The warning %(key)s is not open.") % {"key": key})
        notices.answer_notice(
            notice=notice,
            entries=list(submission.entries.values_list("entry_kind", "key")),
            by=user_of(request),
            at=submission.submitted_at,
        )


def title_of(names: list[str]) -> str:
    """Title proposed for a submission: its main entry, and how many come with it."""
    if len(names) < 2:
        return Truncator(names[0]).chars(LONGEST_TITLE) if names else ""
    more = _(" and %(names)s more") % {"names": len(names) - 1}
    return Truncator(names[0]).chars(LONGEST_TITLE - len(more)) + more


def page_to_submit(entry: Any) -> str:
    """Address of the page that proposes one entry."""
    address = reverse("admin:editorial_submission_propose")
    return f"{address}?{urlencode({'entry': f'{entry.entry_kind}:{entry.key}'})}"


def page_for(request: HttpRequest, site: Any, entries: Iterable[Any]) -> HttpResponse:
    """The page that proposes these entries, from another page's action."""
    return proposing_page(site._registry[Submission], request, [(entry.entry_kind, entry.key) for entry in entries])
