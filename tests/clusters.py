"""Additional PostgreSQL servers to replicate, kill or fill up, each in a temporary folder."""

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from conflict.postgres import data_directory
from conflict.postgres.names import SUPERUSER
from conflict.postgres.server import CONFIGURATION

DATABASE = "chronology"
LOGINS = {"DATABASE_URL": "default", "OWNER_DATABASE_URL": "owner", "PUBLIC_DATABASE_URL": "public"}
REPLICATING = {
    "wal_level": "replica",
    "max_wal_senders": "5",
    "hot_standby": "on",
    "wal_receiver_timeout": "2s",
    "wal_retrieve_retry_interval": "200ms",
}
FAST = {"fsync": "off", "wal_buffers": "1MB", "min_wal_size": "32MB", "max_wal_size": "64MB"}


class Cluster:
    """One server, in `home/data`; it listens on a socket in `home`."""

    def __init__(self, home: Path) -> None:
        self.home, self.data = home, home / "data"

    @property
    def programs(self) -> Path:
        return data_directory.programs()

    def initialise(self) -> None:
        self._run("initdb", "-D", self.data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync",
                  "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # fmt: skip

    def configure(self, **more: str) -> None:
        values = {**CONFIGURATION, **REPLICATING, **FAST, "unix_socket_directories": str(self.home), **more}
        (self.data / "postgresql.conf").write_text("".join(f"{name} = '{value}'\n" for name, value in values.items()))

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", self.home / "log")

    def stop(self) -> None:
        if self.is_up:
            self._run("pg_ctl", "stop", "-s", "-m", "immediate", "-D", self.data)

    def kill(self) -> None:
        """-9, the postmaster and whatever it started."""
        postmaster = psutil.Process(self.number)
        for process in (postmaster, *postmaster.children(recursive=True)):
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs([postmaster], timeout=5)

    @property
    def number(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @property
    def is_up(self) -> bool:
        return (self.data / "postmaster.pid").exists() and psutil.pid_exists(self.number)

    def replicate(self, home: Path) -> "Cluster":
        """A running streaming replica of this server."""
        replica = Cluster(home)
        self._run(
            "pg_basebackup", "-h", self.home, "-U", SUPERUSER, "-D", replica.data, "-R", "-c", "fast", "--no-sync"
        )
        replica.configure()
        replica.start()
        return replica

    def connect(self, user: str = SUPERUSER, database: str = DATABASE) -> "psycopg.Connection[Any]":
        return psycopg.connect(host=str(self.home), user=user, dbname=database, autocommit=True)

    def url(self, user: str) -> str:
        return f"postgres://{quote(user)}@{quote(str(self.home), safe='')}:5432/{DATABASE}"

    def urls(self) -> dict[str, str]:
        return {variable: self.url(settings.LOGINS[alias]["USER"]) for variable, alias in LOGINS.items()}

    def create_database(self) -> None:
        """The roles, and an empty database of the owner's."""
        users = sorted({settings.LOGINS[alias]["USER"] for alias in LOGINS.values()})
        with self.connect(database="postgres") as server:
            for user in users:
                server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(user)))
            owner = sql.Identifier(settings.LOGINS["owner"]["USER"])
            server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))

    def fill(self) -> None:
        """With the test's database, and all that is committed there."""
        here = connections["default"].get_connection_params()
        reached = ["-h", here["host"], "-p", str(here.get("port") or 5432), "-U", here["user"], "-d", here["dbname"]]
        self._run("pg_dump", *reached, "-Fc", "-f", self.home / "dump")
        self._run("pg_restore", "-h", self.home, "-U", SUPERUSER, "-d", DATABASE, "-1", self.home / "dump")

    def dump_schema(self, file: Path) -> None:
        self._run("pg_dump", "-h", self.home, "-U", SUPERUSER, "-d", DATABASE, "--schema-only", "-f", file)

    def _run(self, program: str, *arguments: str | Path) -> None:
        code, said = data_directory.tenant().run(self.programs / program, *arguments)
        assert code == 0, f"{program}: {said}\n{self._journal()}"

    def _journal(self) -> str:
        path = self.home / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""


@contextmanager
def folder() -> Iterator[Path]:
    """One that the user of the servers reaches."""
    place = Path(tempfile.mkdtemp(prefix="chronology-", dir="/tmp"))  # paths of sockets must be short
    data_directory.tenant().own(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def running(**configuration: str) -> Iterator[Cluster]:
    """A server with an empty database."""
    with folder() as home:
        cluster = Cluster(home)
        cluster.initialise()
        cluster.configure(**configuration)
        cluster.start()
        try:
            cluster.create_database()
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def furnished(**configuration: str) -> Iterator[Cluster]:
    """A server with a copy of the test's database."""
    with running(**configuration) as cluster:
        cluster.fill()
        yield cluster


def wait_for(what: Any, *, seconds: float = 20.0) -> Any:
    """Until it is true; its value. Fails when that takes too long."""
    give_up_at = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < give_up_at, f"{what} did not come true in {seconds} seconds."
        time.sleep(0.02)
    return found
