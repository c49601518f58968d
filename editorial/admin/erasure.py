"""The page on which one person asks for an erasure by law, and another confirms it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.accounts import reauthentication
from editorial.admin.verb_calls import perform
from editorial.models import Erasure
from editorial.workflow import erasures, permissions, quotations
from editorial.workflow.exceptions import WorkflowRefused


def erase_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for the erasure, or confirm the one that somebody else asked for; both ask who you are."""
    entry = desk.get_object(request, object_id)
    if entry is None:
        raise Http404(_("There is no such entry."))
    user: Any = request.user
    if not (permissions.may_erase(user) and desk.has_view_or_change_permission(request, entry)):
        raise PermissionDenied
    kind, key = entry.entry_kind, entry.key
    waiting = Erasure.objects.of(kind, key).waiting(timezone.now()).select_related("asked_by").first()
    words = request.POST.get("words", "").split("\n") if waiting is None else waiting.words
    words = [word.strip() for word in words if word.strip()]
    if request.method == "POST":
        reauthentication.require(request)
        if waiting and "confirm" in request.POST:
            asked = waiting
            if perform(
                request, lambda at: erasures.confirm(erasure=asked, by=user, at=at), _("Erased. Now the backups.")
            ):
                return HttpResponseRedirect(desk.address("changelist"))
        elif "look" not in request.POST and perform(
            request,
            lambda at: erasures.ask(
                kind=kind, key=key, by=user, at=at, reason=request.POST.get("reason", ""), words=words
            ),
            _("Asked. Nothing is erased until somebody else has confirmed it."),
        ):
            return HttpResponseRedirect(request.get_full_path())
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Erase %(key)s by law") % {"key": key},
        "opts": desk.opts,
        "object": entry,
        "waiting": waiting,
        "words": words,
        "quotations": _quotations(request, kind, key, words),
        "is_mine": waiting is not None and waiting.asked_by_id == user.pk,
        "given": request.POST,
    }
    return TemplateResponse(request, "admin/conflict/erase.html", context)


def _quotations(request: HttpRequest, kind: str, key: str, words: list[str]) -> list[quotations.Quotation]:
    """Places that repeat these words; none, with a message, if they would find too much."""
    try:
        erasures.refuse_words(words, "")
    except WorkflowRefused as refused:
        messages.warning(request, str(refused))
        return []
    user: Any = request.user
    return quotations.found(kind, key, words, user)
