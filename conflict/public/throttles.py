"""Rate limits: requests per minute from one address, reported in every response.

Counted in fixed periods, with the last one weighted by its remaining share of the sliding window. Each request
increments one number atomically, so processes that share a cache count together, and a large limit costs no more than a
small one.
"""

import hashlib
import hmac
import ipaddress
import time
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # views are built with the authentication, which counts the keys that it rejects
    from rest_framework.views import APIView


class ReadThrottle(SimpleRateThrottle):
    """Throttle per client address, which is stored only as a keyed hash, for two minutes."""

    scope = "reading"
    num_requests: int
    duration: int
    used = 0.0
    here = before = 0  # requests counted in this period, and in the previous one
    seconds_left = 0.0

    def get_rate(self) -> str:
        return f"{settings.API_REQUESTS_PER_MINUTE}/min"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if reads_as(request):
            self.num_requests, self.duration = self.parse_rate(  # type: ignore[assignment]
                f"{settings.API_REQUESTS_PER_MINUTE_WITH_KEY}/min"
            )
        return self.is_within(self.get_cache_key(request, view))

    def is_within(self, name: str) -> bool:
        """Count one more request under this name.

        Rejected requests do not count, so a client that slows down is served again.
        """
        period, passed = divmod(time.time(), self.duration)
        self.seconds_left = self.duration - passed
        here = f"{name}-{period:.0f}"
        self.before = int(cache.get(f"{name}-{period - 1:.0f}", 0))
        self.here = increment(here, 1, self.duration * 2)
        self.used = self.here + self.before * self.seconds_left / self.duration
        if self.used > self.num_requests:
            self.here = increment(here, -1, self.duration * 2)
            return False
        return True

    def wait(self) -> float:
        """Seconds until one more request is within the limit, if none is sent until then."""
        room, left = self.num_requests - 1, self.seconds_left
        if self.here > room:  # once the count of this period, by then the previous one, weighs little enough
            left += self.duration * (1 - room / self.here)
        elif self.before:
            left -= self.duration * (room - self.here) / self.before
        return max(0.0, round(left, 3))

    def get_cache_key(self, request: Request, view: "APIView | None") -> str:
        return name_of(reads_as(request) or self.address_of(request))

    def address_of(self, request: Request | HttpRequest) -> str:
        given = str(self.get_ident(request))  # type: ignore[arg-type]  # it only reads META, which both have
        return hmac.new(str(settings.SECRET_KEY).encode(), network_of(given).encode(), hashlib.sha256).hexdigest()

    def describe(self, response: HttpResponseBase) -> None:
        """Add the IETF draft's headers: the limit, what remains of it, and the seconds until all of it is back."""
        response["RateLimit-Limit"] = str(self.num_requests)
        response["RateLimit-Remaining"] = str(max(0, int(self.num_requests - self.used)))
        response["RateLimit-Reset"] = str(ceil(self.seconds_left + (self.duration if self.here else 0)))


def recount(request: HttpRequest, response: HttpResponse) -> bool:
    """Count a request that the cache answered and set the throttle's headers; False if it is one too many."""
    throttle = ReadThrottle()
    is_within = throttle.is_within(name_of(throttle.address_of(request)))
    throttle.describe(response)
    return is_within


def name_of(reader: str) -> str:
    """Name for counting reads, from a key or a hashed address."""
    return f"api-reading-{reader}"


def increment(name: str, by: int, seconds: int) -> int:
    """Atomically increment the number under this name, starting from zero."""
    try:
        return cache.incr(name, by)
    except ValueError:
        cache.add(name, 0, seconds)
        try:
            return cache.incr(name, by)
        except ValueError:  # evicted at once, by a full cache
            return by


def reads_as(request: Request) -> str:
    """Name of the key that a partner uses; empty for the public, who are counted by address."""
    return str(getattr(request.auth, "reads_as", ""))


def network_of(address: str) -> str:
    """An IPv4 address unchanged; for IPv6, the 64-bit network assigned to one subscriber."""
    try:
        given = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address
    if given.version == 4:
        return str(given)
    if given.ipv4_mapped:
        return str(given.ipv4_mapped)
    return str(ipaddress.ip_network((given, 64), strict=False))
