"""Servers under measurement: one worker each, on a free port of the loopback, stopped when done."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.client import fetch
from tests.benchmarks.databases import FOLDER, ROOT

BIN = Path(sys.executable).parent
THREADS = 4


@dataclass
class Server:
    name: str
    port: int
    process: "subprocess.Popen[bytes]"

    def memory(self) -> int:
        """Bytes of its own that all its processes hold (what they share, counted once)."""
        processes = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        return sum(process.memory_full_info().pss for process in processes)


@contextmanager
def gunicorn(
    application: str, environment: Mapping[str, str], *, ready: str, workers: int = 1, threads: int = THREADS
) -> Iterator[Server]:
    command = [BIN / "gunicorn", application, "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--preload", "--no-control-socket", "--log-level", "warning", "--keep-alive", "60", "--worker-connections", "1000", "--bind"]  # fmt: skip
    with _running(f"gunicorn {application}", command, "127.0.0.1:{port}", environment, ready) as server:
        yield server


@contextmanager
def granian(
    application: str, environment: Mapping[str, str], *, ready: str, workers: int = 1, threads: int = THREADS
) -> Iterator[Server]:
    command = [BIN / "granian", application, "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", "--host", "127.0.0.1", "--port"]  # fmt: skip
    with _running(f"granian {application}", command, "{port}", environment, ready) as server:
        yield server


@contextmanager
def datasette(file: Path, *, ready: str) -> Iterator[Server]:
    command = [BIN / "datasette", "serve", file, "--setting", "max_returned_rows", "1000", "--setting", "default_page_size", "100", "--setting", "default_cache_ttl", "0", "--setting", "suggest_facets", "off", "--port"]  # fmt: skip
    with _running("datasette", command, "{port}", {}, ready) as server:
        yield server


@contextmanager
def _running(
    name: str, command: Sequence[object], binding: str, environment: Mapping[str, str], ready: str
) -> Iterator[Server]:
    port = _free_port()
    journal = FOLDER / f"{name.replace(' ', '-')}.log"
    with journal.open("wb") as log:
        process = subprocess.Popen(
            [*map(str, command), binding.format(port=port)],
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(process, port, ready, journal)
        yield Server(name, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, path: str, journal: Path) -> None:
    give_up_at = time.monotonic() + 90
    said = ""
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            answer = fetch(port, path)
        except OSError:
            time.sleep(0.2)
            continue
        if answer.status == 200:
            return
        said = f"{answer.status} {answer.body[:300]!r}"
        time.sleep(0.5)
    raise RuntimeError(f"The server does not answer {path} with 200: {said}\n{journal.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
