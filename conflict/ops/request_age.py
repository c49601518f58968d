"""Requests that waited so long for a thread that their client has left: no work is done for them.

The proxy names the moment at which it passed a request on (`X-Request-Start`, see deploy/nginx.conf). If none of the
connections that it still holds received anything at about that moment, the one that the request came over is gone. Only
reading is dropped: what an editor has sent is saved, whether or not they wait for the answer.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conflict.ops.client_connections import IS_KNOWN, Connection, connections

BEGAN = re.compile(r"(?:t=)?(\d{9,11}(?:\.\d{1,6})?)")  # seconds since 1970
LONG = 1.0  # seconds of waiting after which it is worth a look; also how exactly the moments must agree
KEPT_FOR = 60  # seconds


class RequestAge:
    """Seconds since requests began. The least of late is how much the proxy's clock is behind ours, and no waiting."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._least: dict[int, float] = {}  # by minute

    def of(self, header: str) -> float:
        if not (began := BEGAN.fullmatch(header)):
            return 0.0
        now = self._clock()
        minute, seconds = int(now // KEPT_FOR), now - float(began[1])
        self._least = {one: least for one, least in self._least.items() if one >= minute - 1}
        self._least[minute] = min(seconds, self._least.get(minute, seconds))
        return seconds - min(self._least.values())


ages = RequestAge()


def has_left(environ: Mapping[str, Any], port: int, found: Callable[[int], Iterable[Connection]] = connections) -> bool:
    """True if the request has waited, and the connection that it came over has been closed meanwhile."""
    age = ages.of(environ.get("HTTP_X_REQUEST_START", ""))
    if age < LONG or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return False
    return IS_KNOWN and not any(one.is_open and abs(one.silent_for - age) < LONG for one in found(port))
