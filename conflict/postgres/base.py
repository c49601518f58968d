"""Database backend `conflict.postgres`: Django's PostgreSQL backend, plus a server that starts by itself if none is
configured.

A database on that server has an extra key, SERVER: {"folder": Path, "durable": bool}.
"""

import select
import time
from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

from conflict.postgres.circuit import SLOW, circuits
from conflict.postgres.client import DatabaseClient
from conflict.postgres.pools import connection_of_pool
from conflict.postgres.server import server_in
from conflict.postgres.slow_queries import told_if_slow

PATIENCE = 10  # seconds that a request waits for a connection of the pool to be free


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.execute_wrappers.append(told_if_slow)

    def get_connection_params(self) -> dict[str, Any]:
        """Start the embedded server: Django calls this just before it connects."""
        if server := self.settings_dict.get("SERVER"):
            self.settings_dict["HOST"] = server_in(**server).socket_folder()
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; raises psycopg.OperationalError at once while the server is known to be down."""
        circuit = circuits[self.alias]
        was_down = circuit.is_open
        circuit.enter()
        began = time.monotonic()
        try:
            if not self.pool:
                connection = super().get_new_connection(conn_params)
            else:
                knock = partial(psycopg.connect, **conn_params)
                if was_down:
                    knock().close()
                connection = connection_of_pool(partial(super().get_new_connection, conn_params), knock, PATIENCE)
        except BaseException as fault:
            # A refusal that comes at once holds up nobody, and a pool may merely be exhausted.
            is_slow = time.monotonic() - began > SLOW and not isinstance(fault, PoolTimeout)
            if isinstance(fault, psycopg.Error) and (was_down or is_slow):
                circuit.failed()
            else:
                circuit.succeeded()
            raise
        circuit.succeeded()
        return connection

    def is_usable(self) -> bool:
        """Check a persistent connection without a query.

        Django calls this at the start of each request, and would run `SELECT 1`.

        An idle connection has nothing to read until the server closes it or is gone. Checking for that saves a round
        trip, which is half the cost of a cached response.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if line.poll(0) else True
