"""Cache headers: how long browsers, proxies and a CDN that is purged on publication may keep a response.

Everything public is a function of the log's head, so every response is tagged with the head's number. A publication
makes all copies stale at once: purge `head-811` when 812 is published, or `record`; nothing else ever needs purging. A
cache that is purged may keep copies for days (`SHARED_CACHE_SECONDS`); one that is not shows a publication that much
later.
"""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from conflict.postgres.replicas.middleware import HEADER as HEAD

Response = TypeVar("Response", bound=HttpResponseBase)

WHILE_RENEWING = 60  # seconds for which a stale copy may be served while a new one is fetched
WHILE_BROKEN = 86400  # the same while the site is down
YEAR = 31536000


def of_the_record(response: Response, head: int, *, browsers: int = 0) -> Response:
    """A copy is valid until the next publication. Browsers revalidate it after so many seconds."""
    parts = ["public", f"max-age={browsers}", f"s-maxage={settings.SHARED_CACHE_SECONDS}"]
    if browsers:
        parts.append(f"stale-while-revalidate={WHILE_RENEWING}")
    response["Cache-Control"] = ", ".join([*parts, f"stale-if-error={WHILE_BROKEN}"])
    response[HEAD] = str(head)
    return _tagged(response, "record", f"head-{head}")


def of_the_software(response: Response) -> Response:
    """A copy is valid for this version of the software."""
    response["Cache-Control"] = f"public, max-age=0, s-maxage={settings.SHARED_CACHE_SECONDS}"
    return _tagged(response, "software")


def for_ever(response: Response) -> Response:
    """Mark the response as immutable: the content at this address never changes."""
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return _tagged(response, "releases")


def has_copy(request: HttpRequest, etag: str) -> bool:
    """Return True if the client's `If-None-Match` lists this ETag, by weak comparison as RFC 9110 requires."""
    tags = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    return etag.removeprefix("W/") in tags


def has_any_copy(request: HttpRequest) -> bool:
    """Return True if the client accepts any existing copy (`If-None-Match: *`)."""
    return request.headers.get("If-None-Match", "").strip() == "*"


def _tagged(response: Response, *tags: str) -> Response:
    response["Surrogate-Key"] = " ".join(tags)  # Fastly, Varnish
    response["Cache-Tag"] = ",".join(tags)  # Cloudflare, Akamai, Bunny
    return response


class CacheHeaders:
    """Middleware: responses without cache headers are not cached, and `Vary` omits the language, which has its own URL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        needless = {"Accept-Language"}  # set by Django; no URL here depends on it, and it differs between browsers
        if response["Cache-Control"].startswith("public"):
            response.cookies.clear()  # Django deletes the cookie of a broken session wherever it finds one
            needless.add("Cookie")
        varied = [name for name in response.get("Vary", "").split(", ") if name and name not in needless]
        del response["Vary"]
        if varied:
            response["Vary"] = ", ".join(varied)
        return response
