"""Defence against clients that send or read so slowly that they occupy every thread: for a site without a buffering proxy.

A thread that waits for a client is marked. Only so many may wait at once that some always remain for other readers; the
next is answered 503. A client that keeps one waiting too long is cut off. The application server has no such deadlines,
and does not say which connection a request came over: those that hardly move meanwhile are found by what the kernel
counted, idle ones among them, which costs their clients nothing.

Each worker process also signs that it is alive, so that a frozen one can be replaced.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from conflict.ops.client_connections import connections
from conflict.ops.counters import count_dropped_request
from conflict.ops.monitor_share import HELD_UP, MONITORED, MonitorShare
from conflict.ops.request_age import has_left

log = logging.getLogger(__name__)

Application = Callable[..., Iterable[bytes]]
SMALL = 1024 * 1024  # bytes of a body that is read at once, and of a response that needs no place
PIECE = 64 * 1024  # bytes that must come or go within the deadline
SIGN_EVERY = 1.0  # seconds between signs of life, and looks at who waits
BUSY = b"Too many clients are sending or receiving slowly. Try again in a moment.\n"


class StalledRequests:
    """WSGI middleware of one worker process. `start` begins to watch, after the fork."""

    def __init__(self, application: Application, *, port: int, threads: int, seconds: float, signs: Path) -> None:
        self.application, self.port, self.seconds, self.signs = application, port, seconds, signs
        self.share = MonitorShare(threads)
        self._places = threading.BoundedSemaphore(max(1, threads // 2))
        self._waiting: dict[int, float] = {}  # by thread, since when it waits for its client
        self._moved: dict[
            tuple[Any, ...], tuple[float, int]
        ] = {}  # by connection: when it last moved, and how far it was

    def start(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] in MONITORED:
            return self._read_and_answered(environ, start_response)
        if has_left(environ, self.port):
            count_dropped_request()
            return _busy(start_response)
        if not self.share.enter():
            environ[HELD_UP] = True
            return self._read_and_answered(environ, start_response)
        try:
            response = self._read_and_answered(environ, start_response)
        except BaseException:
            self.share.leave()
            raise
        if isinstance(response, _Response):
            response.leaves = self.share
        else:
            self.share.leave()
        return response

    def _read_and_answered(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = environ.get("CONTENT_LENGTH") or ("" if "HTTP_TRANSFER_ENCODING" in environ else "0")
        if size == "0":
            return self._answered(environ, start_response, has_place=False)
        if not self._places.acquire(blocking=False):
            return _busy(start_response)
        try:
            body = _Body(environ["wsgi.input"], self)
            is_small = size.isdecimal() and int(size) <= SMALL
            environ["wsgi.input"] = BytesIO(body.read(int(size))) if is_small else body
        except BaseException:
            self._places.release()
            raise
        if is_small:
            self._places.release()
        return self._answered(environ, start_response, has_place=not is_small)

    def _answered(
        self, environ: dict[str, Any], start_response: Callable[..., Any], *, has_place: bool
    ) -> Iterable[bytes]:
        """The application's response; one that is streamed has a place until it is closed."""
        try:
            response: Any = self.application(environ, start_response)
        except BaseException:
            if has_place:
                self._places.release()
            raise
        is_long = (
            getattr(response, "streaming", False) and int(response.headers.get("Content-Length") or SMALL + 1) > SMALL
        )
        if is_long and not has_place:
            if not self._places.acquire(blocking=False):
                response.close()
                return _busy(start_response)
            has_place = True
        return _Response(response, self, has_place)

    def wait(self, is_waiting: bool) -> None:
        """Note that this thread begins or ends to wait for its client."""
        if is_waiting:
            self._waiting[threading.get_ident()] = time.monotonic()
        else:
            self._waiting.pop(threading.get_ident(), None)

    def give_back(self) -> None:
        self._places.release()

    def _watch(self) -> None:
        sign = self.signs / str(os.getpid())
        while True:
            try:
                sign.write_text(str(time.monotonic()))
                self._cut_off(time.monotonic())
            except OSError as fault:  # no space, or no file left: the worker itself goes on
                log.warning("Nothing is known of clients that stall: %s", fault)
            time.sleep(SIGN_EVERY)

    def _cut_off(self, now: float) -> None:
        """Note how far each connection is; close those that hardly moved, if a thread has waited too long."""
        found = {one.name: one for one in connections(self.port)}
        moved = self._moved
        self._moved = {
            name: moved[name] if name in moved and one.carried < moved[name][1] + PIECE else (now, one.carried)
            for name, one in found.items()
        }
        if any(now - since > self.seconds for since in list(self._waiting.values())):
            for name, (since, _carried) in self._moved.items():
                if now - since > self.seconds:
                    found[name].shut_down()


class _Body:
    """Body of a request, read in pieces while the thread counts as waiting."""

    def __init__(self, body: Any, stalled: StalledRequests) -> None:
        self._body, self._stalled = body, stalled

    def read(self, size: int = -1) -> bytes:
        pieces: list[bytes] = []
        left = size if size >= 0 else SMALL * SMALL
        while left > 0:
            self._stalled.wait(True)
            try:
                piece: bytes = self._body.read(min(left, PIECE))
            finally:
                self._stalled.wait(False)
            pieces.append(piece)
            left -= len(piece)
            if not piece:
                break
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        return BytesIO(self.read(size)).readline()

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece


class _Response:
    """Response whose thread counts as waiting while the server passes a piece on."""

    def __init__(self, response: Any, stalled: StalledRequests, has_place: bool) -> None:
        self._response, self._stalled, self._has_place = response, stalled, has_place
        self._pieces = iter(response)
        self.leaves: MonitorShare | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._stalled.wait(False)
        piece: bytes = next(self._pieces)
        self._stalled.wait(True)
        return piece

    def close(self) -> None:
        self._stalled.wait(False)
        if self._has_place:
            self._has_place = False
            self._stalled.give_back()
        if self.leaves:
            self.leaves.leave()
            self.leaves = None
        if hasattr(self._response, "close"):
            self._response.close()


def _busy(start_response: Callable[..., Any]) -> list[bytes]:
    start_response(
        "503 Service Unavailable",
        [("Content-Type", "text/plain"), ("Retry-After", "5"), ("Cache-Control", "no-store"), ("Connection", "close")],
    )
    return [BUSY]


def frozen(signs: Path, workers: Iterable[int], seconds: float) -> list[int]:
    """Process numbers of workers that have given a sign of life before, but none for so many seconds."""
    now, found = time.monotonic(), []
    for worker in workers:
        try:
            if now - float((signs / str(worker)).read_text() or now) > seconds:
                found.append(worker)
        except (OSError, ValueError):
            continue  # not started yet
    return found
