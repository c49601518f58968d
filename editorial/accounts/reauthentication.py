"""Reauthentication before irreversible actions: publishing, withdrawing, issuing a key."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])


def was_recent(request: HttpRequest) -> bool:
    """True for a few minutes after a login or reauthentication."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def require(request: HttpRequest) -> None:
    """Call this first in a view's POST: unless `was_recent`, the request is kept and resumes after reauthentication."""
    if not was_recent(request):
        raise ReauthenticationRequired


def required(view: View) -> View:
    """Decorator for function views that requires reauthentication for POST, never for reading."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            require(request)
        return view(request, *args, **kwargs)

    return cast(View, asking)
