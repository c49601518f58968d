"""Idempotency of the desk's forms: one that was taken is not taken twice, and its draft may leave the browser.

Each form that the browser keeps (desk/drafts.js) carries an id. A form that comes again with the same id and the same
contents, because the answer was lost or a button was pressed twice, is answered as it was the first time.
"""

import hashlib
import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

FIELD = "_draft"
ID = re.compile(r"[a-z0-9]{8,40}")
COOKIE = "desk_taken"
REMEMBERED = 3600  # seconds


def fingerprint(request: HttpRequest) -> str:
    """Name of what was sent, for this person; empty for a form without an id. Read it before a view alters the form."""
    if request.method != "POST" or not ID.fullmatch(request.POST.get(FIELD, "")) or request.FILES:
        return ""
    sent = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    text = json.dumps([request.user.pk, request.get_full_path(), sent])
    return f"taken-{hashlib.sha256(text.encode()).hexdigest()}"


def answered_before(request: HttpRequest, sent: str) -> HttpResponse | None:
    """The answer to the same form the first time it was sent."""
    address = caches["desk"].get(sent) if sent else None
    if address is None:
        return None
    messages.info(request, _("This was saved already, and not a second time."))
    return _named(request, HttpResponseRedirect(address))


def note(request: HttpRequest, response: HttpResponse, sent: str) -> None:
    """Remember a form that was taken, and tell the browser so."""
    if not sent or not _was_taken(request, response):
        return
    if response.has_header("Location"):
        caches["desk"].set(sent, response["Location"], timeout=REMEMBERED)
    _named(request, response)


def _was_taken(request: HttpRequest, response: HttpResponse) -> bool:
    """Return True if the desk leads on without an error; a page that asks for the password leads elsewhere."""
    if "admin/popup_response.html" in str(getattr(response, "template_name", "")):
        return True
    if not 300 < response.status_code < 304:
        return False
    leads_on = urlsplit(response["Location"]).path.startswith(reverse("admin:index"))
    told: Any = getattr(messages.get_messages(request), "_queued_messages", ())
    return leads_on and not any(message.level >= messages.ERROR for message in told)


def _named(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        request.POST[FIELD],
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=False,  # read and removed by desk/drafts.js
        samesite="Lax",
    )
    return response
