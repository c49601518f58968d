"""Deprecation notices for parts of the API that still work, sent as response headers (RFC 9745, RFC 8594)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecation:
    """Date since when something is deprecated, and the date from which it may be refused: at least twelve months later."""

    since: datetime
    until: datetime

    def describe(self, request: HttpRequest, response: HttpResponseBase) -> None:
        response["Deprecation"] = f"@{int(self.since.timestamp())}"
        response["Sunset"] = http_date(self.until.timestamp())
        docs = request.build_absolute_uri(reverse("api:docs") + "#stability")
        links = [response["Link"]] if "Link" in response else []
        response["Link"] = ", ".join([*links, f'<{docs}>; rel="deprecation"; type="text/html"'])


PLURALS_OF_CLAIMS = Deprecation(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC))
