"""Compression of public text: JSON Lines of the whole record shrink to a tenth."""

from typing import TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

Response = TypeVar("Response", bound=HttpResponseBase)

PACKED = (
    "application/octet-stream",
    "application/vnd.openxmlformats",
    "application/vnd.apache.parquet",
    "application/zip",
)


class Gzip(GZipMiddleware):
    max_random_bytes = 0  # nothing here is secret, and equal responses should have equal bytes


gzip = Gzip(lambda request: HttpResponseBase())


def compressed(request: HttpRequest, response: Response) -> Response:
    """Compress the response if the client accepts gzip; not files of releases, which are read in ranges."""
    is_file = "Content-Length" in response and response.streaming
    if response.status_code != 200 or is_file or response["Content-Type"].startswith(PACKED):
        return response
    if not response["Cache-Control"].startswith("public"):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    return cast(Response, gzip.process_response(request, response))
