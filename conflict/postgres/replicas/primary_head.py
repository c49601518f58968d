"""The primary's head, queried by each process once a second; more often only for requests that claim a later head."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from conflict.postgres.replicas.server_state import DOWN_FOR

ASKED_EVERY = 1.0  # seconds
ASKED_AGAIN_AFTER = 0.05  # seconds; if a request claims a later head
WAITED_FOR = 0.5  # seconds; less than conflict.ops.monitor_share takes to call everything stuck
# For any server: the head of its log, and whether it is the primary.
HEAD = "SELECT coalesce(max(number), 0), NOT pg_is_in_recovery() FROM record_publication"

Connect = Callable[[], "psycopg.Connection[Any]"]
log = logging.getLogger(__name__)


def head_of(connection: "psycopg.Connection[Any]") -> tuple[int, bool]:
    for head, is_primary in connection.execute(HEAD):
        return int(head), bool(is_primary)
    raise psycopg.InterfaceError("The server did not say where its log ends.")


class PrimaryHeadWatch:
    """This process's connection to the primary, separate from those that serve readers."""

    def __init__(self) -> None:
        self.newest = 0
        self.sees_primary = False
        self._connection: psycopg.Connection[Any] | None = None
        self._process = os.getpid()
        self._asked_at = self._rests_until = float("-inf")
        self._lock = threading.Lock()

    def look(self, servers: Iterable[Connect], *, at_most: float = ASKED_EVERY) -> None:
        """Query the head again, unless the last result is recent enough or another thread is already querying."""
        now = time.monotonic()
        if now - self._asked_at < at_most or now < self._rests_until or not self._lock.acquire(blocking=False):
            return
        self._asked_at = now
        # In a thread of its own: a primary that hangs would take the one that serves a reader with it.
        asking = threading.Thread(target=self._ask_and_release, args=(list(servers),), daemon=True)
        asking.start()
        asking.join(WAITED_FOR)

    def _ask_and_release(self, servers: list[Connect]) -> None:
        try:
            self._ask(servers)
        finally:
            self._lock.release()

    def _ask(self, servers: Iterable[Connect]) -> None:
        if self._process != os.getpid():
            self._process, self._connection = os.getpid(), None  # never use the parent's connection
        held = self._connection
        for connect in [*([lambda: held] if held else []), *servers]:
            try:
                connection = connect()
                head, is_primary = head_of(connection)
            except psycopg.Error:
                continue
            if is_primary:
                self.newest, self.sees_primary, self._connection = head, True, connection
                return
            connection.close()
        self._connection = None
        self._rests_until = time.monotonic() + DOWN_FOR
        was_seen, self.sees_primary = self.sees_primary, False
        if was_seen:
            log.warning("The primary does not answer; reading goes on from its replicas.")
