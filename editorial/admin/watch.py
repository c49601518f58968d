"""Pages of the inbox, of watches and of saved filters."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from conflict import text as texts
from conflict.record import clock
from editorial.accounts import language
from editorial.admin import inbox
from editorial.admin.verb_calls import perform, user_of
from editorial.models import SavedFilter, Watch
from editorial.workflow import watches


def inbox_view(site: Any, request: HttpRequest) -> HttpResponse:
    """Show what came for this person since they last marked it as read, and what waits."""
    user, at = user_of(request), clock.now()
    own = watches.inbox_of(user, at)
    context = {
        **site.each_context(request),
        "title": _("Inbox"),
        "inbox": own,
        "items": inbox.items(site, user, own.read_until),
        "waiting": list(inbox.waiting(user, at)),
        "watched": [
            (watch, _address(watch))
            for watch in Watch.objects.filter(user=user).select_related("saved_filter").order_by("pk")
        ],
        "languages": settings.LANGUAGES,
        "may_mail": bool(settings.EMAIL_HOST and user.email),
        "at": at.isoformat(),
    }
    return TemplateResponse(request, "admin/inbox.html", context)


def read_view(request: HttpRequest) -> HttpResponse:
    """Everything shown has been read; the choice of e-mail and language is kept with it."""
    user = user_of(request)
    watches.read_inbox(user=user, at=clock.now(), by_email="by_email" in request.POST)
    language.keep(user, request.POST.get("language", ""))
    messages.success(request, _("Noted."))
    return HttpResponseRedirect(reverse("admin:inbox"))


def watch_view(request: HttpRequest) -> HttpResponse:
    """Watch an entry or a saved filter, or stop."""
    user, given = user_of(request), request.POST
    if saved := given.get("saved_filter"):
        chosen = get_object_or_404(SavedFilter.objects.offered_to(user), pk=texts.primary_key(saved))
        perform(request, lambda at: watches.watch_filter(saved=chosen, user=user, at=at), _("Noted."))
    else:
        kind, key = given.get("kind", ""), given.get("key", "").replace("\0", "")
        perform(request, lambda at: watches.watch_entry(kind=kind, key=key, user=user, at=at), _("Noted."))
    return _back(request)


def save_view(request: HttpRequest) -> HttpResponse:
    user, given = user_of(request), request.POST
    perform(
        request,
        lambda at: watches.save_filter(
            name=given.get("name", ""),
            listed=given.get("listed", ""),
            query=given.get("query", "").replace("\0", ""),
            is_shared="is_shared" in given,
            user=user,
        ),
        _("The filter is saved."),
    )
    return _back(request)


def forget_view(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    saved = get_object_or_404(SavedFilter, pk=texts.primary_key(request.POST.get("saved_filter", "")))
    perform(request, lambda at: watches.forget_filter(saved=saved, user=user), _("The filter is deleted."))
    return _back(request)


def _address(watch: Watch) -> str:
    if watch.saved_filter is not None:
        return inbox.address_of(watch.saved_filter)
    return f"{reverse(f'admin:conflict_{watch.entry_kind}_changelist')}?q={watch.key}"


def _back(request: HttpRequest) -> HttpResponse:
    then = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(then, allowed_hosts=None) and then.startswith("/")
    return HttpResponseRedirect(then if is_ours else reverse("admin:inbox"))
