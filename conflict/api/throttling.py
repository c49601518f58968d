"""Fair use: so many requests a minute from one address, said in every answer."""

import hashlib
import hmac
import time

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class Reading(SimpleRateThrottle):
    """Per client address, which is kept as a keyed hash only and for a minute only."""

    scope = "reading"

    def get_rate(self) -> str:
        return f"{settings.API_REQUESTS_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        address = self.get_ident(request).encode()
        return "api-reading-" + hmac.new(settings.SECRET_KEY.encode(), address, hashlib.sha256).hexdigest()

    def describe(self, response: HttpResponseBase) -> None:
        """The rate limit and what is left of it, in the header fields of the IETF draft."""
        used: list[float] = getattr(self, "history", [])
        oldest = used[-1] if used else time.time()
        response["RateLimit-Limit"] = str(self.num_requests)
        response["RateLimit-Remaining"] = str(max(0, self.num_requests - len(used)))
        response["RateLimit-Reset"] = str(max(0, round(oldest + self.duration - time.time())))
