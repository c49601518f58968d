"""The page on which one person asks for an erasure by law, and another confirms it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.accounts import reauthentication
from editorial.accounts.four_eyes import is_second
from editorial.admin.template_pages import entry_of, render_page
from editorial.admin.verb_calls import perform, user_of
from editorial.models import Erasure
from editorial.workflow import erasures, permissions, quotations
from editorial.workflow.exceptions import WorkflowRefused


def erase_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for the erasure, or confirm the one that somebody else asked for; both ask who you are."""
    user = user_of(request)
    entry = entry_of(desk, request, object_id, may=permissions.may_erase(user))
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
        "title": _("Erase %(key)s by law") % {"key": key},
        "object": entry,
        "waiting": waiting,
        "words": words,
        "quotations": _quotations(request, kind, key, words),
        "is_mine": waiting is not None and not is_second(user, {waiting.asked_by_id}),
        "given": request.POST,
    }
    return render_page(desk, request, "admin/conflict/erase.html", context)


def _quotations(request: HttpRequest, kind: str, key: str, words: list[str]) -> list[quotations.Quotation]:
    """Places that repeat these words; none, with a message, if they would find too much."""
    try:
        erasures.refuse_words(words, "")
    except WorkflowRefused as refused:
        messages.warning(request, str(refused))
        return []
    return quotations.found(kind, key, words, user_of(request))
