"""Browsers from which an account was signed in to before, recognized by a signed cookie that opens nothing by itself."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from editorial.models import User

COOKIE = "__Host-browser" if settings.HTTPS else "browser"
KEPT_FOR = 182 * 24 * 3600  # seconds


def remember(response: HttpResponse, user: User) -> None:
    response.set_signed_cookie(
        COOKIE,
        secrets.token_hex(16),
        salt=_salt(user.get_username()),
        max_age=KEPT_FOR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def mark(request: HttpRequest, name: str) -> str:
    """Name of this browser if the account of this name was signed in to from it; else empty."""
    found: str | None = request.get_signed_cookie(COOKIE, None, salt=_salt(name), max_age=KEPT_FOR)
    return f":{found}" if found else ""


def _salt(name: str) -> str:
    return f"known browser of {name.lower()}"
