"""Requests that a server answers to itself when it starts, before its processes are forked.

Whatever is made at the first request of a kind is then made once, in memory that the processes share, and no reader waits for
it. Measured by `make memory`.
"""

import logging
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpResponseBase
from django.urls import resolve, reverse
from django.utils import translation

from conflict.public import queries

PAGES = ("home", "chronology", "map", "actors", "places", "sources", "changes", "search")
API = ("/api/v1/", "/api/v1/events/?page_size=100")

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Answer one request of each kind, and close all connections, which a forked process must not inherit."""
    try:
        for path, response in answers():
            if response.status_code >= 400:
                log.warning("Before serving, %s was answered with %s.", path, response.status_code)
    except Exception as fault:  # the database may be away: serving begins all the same
        log.warning("Nothing could be prepared before serving: %s", " ".join(str(fault).split()))
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL


def answers() -> Iterator[tuple[str, HttpResponseBase]]:
    """Each address with its answer, made by the view alone: nothing is logged, and nobody's reading counted."""
    newest = queries.events().order_by("-sorts_on", "-key").values_list("key", flat=True).first()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            paths = [reverse(name) for name in PAGES]
            if newest:
                paths += [reverse("event", args=[newest]), f"{reverse('search')}?q={newest}"]
            for path in paths:
                yield path, _answer(path)
    for path in API:
        yield path, _answer(path)


def _answer(path: str) -> HttpResponseBase:
    """As the readers' proxy asks, so that what is kept of it is kept for them."""
    environ: dict[str, Any] = {"HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"}
    environ["PATH_INFO"], _, environ["QUERY_STRING"] = path.partition("?")
    environ["HTTPS"] = "on" if settings.HTTPS else "off"
    setup_testing_defaults(environ)
    found = resolve(environ["PATH_INFO"])
    response: HttpResponseBase = found.func(WSGIRequest(environ), *found.args, **found.kwargs)
    return response
