"""Form input that outlives its session: shown, kept in the page, and sent again after login."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refused

from editorial.accounts.language import speak

FORGOTTEN = ("csrfmiddlewaretoken", "password")
LONGEST_SHOWN = 2_000


def is_worth_keeping(request: HttpRequest) -> bool:
    """True for a form sent from a page of this site. Forms from other sites are never offered for resending."""
    sent_from = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return request.method == "POST" and sent_from.netloc == request.get_host() and bool(_fields(request))


def page(request: HttpRequest) -> HttpResponse:
    """Page with a form that resends the fields of the request, after signing in if necessary."""
    fields = _fields(request)
    context = {
        "title": _("Nothing was saved yet, and nothing is lost"),
        "site_title": site.site_title,
        "site_header": site.site_header,
        "is_signed_in": request.user.is_authenticated,
        "fields": fields,
        "typed": [(name, value[:LONGEST_SHOWN]) for name, value in fields if value and not _is_machinery(name)],
        "has_files": bool(request.FILES),
        "token_cookie": settings.CSRF_COOKIE_NAME,
        "encoding": request.content_type or "application/x-www-form-urlencoded",
    }
    return render(request, "admin/kept_input.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW for forms that were opened before the user signed in again."""
    match: Any = request.resolver_match
    if match is not None and "admin" in match.namespaces and is_worth_keeping(request):
        speak(request)
        return page(request)
    answer: HttpResponse = refused(request, reason)
    return answer


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(part in name for part in FORGOTTEN)
    ]


def _is_machinery(name: str) -> bool:
    return name.startswith("_") or name.endswith(("_FORMS", "-id", "-event", "edition")) or "__prefix__" in name
