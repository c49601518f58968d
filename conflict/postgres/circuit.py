"""Circuit breaker of each server: while one is known to be down, connecting fails at once instead of waiting.

Per process and alias. Every few seconds one thread may try; the others go on failing until it has connected. So a
database that hangs holds up one request at a time, and not all those behind it.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable

import psycopg

SLOW = 0.5  # seconds to connect; a refusal that comes sooner holds up nobody
RESTS_FOR = 2.0  # seconds between attempts while a server is down


class Down(psycopg.OperationalError):
    """The server did not answer a moment ago, and is not asked again yet."""


class Circuit:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rests_until: float | None = None  # None while it answers
        self._process = os.getpid()

    @property
    def is_open(self) -> bool:
        return self._rests_until is not None

    def enter(self) -> None:
        """Raises Down unless the caller may try to connect."""
        with self._lock:
            if self._process != os.getpid():  # forked: what the parent was trying is not tried here
                self._process, self._rests_until = os.getpid(), None
            if self._rests_until is None:
                return
            if self._clock() < self._rests_until:
                raise Down("The database did not answer a moment ago; it is tried again in a few seconds.")
            self._rests_until = float("inf")  # until this attempt has ended

    def failed(self) -> None:
        self._rests_until = self._clock() + RESTS_FOR

    def succeeded(self) -> None:
        self._rests_until = None


circuits: defaultdict[str, Circuit] = defaultdict(Circuit)
