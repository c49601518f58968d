"""Form input that outlives its session: shown, kept in the page, and sent again after login."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refused

from editorial.accounts.language import speak

FORGOTTEN = ("csrfmiddlewaretoken", "password")
LONGEST_SHOWN = 2_000
OF_ACCOUNTS = ("account_", "mfa_")


def is_worth_keeping(request: HttpRequest) -> bool:
    return is_from_here(request) and bool(_fields(request))


def is_from_here(request: HttpRequest) -> bool:
    """True for a form sent from a page of this site. Forms from other sites are never offered for resending."""
    sent_from = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return request.method == "POST" and sent_from.netloc == request.get_host()


def page(request: HttpRequest) -> HttpResponse:
    """Page with a form that resends the fields of the request, after signing in if necessary."""
    fields = _fields(request)
    context = {
        "title": _("Nothing was saved yet, and nothing is lost"),
        "site_title": site.site_title,
        "site_header": site.site_header,
        "is_signed_in": request.user.is_authenticated,
        "account": request.user,
        "fields": fields,
        "typed": [(name, value[:LONGEST_SHOWN]) for name, value in fields if value and not _is_machinery(name)],
        "has_files": bool(request.FILES),
        "token_cookie": settings.CSRF_COOKIE_NAME,
        "encoding": request.content_type or "application/x-www-form-urlencoded",
    }
    return render(request, "admin/kept_input.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW for forms that were opened before the user signed in again, or out.

    A form of the desk is kept, one of an account starts anew, and a view with an attribute `sent_again` shows its own.
    """
    match: Any = request.resolver_match
    if match is not None and is_from_here(request):
        if "admin" in match.namespaces:
            speak(request)
            return page(request)
        if sent_again := getattr(match.func, "sent_again", None):
            shown: HttpResponse = sent_again(request, *match.args, **match.kwargs)
            return shown
        if (match.url_name or "").startswith(OF_ACCOUNTS) and settings.CSRF_COOKIE_NAME in request.COOKIES:
            return _anew(request)
    answer: HttpResponse = refused(request, reason)
    return answer


def _anew(request: HttpRequest) -> HttpResponse:
    """The page that the form was on. Who is signed in meanwhile is led on from it."""
    messages.warning(request, _("You signed in or out in another tab after this page was opened. Here it is anew."))
    wanted = request.POST.get("next", "")
    return redirect(f"{request.path}?{urlencode({'next': wanted})}" if wanted else request.get_full_path())


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(part in name for part in FORGOTTEN)
    ]


def _is_machinery(name: str) -> bool:
    return name.startswith("_") or name.endswith(("_FORMS", "-id", "-event", "edition")) or "__prefix__" in name
