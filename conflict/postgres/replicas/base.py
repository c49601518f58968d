"""Database backend `conflict.postgres.replicas`: one alias, several servers, chosen for each request.

A database of this engine has a key of its own, SERVERS: a list of what each differs in (HOST, PORT, OPTIONS …).
"""

import logging
import time
from collections import defaultdict
from functools import partial
from typing import Any, NamedTuple

import psycopg
from django.db.backends.postgresql import base

from conflict.postgres.circuit import SLOW, circuits
from conflict.postgres.pools import connection_of_pool
from conflict.postgres.replicas import middleware, minimum_head
from conflict.postgres.replicas.primary_head import ASKED_AGAIN_AFTER, PrimaryHeadWatch, head_of
from conflict.postgres.replicas.server_state import Server, in_order
from conflict.postgres.slow_queries import told_if_slow

PATIENCE = 1.0  # seconds that a reader waits for a server to catch up, or for a connection; then another is tried

log = logging.getLogger(__name__)
_known: dict[str, Server] = {}
_watches: dict[str, PrimaryHeadWatch] = defaultdict(PrimaryHeadWatch)


class ShownMoreBefore(psycopg.OperationalError):
    """The reader has seen a later log than any responding server has."""


class Candidate(NamedTuple):
    server: Server
    connection: Any


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.execute_wrappers.append(told_if_slow)
        self._ways = {}
        for number, given in enumerate(settings_dict["SERVERS"], start=1):
            options = {**settings_dict["OPTIONS"], **given.get("OPTIONS", {})}
            way = base.DatabaseWrapper({**settings_dict, **given, "OPTIONS": options}, f"{alias} {number}")
            self._ways[_server_name(way)] = way
        self._server = Server("none yet")
        self._watch = _watches[alias]

    @property
    def servers(self) -> list[Server]:
        return [_known.setdefault(name, Server(name)) for name in self._ways]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect to the first suitable server (see the package). Raises psycopg.OperationalError if none responds, and at
        once while none did a moment ago.
        """
        circuit = circuits[self.alias]
        circuit.enter()
        began = time.monotonic()
        try:
            connection = self._connect_to_one()
        except psycopg.OperationalError as fault:
            if not isinstance(fault, ShownMoreBefore) and time.monotonic() - began > SLOW:
                circuit.failed()
            else:
                circuit.succeeded()
            raise
        except BaseException:
            circuit.succeeded()
            raise
        circuit.succeeded()
        return connection

    def _connect_to_one(self) -> Any:
        give_up_at = time.monotonic() + PATIENCE
        while (chosen := self._chosen(is_last_try=time.monotonic() >= give_up_at)) is None:
            time.sleep(0.05)
        self._server, way = chosen.server, self._ways[chosen.server.name]
        self.isolation_level = way.isolation_level  # type: ignore[attr-defined]  # missing from the stubs
        return chosen.connection

    def is_usable(self) -> bool:
        """Check a persistent connection. Django calls this at the start of each request."""
        if self.connection is None:
            return False
        try:
            self._ask(Candidate(self._server, self.connection))
        except psycopg.Error:
            self._server.failed()
            return False
        if not self._will_do(self._server):
            self._server.is_behind()
            return False
        if self._server.is_primary and any(not other.rests for other in self.servers if other is not self._server):
            return False  # it was a last resort; perhaps a replica is available again
        minimum_head.raise_to(self._server.head)
        return True

    def out_of_service(self) -> list[str]:
        """One sentence for each server that does not respond or lags behind; queries all of them."""
        found = []
        for server in self.servers:
            try:
                self._release(self._connected(server))
            except psycopg.Error:
                server.failed()
                found.append(f"The readers' server {server.name} does not answer.")
            else:
                if server.lags_too_long:
                    found.append(f"The readers' server {server.name} is behind the primary.")
        return found

    def _chosen(self, *, is_last_try: bool) -> Candidate | None:
        others: list[Candidate] = []
        fault: psycopg.Error | None = None
        for server in in_order(self.servers):
            if server.is_down and server.rests and others:
                continue
            try:
                candidate = self._connected(server)
            except psycopg.Error as away:
                server.failed()
                log.warning("The readers' server %s does not answer: %s", server.name, type(away).__name__)
                fault = away
                continue
            if self._will_do(server):
                self._release(*others)
                minimum_head.raise_to(server.head)
                return candidate
            server.is_behind()
            others.append(candidate)
        if not others:
            raise fault or psycopg.OperationalError("No server of the readers' is configured.")
        return self._last_resort(others, is_last_try=is_last_try)

    def _last_resort(self, found: list[Candidate], *, is_last_try: bool) -> Candidate | None:
        """The newest of the lagging servers; None to wait a little longer."""
        best = max(found, key=lambda candidate: candidate.server.head)
        self._release(*(candidate for candidate in found if candidate is not best))
        head, shown = best.server.head, minimum_head.current()
        if head >= max(shown, self._named):
            return best  # it lags, but not behind anything shown before
        if not is_last_try:
            self._release(best)
            return None
        if head < self._named:
            self._release(best)
            raise ShownMoreBefore(
                f"The reader has seen publication {self._named}; the servers that answer end with {head}."
            )
        log.error(
            "Publication %s was shown, but the servers that answer end with %s: reading goes on there.", shown, head
        )
        minimum_head.lower_to(head)
        return best

    def _will_do(self, server: Server) -> bool:
        return server.head >= max(minimum_head.current(), self._named) and not server.lags_too_long

    @property
    def _named(self) -> int:
        """Head that the request names, but not beyond the primary's: an invented number would send everybody there."""
        number = middleware.named.get()
        if number > self._watch.newest:
            self._look(at_most=ASKED_AGAIN_AFTER)
        return min(number, self._watch.newest) if self._watch.sees_primary else number

    def _connected(self, server: Server) -> Candidate:
        way = self._ways[server.name]
        if server.is_down and way.pool:
            _opened(way).close()  # raises at once if the server is down, while a pool would keep trying
            if old := self._connection_pools.pop(way.alias, None):  # type: ignore[attr-defined]
                old.close(timeout=0)
        candidate = Candidate(server, _taken(way))
        try:
            if not way.pool:
                candidate.connection.autocommit = True
            self._ask(candidate)
        except psycopg.Error:
            self._release(candidate)
            raise
        return candidate

    def _ask(self, candidate: Candidate) -> None:
        self._look()
        head, is_primary = head_of(candidate.connection)
        candidate.server.answered(head, is_primary=is_primary, newest=self._watch.newest)

    def _look(self, **named: float) -> None:
        self._watch.look([partial(_opened, way) for way in self._ways.values()], **named)

    def _release(self, *candidates: Candidate) -> None:
        for server, connection in candidates:
            if pool := self._ways[server.name].pool:
                pool.putconn(connection)
            else:
                connection.close()

    # Django's backend returns connections to the pool of its alias; ours belongs to the pool of its server.

    @property
    def pool(self) -> Any:
        return next(iter(self._ways.values())).pool

    def close_pool(self) -> None:
        for way in self._ways.values():
            way.close_pool()


def _server_name(way: base.DatabaseWrapper) -> str:
    """Name of a server for logs, without login and password."""
    return f"{way.settings_dict['HOST'] or 'localhost'}:{way.settings_dict['PORT'] or 5432}/{way.settings_dict['NAME']}"


def _taken(way: base.DatabaseWrapper) -> Any:
    take = partial(way.get_new_connection, way.get_connection_params())
    return connection_of_pool(take, partial(_opened, way), PATIENCE) if way.pool else take()


def _opened(way: base.DatabaseWrapper) -> Any:
    return psycopg.connect(**{**way.get_connection_params(), "autocommit": True})
