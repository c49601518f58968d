"""The database backend `conflict.postgres`: Django's PostgreSQL backend with a server that starts by itself.

A database of this engine has a key of its own, SERVER: {"folder": Path, "durable": bool}.
"""

from typing import Any

from django.db.backends.postgresql import base

from conflict.postgres.client import DatabaseClient
from conflict.postgres.server import server_in


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Django asks for these just before it connects, so this is where the server has to be up."""
        self.settings_dict["HOST"] = server_in(**self.settings_dict["SERVER"]).socket_folder()
        return super().get_connection_params()
