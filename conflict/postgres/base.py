"""The database backend `conflict.postgres`: Django's PostgreSQL backend, and where none is named, a server that starts by itself.

A database on that server has a key of its own, SERVER: {"folder": Path, "durable": bool}.
"""

import select
from typing import Any

from django.db.backends.postgresql import base

from conflict.postgres.client import DatabaseClient
from conflict.postgres.server import server_in


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Django asks for these just before it connects, so this is where the server has to be up."""
        if server := self.settings_dict.get("SERVER"):
            self.settings_dict["HOST"] = server_in(**server).socket_folder()
        return super().get_connection_params()

    def is_usable(self) -> bool:
        """Django asks at the start of each request, of a connection that was kept, and then has `SELECT 1` answered.

        A connection at rest has nothing to read until the server says that it ends, or is gone. To look for that takes
        no round trip, which is half of what an answer from memory costs.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if line.poll(0) else True
