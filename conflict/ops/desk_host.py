"""Host of the desk: with DESK_HOST, desk and accounts answer at no other, so that a proxy can close that host to readers."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conflict.pages import errors as pages

DESK = ("/admin/", "/account/", "/fr/account/")


class DeskHost:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.DESK_HOST:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host().partition(":")[0].lower()
        if request.path_info.startswith(DESK) and host != settings.DESK_HOST:
            return pages.not_found(request)
        return self.get_response(request)
