"""Contents of answers, kept for as long as what they were made of stays the same, whatever else is published.

Beneath the response cache, which keeps the finished bytes for one head of the log: the head is stated in headers and in
the frame of every page, and is filled in for each. Measured as “200 readers while an editor publishes”.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from conflict.public.cache.reads import Reads, recording
from conflict.public.cache.sized_cache import SizedCache
from conflict.public.head import Head

LARGEST = 2 * 1024 * 1024  # bytes of one content
MOST = 24 * 1024 * 1024  # bytes in total, per process
PLACE = 2 * 1024  # approximate bytes of headers and name


@dataclass(slots=True)
class Content:
    """Body and headers of a response as its view made them, and what was read for them."""

    body: bytes
    headers: dict[str, str]
    reads: Reads

    @property
    def size(self) -> int:
        return len(self.body) + self.reads.size + PLACE

    def response(self) -> HttpResponse:
        return HttpResponse(self.body, headers=self.headers)


class Contents(SizedCache[str, Content]):
    def find(self, name: str, head: Head) -> HttpResponse | None:
        """The content under this name, if it is still what would be made under this head."""
        content = None if settings.DEBUG else self.used(name)
        if content is None:
            return None
        if not content.reads.hold(head):
            self.drop(name, content)
            return None
        return content.response()

    def keep(self, name: str, response: HttpResponseBase, reads: Reads) -> None:
        """Keep a complete response, unless it shows what cannot be read again."""
        if type(response) is not HttpResponse or response.status_code != 200 or response.cookies:
            return
        if len(response.content) > LARGEST or not reads.head or not reads.head.number or not reads.may_hold:
            return
        self.put(name, Content(response.content, dict(response.items()), reads))


store = Contents(MOST)


def name_of(request: HttpRequest, *parts: str) -> str:
    """Everything besides the record that makes answers differ."""
    asked = (request.scheme or "", request.get_host(), request.get_full_path(), request.META.get("HTTP_ACCEPT", ""))
    return chr(10).join((*asked, *parts))


def kept_or_made(name: str, head: Head, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The content kept under this name, if it still holds; otherwise what `make` returns, which is kept if it may be."""
    if found := store.find(name, head):
        return found
    with recording(head) as reads:
        response = make()
    store.keep(name, response, reads)
    return response
