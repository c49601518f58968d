"""Error responses: each has the same shape, with a message and a link to the documentation."""

import errno
import json
import logging
from http import HTTPStatus
from math import ceil
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from psycopg.errors import DiskFull, QueryCanceled
from rest_framework import exceptions

from conflict.api.headers import allow_reading_from_anywhere
from conflict.public.exceptions import Refusal
from conflict.public.json_responses import error_response
from conflict.public.negotiation import PROBLEM, wants_problems

log = logging.getLogger("django.request")


class NotModified(Exception):  # a response rather than an error
    """Raised if the client's copy is current: 304."""

    def __init__(self, etag: str) -> None:
        self.etag = etag


class CachedAnswer(Exception):  # likewise a response
    """Raised to return a response already cached for the same request under this head."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "throttled",
}


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Exception handler for Django REST framework, which gives every error the same shape."""
    request: HttpRequest = context["request"]._request
    return as_problem_if_asked(request, answer_to(error, request))


def as_problem_if_asked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Turn an error into RFC 9457 problem details, plus our own fields, if the client accepts them."""
    if response.status_code < 400 or not wants_problems(request.META.get("HTTP_ACCEPT", "")):
        return response
    error = json.loads(response.content)
    problem = {
        "type": request.build_absolute_uri(error["docs"]),
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        "detail": error["message"],
        "instance": request.get_full_path(),
    }
    response.content = json.dumps({**problem, **error}, ensure_ascii=False).encode()
    response["Content-Type"] = PROBLEM
    return response


def answer_to(error: Exception, request: HttpRequest) -> HttpResponse:
    match error:
        case NotModified():
            return HttpResponseNotModified(headers={"ETag": error.etag})
        case CachedAnswer():
            return error.response
        case Refusal():
            response = error_response(error.status_code, error.code, error.message, error.field, **error.more)
            for name, value in error.headers.items():
                response[name] = value
            return response
        case exceptions.MethodNotAllowed():
            message = (
                f"{error.args[0] if error.args else request.method} is not possible here: the API is read, not written."
            )
            response = error_response(405, CODES[405], message)
            response["Allow"] = "GET, HEAD, OPTIONS"
            return response
        case exceptions.Throttled():
            wait = max(1, ceil(getattr(error, "wait", None) or 0))
            response = error_response(429, CODES[429], f"Too many requests from your address. Go on in {wait} seconds.")
            response["Retry-After"] = str(wait)
            return response
        case exceptions.APIException():
            return error_response(error.status_code, CODES.get(error.status_code, "refused"), str(error.detail))
        case Http404():
            return error_response(404, CODES[404], "There is nothing at this address.")
        case PermissionDenied():
            return error_response(403, "forbidden", "This may not be read.")
        case SuspiciousOperation():
            return bad_request(request)
        case OperationalError() if isinstance(error.__cause__, QueryCanceled):
            return too_slow()
        case _ if is_disk_full(error):
            log.error("There is no space left on the disk: %s", error)
            return disk_full()
        case OperationalError():
            log.error("The record cannot be reached: %s", error)
            return unavailable()
    return broken(request, error)


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """500: an internal error, logged in full and reported to the client in one sentence."""
    got_request_exception.send(sender=None, request=request)
    if settings.DEBUG_PROPAGATE_EXCEPTIONS:
        raise error
    log.error("Internal error: %s", request.path, exc_info=error, extra={"status_code": 500, "request": request})
    return server_error(request)


def is_disk_full(error: BaseException | None) -> bool:
    """True for the disk of this machine and for that of the database."""
    return (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)) or isinstance(
        getattr(error, "__cause__", None), DiskFull
    )


def disk_full() -> HttpResponse:
    response = error_response(503, "unavailable", "The server has no space left on its disk. Try again later.")
    response["Retry-After"] = "600"
    return response


def too_slow() -> HttpResponse:
    """503: the database cancelled the query."""
    message = "The question takes too long to answer. Narrow it: fewer words, a shorter period, a smaller area."
    return error_response(503, "too_slow", message)


def unavailable() -> HttpResponse:
    """503: the database is unreachable or out of connections."""
    response = error_response(503, "unavailable", "The record cannot be reached at the moment. Try again in a minute.")
    response["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest) -> HttpResponse:
    """For `handler400`: requests that Django itself rejects."""
    message = "The request cannot be read: it has too many parameters, or asks for a host that this is not."
    return as_problem_if_asked(request, allow_reading_from_anywhere(error_response(400, CODES[400], message)))


def server_error(request: HttpRequest) -> HttpResponse:
    """For `handler500`: errors outside the API's own views."""
    response = error_response(
        HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", "The fault is ours. It was noted; please try again later."
    )
    return as_problem_if_asked(request, allow_reading_from_anywhere(response))
