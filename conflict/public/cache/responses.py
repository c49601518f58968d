"""Response cache keyed by the log's head. Keeps the bytes of public responses sent by this process.

It precedes nearly everything, so a repeated request costs one database query and a tenth of the time, and a client with
a current copy gets a 304. If several clients request the same page at once, as they do after a publication, one request
renders it and the others wait.

Only responses marked as depending on nothing but the head are kept (`may_be_kept`), never any that depend on the
client. Responses for earlier heads can no longer be sent: they are dropped with the first one for the next head. What they were
made of is kept beyond it (`conflict.public.cache.contents`). Measured as “kept answer over an uncached one”.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from conflict.public.cache.headers import has_any_copy, has_copy
from conflict.public.cache.sized_cache import SizedCache
from conflict.public.head import Head, head

OF_HEADERS = 2 * 1024  # approximate bytes for the headers of one response
LARGEST = 2 * 1024 * 1024  # bytes of one response
MOST = 24 * 1024 * 1024  # bytes in total, per process
PATIENCE = 10.0  # seconds; a waiter that times out renders it independently
OF_THE_BODY = frozenset({"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition"})

Again = Callable[[HttpRequest, HttpResponse], bool]


class CachedResponse(NamedTuple):
    """Response for a head. `again` is called whenever it is reused, and may set headers or refuse.

    There is no body if it was only ever requested by clients that already had it.
    """

    head: Head
    body: bytes | None
    headers: dict[str, str]
    again: Again | None

    @property
    def size(self) -> int:
        return len(self.body or b"") + OF_HEADERS

    def to(self, request: HttpRequest) -> HttpResponse | None:
        if not (has_copy(request, self.headers["ETag"]) or has_any_copy(request)):
            return None if self.body is None else HttpResponse(self.body, headers=self.headers)
        return HttpResponseNotModified(headers={n: v for n, v in self.headers.items() if n not in OF_THE_BODY})


class ResponseStore(SizedCache[str, CachedResponse]):
    def __init__(self, most: int = MOST) -> None:
        super().__init__(most)
        self.newest = 0  # number of the latest head among the responses
        self.being_made: dict[str, threading.Event] = {}

    def find(self, name: str, head: Head) -> CachedResponse | None:
        answer = self.used(name)
        return answer if answer and answer.head == head else None

    def keep(self, name: str, response: HttpResponseBase) -> None:
        """Keep a complete response that may be kept; streamed or very large ones are made anew each time."""
        made_under: tuple[Head, Again | None] | None = getattr(response, "made_under", None)
        if made_under is None or not isinstance(response, HttpResponse) or response.cookies:
            return
        if response.status_code not in (200, 304) or len(response.content) > LARGEST:
            return
        head, again = made_under
        body = response.content if response.status_code == 200 else None
        self._drop_what_was_before(head.number)
        self.put(name, CachedResponse(head, body, dict(response.items()), again))

    def _drop_what_was_before(self, number: int) -> None:
        """Drop responses for heads before this one, if it is new."""
        with self.lock:
            if number > self.newest:
                self.newest = number
                for name in [name for name, answer in self.items.items() if answer.head.number < number]:
                    self._remove(name)

    @contextmanager
    def turn(self, name: str) -> Iterator[bool]:
        """Yield True if the caller is to render the response; False after waiting for another thread that does."""
        with self.lock:
            made = self.being_made.get(name)
            is_ours = made is None
            if made is None:
                made = self.being_made[name] = threading.Event()
        if not is_ours:
            made.wait(PATIENCE)
            yield False
            return
        try:
            yield True
        finally:
            with self.lock:
                del self.being_made[name]
            made.set()

    def clear(self) -> None:
        super().clear()
        self.newest = 0


store = ResponseStore()


def may_be_kept(response: HttpResponseBase, head: Head, again: Again | None = None) -> None:
    """Mark a response as depending on nothing but this head, the address and the headers covered by `cache_key`."""
    response.made_under = head, again  # type: ignore[attr-defined]


def cache_key(request: HttpRequest) -> str:
    """Cache key of the request: everything by which responses differ."""
    meta = request.META
    parts = [request.scheme or "", request.path_info]
    parts += (
        meta.get(name, "")
        for name in ("HTTP_HOST", "SERVER_PORT", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING")
    )
    return hashlib.sha256(chr(10).join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def cached_response(request: HttpRequest, head: Head) -> HttpResponse | None:
    """Return the response cached under this head for the same request, if the client may have it."""
    answer = store.find(cache_key(request), head)
    return answer.to(request) if answer else None


class ResponseCache:
    """Middleware: sends cached responses before any other work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed  # templates are being edited
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or "HTTP_RANGE" in request.META:
            return self.get_response(request)
        name = cache_key(request)
        if answer := self.known(name, request):
            return answer
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)  # editors' pages are private, and do not wait for each other
        with store.turn(name) as is_ours:
            if not is_ours and (answer := self.known(name, request)):
                return answer
            response = self.get_response(request)
            store.keep(name, response)
            return response

    def known(self, name: str, request: HttpRequest) -> HttpResponse | None:
        if name not in store.items or "HTTP_AUTHORIZATION" in request.META:
            return None  # keys have to be checked first; the view looks in the cache after that
        try:
            answer = store.find(name, head())
        except DatabaseError:
            return None  # the view reports the error itself
        response = answer.to(request) if answer else None
        if answer and response and answer.again and not answer.again(request, response):
            return None
        return response
