"""State of each database server as known to this process: reachable, primary or replica, head."""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass

DOWN_FOR = 5.0  # seconds until a server that did not respond is tried again
BEHIND_FOR = 1.0  # seconds until a server that was behind is tried again
LONGEST_LAG = 5.0  # seconds that a replica may lag behind the primary


@dataclass
class Server:
    name: str
    is_primary: bool = False  # at the last query
    head: int = 0
    rests_until: float = 0.0
    is_down: bool = False
    lags_since: float | None = None

    def answered(self, head: int, *, is_primary: bool, newest: int) -> None:
        self.head, self.is_primary, self.is_down, self.rests_until = head, is_primary, False, 0.0
        if head >= newest:
            self.lags_since = None
        elif self.lags_since is None:
            self.lags_since = time.monotonic()

    def failed(self) -> None:
        self.is_down, self.rests_until = True, time.monotonic() + DOWN_FOR

    def is_behind(self) -> None:
        self.rests_until = time.monotonic() + BEHIND_FOR

    @property
    def lags_too_long(self) -> bool:
        return self.lags_since is not None and time.monotonic() - self.lags_since > LONGEST_LAG

    @property
    def rests(self) -> bool:
        return time.monotonic() < self.rests_until


def in_order(servers: Iterable[Server]) -> list[Server]:
    """Servers in order of preference: replicas in random order, then the primary, then those out of service."""
    return sorted(servers, key=lambda server: (server.rests, server.is_primary, random.random()))  # noqa: S311
