"""Errors outside any view: JSON in the common shape for the API, a page for the website."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg.errors import QueryCanceled

from conflict.api import errors as api
from conflict.pages import errors as pages

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_for_the_api(request):
        return api.bad_request(request)
    return pages.bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 if the database is unreachable or out of connections, or was too slow."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError) and isinstance(fault.__cause__, QueryCanceled):
        log.error("Too slow, and cancelled by the database: %s", request.path)
        return api.too_slow() if is_for_the_api(request) else pages.unavailable(request, is_too_slow=True)
    if api.is_disk_full(fault):
        log.error("There is no space left on the disk: %s", fault)
        return api.disk_full() if is_for_the_api(request) else pages.unavailable(request, disk_is_full=True)
    if isinstance(fault, OperationalError | InterfaceError):
        log.error("The database cannot be reached: %s", fault)
        if is_for_the_api(request):
            return api.unavailable()
        return pages.unavailable(request)
    return api.server_error(request) if is_for_the_api(request) else pages.broken(request)


def is_for_the_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
