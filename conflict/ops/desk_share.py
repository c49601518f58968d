"""Share of the desk in a process's threads: one is left to readers, however long editors and partners have to wait.

It also answers whatever `conflict.ops.monitor_share` refuses.
"""

import math
import threading
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conflict.api import errors as api
from conflict.ops.desk_host import DESK
from conflict.ops.monitor_share import HELD_UP
from conflict.pages import errors as pages

OF_THE_DESK = (*DESK, "/api/v1/proposals/")
LONG = 0.5  # seconds; less than conflict.ops.monitor_share takes to call everything stuck

threads = 1  # of each process; set by the application server


class DeskShare:
    """Middleware: keeps requests of the desk to all threads but one.

    If the primary hangs, requests of the desk hang with it. Readers, who may have other servers, never queue behind: one
    request too many waits half a second for its turn, and is answered 503 at once where none of those before it moves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.places = threads - 1 or math.inf  # with a single thread, there is none to keep free
        self.clock: Callable[[], float] = time.monotonic
        self.began: dict[int, float] = {}  # of the requests under way, by thread
        self.left = threading.Condition()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_held_up = HELD_UP in request.META
        if not is_held_up and not request.path_info.startswith(OF_THE_DESK):
            return self.get_response(request)
        if is_held_up or not self._enters():
            return api.unavailable() if request.path_info.startswith("/api/") else pages.unavailable(request)
        try:
            return self.get_response(request)
        finally:
            with self.left:
                del self.began[threading.get_ident()]
                self.left.notify()

    def _enters(self) -> bool:
        with self.left:
            give_up_at = self.clock() + LONG
            while len(self.began) >= self.places:
                oldest_that_moves = self.clock() - LONG
                if self.clock() >= give_up_at or max(self.began.values()) < oldest_that_moves:
                    return False
                self.left.wait(LONG / 10)
            self.began[threading.get_ident()] = self.clock()
            return True
