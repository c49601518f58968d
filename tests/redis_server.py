"""A real Redis server for the tests, on a socket; CI installs the program (.ci/run)."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

PROGRAMS = ("redis-server", "valkey-server")


class RedisServer:
    def __init__(self, folder: Path, program: str, port: int) -> None:
        self.folder, self.program, self.port = folder, program, port
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        give_up_at = time.monotonic() + 10
        while not self.answers():
            assert time.monotonic() < give_up_at, "The Redis server does not answer."
            time.sleep(0.02)

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def running(port: int) -> Iterator[RedisServer]:
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        said = f"None of {', '.join(PROGRAMS)} is installed; on Debian and Ubuntu: apt-get install redis-server."
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder), program, port)
        server.start()
        try:
            yield server
        finally:
            server.kill()
