"""`python3 -m conflict.ops.installer`, the first step of `make run` and `make test`."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from conflict.ops import installer

UNREACHABLE = "--index-url http://127.0.0.1:9/\nnothing==1 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A checkout that needs nothing, in a folder whose name has a space."""
    root = tmp_path_factory.mktemp("above") / "a checkout"
    (root / "requirements").mkdir(parents=True)
    (root / "requirements" / "run.txt").write_text("# nothing\n")
    (root / "conflict" / "ops").mkdir(parents=True)
    for name in ("__init__.py", "ops/__init__.py", "ops/installer.py"):
        (root / "conflict" / name).write_text((settings.BASE_DIR / "conflict" / name).read_text())
    return root


def run(root: Path, *given: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "conflict.ops.installer", *(given or ("run",))],
        cwd=root, env={**os.environ, **variables}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


class TestTheInstallation:
    def test_takes_up_one_that_was_broken_off_and_then_has_nothing_to_do(self, checkout):
        (checkout / ".venv" / "bin").mkdir(parents=True)
        (checkout / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
        (checkout / ".venv" / "run.installed").write_text("a hash")

        first, second = run(checkout), run(checkout)

        assert (first.returncode, first.stderr) == (0, "")
        assert "Making a virtual environment in .venv" in first.stdout
        assert installer.works(checkout / ".venv")
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")

    def test_says_in_one_line_that_there_is_no_network(self, checkout):
        (checkout / "requirements" / "test.txt").write_text(UNREACHABLE)

        done = run(checkout, "test", PIP_RETRIES="1")

        assert done.returncode == 1
        assert done.stderr == (
            "Error: requirements/test.txt could not be installed: the package index cannot be reached. "
            "Once installed, no network is needed.\n"
        )

    def test_waits_for_another_one_and_says_so(self, checkout):
        run(checkout)
        with (checkout / "var" / "install.lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            second = subprocess.Popen(
                [sys.executable, "-m", "conflict.ops.installer", "run"], cwd=checkout, stdout=subprocess.PIPE, text=True
            )
            assert second.stdout is not None
            said = second.stdout.readline()
            fcntl.flock(held, fcntl.LOCK_UN)
        with second:
            assert second.wait(60) == 0
            assert said == "Something else is being installed in this checkout; waiting for it …\n"

    def test_refuses_an_older_python_by_its_version(self, monkeypatch):
        monkeypatch.setattr(sys, "version_info", (3, 10, 4))

        assert "Python 3.11 or newer is needed" in str(installer.main("run"))

    def test_says_which_package_debian_lacks(self, monkeypatch, tmp_path):
        said = "The virtual environment was not created successfully because ensurepip is not\navailable."
        monkeypatch.setattr(
            subprocess, "run", lambda *given, **options: subprocess.CompletedProcess(given, 1, stdout=said, stderr="")
        )

        with pytest.raises(installer.Refused, match="apt-get install python3-venv"):
            installer.make(tmp_path)
