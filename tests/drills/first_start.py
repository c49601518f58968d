"""`python -m tests.drills.first_start`: `make run` as a stranger has it, with the oldest and the newest Python of this machine.

In a fresh copy, as an ordinary user (run by root: as `nobody`): it installs, serves its front page, stops at Ctrl-C, and
starts again without a network. .ci/run runs it. A Python in a folder that is closed to others is read all the same.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from conflict.ops.installer import OLDEST
from tests.drills.starts import LONGEST_START, LONGEST_STOP, checkout, free_port, is_ready, left, wait

NOBODY = 65534
ORDINARY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
READING = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
ASKED = "import ensurepip, sys, venv; print(*sys.version_info[:3])"


class Python(NamedTuple):
    version: tuple[int, ...]
    path: str
    user: tuple[str, ...]  # what the command begins with, so that an ordinary user runs it


def pythons() -> list[Python]:
    """Those that the software may run with, one for each version, oldest first."""
    users = [ORDINARY, ORDINARY + READING] if os.geteuid() == 0 else [()]
    found: dict[tuple[int, ...], Python] = {}
    for path in candidates():
        for user in users:
            done = subprocess.run([*user, path, "-c", ASKED], cwd="/", capture_output=True, text=True, check=False)
            if done.returncode == 0:
                version = tuple(map(int, done.stdout.split()))
                if version >= OLDEST:
                    found.setdefault(version, Python(version, path, user))
                break
    return [found[version] for version in sorted(found)]


def candidates() -> Iterator[str]:
    """Every Python that may be one, by one name each; the shims of pyenv only lead to those beside them."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = [folder for folder in os.environ["PATH"].split(os.pathsep) if Path(folder).name != "shims"]
    names = ["python3", *(f"python3.{minor}" for minor in range(OLDEST[1], 30))]
    seen = set()
    for folder in ("/usr/bin", "/usr/local/bin", *on_path, *map(str, pyenv.glob("*/bin"))):
        for path in (Path(folder) / name for name in names):
            if path.is_file() and path.resolve() not in seen:
                seen.add(path.resolve())
                yield str(path)


def make_run(python: Python, folder: Path, port: int, **variables: str) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name == "LANG"}
    environment = {**kept, "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder.parent), **variables}
    return subprocess.Popen(
        # env: make itself looks whether it may run a program, and does not know of the right to read all.
        [*python.user, "make", "run", f"PYTHON=env {python.path}", f"PORT={port}"],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
        stdout=log(folder).open("wb"), stderr=subprocess.STDOUT,
    )  # fmt: skip


def log(folder: Path) -> Path:
    return folder.with_name("log")


def try_once(python: Python, folder: Path, stop: int, **variables: str) -> None:
    """Raises AssertionError with what was said where anything is not as promised."""
    port = free_port()
    process = make_run(python, folder, port, **variables)
    try:
        wait(time.monotonic() + LONGEST_START, lambda: process.poll() is not None or is_ready(port))
        said = log(folder).read_text()
        assert process.poll() is None, f"it does not start:\n{said}"
        assert is_ready(port), f"it is not ready after {LONGEST_START} s:\n{said}"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
            assert b"</html>" in page.read()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, stop)
        gone = wait(time.monotonic() + LONGEST_STOP, lambda: process.poll() is not None and not left(folder))
    assert gone, f"it left {[' '.join(one.cmdline()) for one in left(folder)]}"
    assert "Traceback" not in log(folder).read_text(), log(folder).read_text()


def main() -> int:
    known = pythons()
    if not known:
        print("No Python on this machine can be used by an ordinary user.")  # noqa: T201
        return 1
    for python in dict.fromkeys((known[0], known[-1])):
        version = ".".join(map(str, python.version))
        with checkout(owner=NOBODY if python.user else None) as folder:
            began = time.monotonic()
            try:
                try_once(python, folder, signal.SIGINT)
                took = time.monotonic() - began
                try_once(python, folder, signal.SIGTERM, PIP_INDEX_URL="http://127.0.0.1:9/")
            except AssertionError as wrong:
                print(f"`make run` with Python {version} ({python.path}): {wrong}", flush=True)  # noqa: T201
                return 1
        print(f"`make run` with Python {version}: good, and again without a network ({took:.0f} s).", flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
