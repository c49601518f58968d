"""Refusals: every status that is not a success is answered in one shape, with a sentence and where to read on."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from psycopg.errors import QueryCanceled
from rest_framework import exceptions, status

from conflict.api.headers import allow_reading_from_anywhere

log = logging.getLogger("django.request")


class Refusal(exceptions.APIException):
    """A request that the API understands and declines; says which parameter, and what to ask instead."""

    status_code: int = status.HTTP_400_BAD_REQUEST
    headers: dict[str, str] = {}

    def __init__(self, message: str, *, code: str = "invalid", field: str | None = None, **more: Any) -> None:
        super().__init__(message, code)
        self.code, self.message, self.field, self.more = code, message, field, more


class NotFound(Refusal):
    """Nothing public has, or ever had, this address."""

    status_code = status.HTTP_404_NOT_FOUND


class Gone(Refusal):
    """An entry that was withdrawn: the answer carries its tombstone."""

    status_code = status.HTTP_410_GONE


class NotModified(Exception):  # an answer rather than an error
    """The client's copy is current: 304."""

    def __init__(self, etag: str) -> None:
        self.etag = etag


class CachedAnswer(Exception):  # an answer too
    """The same was asked before under this head."""

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


def answer(code_of_status: int, code: str, message: str, field: str | None = None, **more: Any) -> HttpResponse:
    """The one shape: `code` for programs, `message` for people, `field` for the parameter, `docs` for more."""
    said = {"code": code, "message": message, "field": field, "docs": reverse("api:docs") + "#errors", **more}
    return HttpResponse(
        json.dumps(said, ensure_ascii=False), status=code_of_status, content_type="application/json", charset="utf-8"
    )


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Django REST framework's exception handler: no exception leaves a view in another shape."""
    request: HttpRequest = context["request"]._request
    match error:
        case NotModified():
            return HttpResponseNotModified(headers={"ETag": error.etag})
        case CachedAnswer():
            return error.response
        case Refusal():
            response = answer(error.status_code, error.code, error.message, error.field, **error.more)
            for name, value in error.headers.items():
                response[name] = value
            return response
        case exceptions.MethodNotAllowed():
            said = (
                f"{error.args[0] if error.args else request.method} is not possible here: the API is read, not written."
            )
            response = answer(405, CODES[405], said)
            response["Allow"] = "GET, HEAD, OPTIONS"
            return response
        case exceptions.Throttled():
            wait = int(getattr(error, "wait", None) or 60) + 1
            response = answer(429, CODES[429], f"Too many requests from your address. Go on in {wait} seconds.")
            response["Retry-After"] = str(wait)
            return response
        case exceptions.APIException():
            return answer(error.status_code, CODES.get(error.status_code, "refused"), str(error.detail))
        case Http404():
            return answer(404, CODES[404], "There is nothing at this address.")
        case PermissionDenied():
            return answer(403, "forbidden", "This may not be read.")
        case SuspiciousOperation():
            return bad_request(request)
        case OperationalError() if isinstance(error.__cause__, QueryCanceled):
            said = "The question takes too long to answer. Narrow it: fewer words, a shorter period, a smaller area."
            return answer(503, "too_slow", said)
        case OperationalError():
            log.error("The record cannot be reached: %s", error)
            return unavailable()
    return broken(request, error)


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """500: a fault of ours. Logged in full for us, said in one sentence to the client."""
    got_request_exception.send(sender=None, request=request)
    if settings.DEBUG_PROPAGATE_EXCEPTIONS:
        raise error
    log.error("Internal error: %s", request.path, exc_info=error, extra={"status_code": 500, "request": request})
    return server_error(request)


def unavailable() -> HttpResponse:
    """503: the database is away, or has no connection to spare."""
    response = answer(503, "unavailable", "The record cannot be reached at the moment. Try again in a minute.")
    response["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest) -> HttpResponse:
    """For `handler400`: what Django itself refuses to read."""
    said = "The request cannot be read: it has too many parameters, or asks for a host that this is not."
    return allow_reading_from_anywhere(answer(400, CODES[400], said))


def server_error(request: HttpRequest) -> HttpResponse:
    """For `handler500`, where a fault lies outside the API's own views."""
    response = answer(
        HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", "The fault is ours. It was noted; please try again later."
    )
    return allow_reading_from_anywhere(response)
