"""Middleware that reads from a request which head its sender has seen; nothing is stored about anybody."""

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conflict.postgres.replicas import minimum_head

HEADER = "Record-Head"
NUMBER = re.compile(r"[0-9]{1,18}")
IN_ETAG = re.compile(r'"[0-9a-f]+\.([0-9]{1,18})\.')  # the head within ETags of website and API

named: ContextVar[int] = ContextVar("named", default=0)


class SeenHead:
    """Middleware: notes the head that a request names before anything is read, and that of its response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if "SERVERS" not in settings.DATABASES["public"]:
            raise MiddlewareNotUsed  # a single server never goes backwards
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        named.set(max(numbers(request), default=0))
        response = self.get_response(request)
        if HEADER in response:
            minimum_head.raise_to(int(response[HEADER]))
        return response


def numbers(request: HttpRequest) -> Iterator[int]:
    """Numbers of the heads that the client has seen: as told to it, in its cached copies, and in the changes it has."""
    heads = [request.headers.get(HEADER, ""), *IN_ETAG.findall(request.headers.get("If-None-Match", ""))]
    if request.path.endswith("/changes/"):
        heads.append(request.GET.get("after", ""))
    yield from (int(number) for number in heads if NUMBER.fullmatch(number))
