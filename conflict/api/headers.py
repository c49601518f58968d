"""Headers of every API response: CORS and caching."""

from typing import TypeVar

from django.http import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)

READABLE = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "Deprecation",
    "ETag",
    "Last-Modified",
    "Link",
    "Record-Head",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "Sunset",
    "X-Request-ID",
)

# Headers that the documentation tells clients to send, and those that libraries add to every request. Not keys: readers
# of a web page can see whatever it sends.
SENT = (
    "Accept",
    "Cache-Control",
    "Content-Type",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "Pragma",
    "Range",
    "Record-Head",
    "X-Request-ID",
    "X-Requested-With",
)


def allow_reading_from_anywhere(response: Response) -> Response:
    """CORS: scripts of any site may read what is public; nothing here depends on who is asking."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = ", ".join(READABLE)
    return response


def answer_preflight(response: Response) -> Response:
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = ", ".join(SENT)
    response["Access-Control-Max-Age"] = "86400"
    return response
