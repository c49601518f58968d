"""Share of the desk in a process's threads: one is left to readers, however long editors and partners have to wait."""

import threading
import time
from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conflict.api import errors as api
from conflict.ops.desk_host import DESK
from conflict.pages import errors as pages

OF_THE_DESK = (*DESK, "/api/v1/proposals/")
LONG = 1.0  # seconds

threads = 1  # of each process; set by the application server


class DeskShare:
    """Middleware: answers 503 to a request of the desk while all threads but one have long been busy with others.

    If the primary hangs, requests of the desk hang with it. Readers, who may have other servers, never queue behind.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if threads < 2:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.clock: Callable[[], float] = time.monotonic
        self.began: dict[int, float] = {}  # of the requests under way, by thread

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(OF_THE_DESK):
            return self.get_response(request)
        now = self.clock()
        if sum(now - began > LONG for began in list(self.began.values())) >= threads - 1:
            return api.unavailable() if request.path_info.startswith("/api/") else pages.unavailable(request)
        self.began[threading.get_ident()] = now
        try:
            return self.get_response(request)
        finally:
            del self.began[threading.get_ident()]
