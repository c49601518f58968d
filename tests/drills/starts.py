"""`python -m tests.drills.starts --times 100`: start and stop what `make run` does, in every way that there is.

In a copy of the checkout whose path has spaces, signs of the shell and an accent, at every moment: while it prepares,
while it starts to serve, while it serves. After each stop no process may be left, nothing may hang, and no traceback
may be seen. `make starts`.
"""

import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parents[2]
HARDEST_PATH = "Sofía's (own) 50% #1 & more; *checked* out"
LONGEST_STOP = 30
LONGEST_START = 600
UGLY = re.compile(r"Traceback|Exception ignored|\[ERROR\]|refused to gracefully stop|can't fork")


class Stop(NamedTuple):
    """A way to end it: Ctrl-C reaches everything in the terminal, a service manager only the first process."""

    name: str
    signal: int
    whole_terminal: bool = False


STOPS = [
    Stop("Ctrl-C", signal.SIGINT, whole_terminal=True),
    Stop("SIGTERM", signal.SIGTERM),
    Stop("SIGINT", signal.SIGINT),
    Stop("the terminal is closed", signal.SIGHUP, whole_terminal=True),
    Stop("SIGKILL", signal.SIGKILL),
]


@contextmanager
def checkout(owner: int | None = None, name: str = "a checkout, of its own") -> Iterator[Path]:
    """A copy of this one, where any user may go: as root the database server is `nobody`. `owner` gets all of it."""
    above = Path(tempfile.mkdtemp(prefix="starts-"))
    above.chmod(0o711)
    copy = above / name
    unwanted = shutil.ignore_patterns(".git", ".venv*", "var", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=unwanted, symlinks=True)
    if owner is not None:
        for path in (above, copy, *copy.rglob("*")):
            os.chown(path, owner, owner, follow_symlinks=False)
    try:
        yield copy
    finally:
        for process in left(copy):
            process.kill()
        shutil.rmtree(above, ignore_errors=True)


def left(folder: Path) -> list[psutil.Process]:
    """The processes that work in this folder, or for it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if str(folder) in "\0".join([process.cwd(), *process.cmdline()]):
                found.append(process)
    return found


def start(folder: Path, port: int, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "manage.py", "run_demo"],
            cwd=folder, env={**os.environ, "TRIAL": "1", "PORT": str(port)}, stdout=said, stderr=said,
            stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=as_from_a_terminal,
        )  # fmt: skip


def as_from_a_terminal() -> None:
    """Heed the signals that a shell lets what it starts in the background ignore."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def wait(until: float, done: Callable[[], bool]) -> bool:
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def once(folder: Path, stop: Stop, moment: float | None) -> str:
    """Start it, stop it after `moment` seconds, or a little after it is ready: what went wrong, or nothing."""
    port = free_port()
    log = folder.with_name("log")
    process = start(folder, port, log)
    if moment is None:
        ready = wait(time.monotonic() + LONGEST_START, lambda: process.poll() is not None or is_ready(port))
        if not ready or process.poll() is not None:
            return f"it did not start:\n{log.read_text()}"
        time.sleep(random.uniform(0, 3))  # noqa: S311  # around the worker's start
    else:
        time.sleep(moment)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, stop.signal) if stop.whole_terminal else os.kill(process.pid, stop.signal)
    began = time.monotonic()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        return f"it did not end within {LONGEST_STOP} s:\n{log.read_text()}"
    if not wait(began + LONGEST_STOP, lambda: not left(folder)):
        return "it left: " + ", ".join(f"{one.pid} {' '.join(one.cmdline())}" for one in left(folder))
    if UGLY.search(log.read_text()):
        return f"it said:\n{log.read_text()}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that nothing of it is left
    faults = 0
    with checkout(name=HARDEST_PATH) as folder:
        for number in range(arguments.times):
            stop = STOPS[number % len(STOPS)]
            # The first lot is stopped before it has prepared anything, every second one later on as well.
            early = number < len(STOPS) or number % 2
            moment = random.uniform(0.1, 8) if early else None  # noqa: S311
            wrong = once(folder, stop, moment)
            when = "ready" if moment is None else f"{moment:.1f} s"
            print(f"{number + 1:>4} {stop.name:<24}{when:<8}{wrong or 'good'}", flush=True)  # noqa: T201
            faults += bool(wrong)
            for process in left(folder):
                process.kill()
    print(f"{arguments.times} starts and stops, {faults} faults.")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
