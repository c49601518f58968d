"""Embedded PostgreSQL for the benchmarks, with a database per size, created once and kept under `var/bench`."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from conflict.postgres import data_directory
from conflict.postgres.names import DESK, OWNER, PUBLIC, SUPERUSER
from conflict.postgres.server import server_in

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
SERVER = server_in(FOLDER / "postgres")
LOGINS = {"DATABASE_URL": DESK, "OWNER_DATABASE_URL": OWNER, "PUBLIC_DATABASE_URL": PUBLIC}
# What somebody with so much data would set; everything else is the software's own configuration.
CONFIGURATION = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "maintenance_work_mem": "256MB",
    "max_connections": "100",
}


@dataclass(frozen=True)
class Database:
    """The database of one size and seed. Its name holds the generator's hash: another generator fills another one."""

    events: int
    seed: int = 1
    suffix: str = ""

    @property
    def name(self) -> str:
        made_by = hashlib.sha256((Path(__file__).parent / "world.py").read_bytes()).hexdigest()[:8]
        return f"bench_{self.events}_{self.seed}_{made_by}{self.suffix}"

    def urls(self) -> dict[str, str]:
        """The three logins, as variables of the environment."""
        host = quote(socket_folder(), safe="")
        return {variable: f"postgres://{login}@{host}/{self.name}" for variable, login in LOGINS.items()}

    def environment(self) -> dict[str, str]:
        """Settings under which programs of ours serve or change this database as a public site would."""
        return {
            **self.urls(),
            "DJANGO_SETTINGS_MODULE": "conflict.settings",
            "DEBUG": "0",  # the settings of this process have set it
            "SECRET_KEY": "a-long-text-for-the-benchmarks-that-keeps-no-secret-0123456789",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "0",
            "API_REQUESTS_PER_MINUTE": "1000000",
            "LOG_LEVEL": "WARNING",
        }

    def connect(self, login: str = OWNER) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=socket_folder(), user=login, dbname=self.name, autocommit=True)

    def exists(self) -> bool:
        with administrator() as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone())

    def create(self) -> None:
        self.drop()
        with administrator() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(self.name), sql.Identifier(OWNER))
            )

    def drop(self) -> None:
        with administrator() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def rename(self, to: "Database") -> None:
        with administrator() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(self.name), sql.Identifier(to.name))
            )

    def copied(self, suffix: str) -> "Database":
        """A copy to change and throw away."""
        copy = Database(self.events, self.seed, suffix)
        copy.drop()
        with administrator() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
                    *map(sql.Identifier, (copy.name, self.name, OWNER))
                )
            )
        return copy

    def bytes(self) -> int:
        with administrator() as connection:
            row = connection.execute("SELECT pg_database_size(%s)", [self.name]).fetchone()
            return int(str(row[0])) if row else 0


def set_up_django(database: Database) -> None:
    """Point this process at the database; before any model is imported."""
    import django

    os.environ.update(database.environment())
    django.setup()


def socket_folder() -> str:
    folder = SERVER.socket_folder()
    if not _is_configured(folder):
        _configure(folder)
    return folder


_configured: set[str] = set()


def _is_configured(folder: str) -> bool:
    if folder not in _configured:
        with psycopg.connect(host=folder, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            row = connection.execute("SELECT current_setting('shared_buffers')").fetchone()
        if row and row[0] == CONFIGURATION["shared_buffers"]:
            _configured.add(folder)
    return folder in _configured


def _configure(folder: str) -> None:
    with psycopg.connect(host=folder, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        for name, value in CONFIGURATION.items():
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    data = SERVER.folder.resolve() / "data"
    code, said = data_directory.tenant().run(
        data_directory.programs() / "pg_ctl", "restart", "-w", "-s", "-D", data, "-l", data / "server.log"
    )
    if code:
        raise RuntimeError(f"The server of the benchmarks does not start again: {said}")


def administrator() -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=socket_folder(), user=SUPERUSER, dbname="postgres", autocommit=True)
