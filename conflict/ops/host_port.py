"""Port in the Host header: dropped on a public site, so that nobody puts one into the site's links."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class HostPort:
    """Middleware that runs before anything reads the host. A port named in ALLOWED_HOSTS is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.LOOPBACK:
            raise MiddlewareNotUsed  # `make run` is reached at a port
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.META.get("HTTP_HOST", "")
        name, _, port = host.rpartition(":")
        if port.isdecimal() and host not in settings.HOSTS_WITH_PORT:
            request.META["HTTP_HOST"] = name
        return self.get_response(request)
