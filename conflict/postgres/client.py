"""`manage.py dbshell` on the embedded server, with the psql of the wheel."""

from collections.abc import Iterable

from django.db.backends.postgresql import client

from conflict.postgres import data_directory


class DatabaseClient(client.DatabaseClient):
    def runshell(self, parameters: Iterable[str]) -> None:
        if "SERVER" in self.connection.settings_dict:
            self.connection.get_connection_params()  # starts the server and finds its socket
            self.executable_name = str(data_directory.programs() / "psql")
        super().runshell(parameters)
