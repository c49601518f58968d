"""Watchdog process ("keeper") that stops the embedded server when nobody uses it any more.

Every process that uses the server holds a shared lock on the file `lease`. The kernel releases that lock however the
process ends, even after kill -9, so waiting for the exclusive lock means waiting for the last user. Only the standard
library is imported: the keeper lives as long as the server and should use little memory.
"""

import fcntl
import os
import signal
import socket
import sys
import time
from pathlib import Path

PATIENCE_IN_SECONDS = 30
PATIENCE_WITH_A_START = 10


def socket_path(home: Path) -> Path:
    """Path of the server's socket; its folder is named in a file, because socket paths must be short."""
    return Path((home / "socket-folder").read_text()) / ".s.PGSQL.5432"


def is_listening(home: Path) -> bool:
    """True while a server accepts connections on the socket, even if it is only starting or stopping."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_path(home)))
        except OSError:
            return False
        return True


def postmaster(home: Path) -> int | None:
    """Process id recorded by the server, which may be stale."""
    try:
        return int((home / "data" / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return None


def stop(home: Path) -> None:
    """Stop the server, closing open sessions, and wait for its end."""
    _wait_for_its_start(home)
    number = postmaster(home)
    if number is None or not is_listening(home):
        return
    os.kill(number, signal.SIGINT)  # PostgreSQL's "fast shutdown"
    give_up_at = time.monotonic() + PATIENCE_IN_SECONDS
    while postmaster(home) == number and time.monotonic() < give_up_at:
        time.sleep(0.02)


def _wait_for_its_start(home: Path) -> None:
    """Wait for a start in progress: pg_ctl outlives its caller, and what it starts has to be stopped as well."""
    starting = home / "starting"
    give_up_at = time.monotonic() + PATIENCE_WITH_A_START
    while starting.exists() and not is_listening(home) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    starting.unlink(missing_ok=True)


def main(home: Path) -> None:
    # Closed in this order, so that whoever gets the lease finds no keeper that is about to leave.
    with (home / "lease").open("a") as lease, (home / "keeper").open("a") as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # another keeper is on duty
        fcntl.flock(lease, fcntl.LOCK_EX)
        stop(home)


if __name__ == "__main__":
    os.setsid()  # Ctrl-C in the terminal is meant for the server's users, not for its keeper
    os.chdir("/")
    main(Path(sys.argv[1]))
