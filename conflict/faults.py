"""Faults outside any view: the API answers them in its one shape, the website with a page."""

from django.http import HttpRequest, HttpResponse

from conflict.api import errors as api
from conflict.pages import errors as pages


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_for_the_api(request):
        return api.bad_request(request)
    return pages.bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return api.server_error(request) if is_for_the_api(request) else pages.broken(request)


def is_for_the_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
