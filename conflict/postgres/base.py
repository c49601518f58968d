"""Database backend `conflict.postgres`: Django's PostgreSQL backend, plus a server that starts by itself if none is
configured.

A database on that server has an extra key, SERVER: {"folder": Path, "durable": bool}.
"""

import select
from typing import Any

from django.db.backends.postgresql import base

from conflict.postgres.client import DatabaseClient
from conflict.postgres.server import server_in


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Start the embedded server: Django calls this just before it connects."""
        if server := self.settings_dict.get("SERVER"):
            self.settings_dict["HOST"] = server_in(**server).socket_folder()
        return super().get_connection_params()

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
