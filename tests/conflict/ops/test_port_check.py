"""The port check of `make run`."""

import re
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from conflict.ops import port_check
from tests import processes


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


class TestThePort:
    def test_is_fine_when_nobody_listens_on_it(self, taken):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = probe.getsockname()[1]

        assert port_check.problem_with_port(str(free)) is None

    def test_that_is_taken_is_named_with_the_way_out(self, taken):
        said = port_check.problem_with_port(str(taken))

        assert said is not None
        assert f"Port {taken} cannot be used" in said
        assert re.search(r"make run PORT=\d+", said)

    def test_that_is_for_root_alone_is_told_with_one_that_is_not(self, monkeypatch):
        def refusal(port: int, host: str) -> OSError | None:
            return PermissionError(13, "Permission denied") if port < 1024 else None

        monkeypatch.setattr(port_check, "_refusal", refusal)

        assert port_check.problem_with_port("80") == (
            "Port 80 cannot be used (ports below 1024 are for root). Choose another: make run PORT=8001"
        )

    def test_that_is_the_last_one_is_not_followed_by_none(self, monkeypatch):
        monkeypatch.setattr(
            port_check, "_refusal", lambda number, host: OSError(98, "in use") if number == 65535 else None
        )

        assert str(port_check.problem_with_port("65535")).endswith("make run PORT=8001")

    @pytest.mark.parametrize("nonsense", ["", "http", "0", "70000", "-1", "²"])
    def test_that_is_no_port_is_refused(self, nonsense):
        assert "must be a whole number" in str(port_check.problem_with_port(nonsense))

    def test_is_checked_before_anything_is_installed(self, taken):
        done = subprocess.run(
            [sys.executable, "-S", "-m", "conflict.ops.port_check", str(taken)],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1

    def test_is_checked_by_the_demo_before_it_starts_anything(self, taken):
        done = subprocess.run(
            [sys.executable, "manage.py", "run_demo"],
            cwd=settings.BASE_DIR,
            env={"TRIAL": "1", "PORT": str(taken), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

        assert done.returncode == 1
        assert done.stdout == ""
        assert f"Port {taken} cannot be used" in done.stderr
        assert "Traceback" not in done.stderr

    def test_is_never_shared_with_who_has_it(self, taken):
        done = processes.run("manage.py", "serve", "--port", str(taken))

        assert done.returncode == 1
        assert f"Port {taken} cannot be used" in done.stderr
        assert f"--port {taken + 1}" in done.stderr
