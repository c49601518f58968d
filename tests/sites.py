"""The software under its application server, as in docs/install.md, in separate processes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from tests.clusters import wait_for

HOST = "chronology.example"
ENVIRONMENT = {
    "SECRET_KEY": "a-long-text-for-the-tests-of-processes-0123456789",
    "ALLOWED_HOSTS": HOST,
    "BEHIND_PROXY": "1",
    "DJANGO_SETTINGS_MODULE": "tests.public_site",
    "PYTHONPATH": str(settings.BASE_DIR),
}


class Answer(NamedTuple):
    status: int
    headers: Any
    text: str

    @property
    def head(self) -> int:
        return int(self.headers["Record-Head"])


class Site:
    """Asked as by the proxy in front of it."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.process = port, process

    def get(self, path: str, **headers: str) -> Answer:
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            **{name.replace("_", "-"): v for name, v in headers.items()},
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, refusal.headers, refusal.read().decode())

    def heads(self, times: int = 12) -> list[int]:
        return [self.get("/api/v1/").head for _ in range(times)]


@contextmanager
def served(*options: str, log: Any = subprocess.DEVNULL, threads: int = 2, **variables: str) -> Iterator[Site]:
    """Two workers on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--threads", str(threads), "--seconds-to-finish", "1", *options],
        cwd=settings.BASE_DIR, env={**ENVIRONMENT, **variables}, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for(lambda: process.poll() is None and listens(port), seconds=60)
        yield Site(port, process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too
        process.wait()


class Worker:
    """`manage.py worker`, and what it has logged."""

    def __init__(self, process: "subprocess.Popen[bytes]", path: Path) -> None:
        self.process, self.path = process, path

    @property
    def log(self) -> str:
        return self.path.read_text()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


@contextmanager
def worker(**variables: str) -> Iterator[Worker]:
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=settings.BASE_DIR, env={**ENVIRONMENT, **variables}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield Worker(process, Path(log.name))
        finally:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
