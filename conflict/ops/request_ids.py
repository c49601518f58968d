"""Request ids, in responses and logs, so that clients and operators can refer to the same request."""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9_.:-]{1,100}")

current: ContextVar[str] = ContextVar("request_id", default="")


class RequestId:
    """Middleware: uses the id given by a proxy or the client, or makes a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        current.set(name)
        response = self.get_response(request)
        response[HEADER] = name
        return response
