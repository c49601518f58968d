"""Access log: one line per request, with its id, without query strings, addresses and accounts. Also counts it."""

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conflict.ops.counters import count_request

KINDS = {
    "/api/": "api",
    "/admin/": "desk",
    "/account/": "desk",
    "/fr/account/": "desk",
    "/static/": "static",
    "/healthz": "health",
    "/readyz": "health",
    "/metrics": "health",
}
ONE_TIME = re.compile(r"(?<=/password/set/).*")  # opens an account
log = logging.getLogger("conflict.access")


class RequestLog:
    """Middleware, around everything that can answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - began
        kind = kind_of(request.path_info)
        count_request(kind, response.status_code, seconds)
        if settings.ACCESS_LOG and kind != "health":
            line = {
                "method": request.method,
                "path": ONE_TIME.sub("…", request.path_info),
                "status_code": response.status_code,
                "seconds": round(seconds, 4),
            }
            log.info("%(method)s %(path)s %(status_code)s %(seconds)s s", line, extra=line)
        return response


def kind_of(path: str) -> str:
    return next((kind for beginning, kind in KINDS.items() if path.startswith(beginning)), "page")
