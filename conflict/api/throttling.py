"""Fair use: so many requests a minute from one address, said in every answer."""

import hashlib
import hmac
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # views are made with what authenticates, which counts the keys it refuses
    from rest_framework.views import APIView


class Reading(SimpleRateThrottle):
    """Per client address, which is kept as a keyed hash only and for a minute only."""

    scope = "reading"
    num_requests: int
    duration: int

    def get_rate(self) -> str:
        return f"{settings.API_REQUESTS_PER_MINUTE}/min"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if reads_as(request):
            self.num_requests, self.duration = self.parse_rate(  # type: ignore[assignment]
                f"{settings.API_REQUESTS_PER_MINUTE_WITH_KEY}/min"
            )
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: "APIView | None") -> str:
        return f"api-reading-{reads_as(request) or self.address_of(request)}"

    def address_of(self, request: Request) -> str:
        address = str(self.get_ident(request)).encode()
        return hmac.new(str(settings.SECRET_KEY).encode(), address, hashlib.sha256).hexdigest()

    def describe(self, response: HttpResponseBase) -> None:
        """The rate limit and what is left of it, in the header fields of the IETF draft."""
        used: list[float] = getattr(self, "history", [])
        oldest = used[-1] if used else time.time()
        response["RateLimit-Limit"] = str(self.num_requests)
        response["RateLimit-Remaining"] = str(max(0, self.num_requests - len(used)))
        response["RateLimit-Reset"] = str(max(0, round(oldest + self.duration - time.time())))


def reads_as(request: Request) -> str:
    """The name of the key under which a partner asks; empty for the public, who are counted by address."""
    return str(getattr(request.auth, "reads_as", ""))
