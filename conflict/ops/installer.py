"""`python3 -m conflict.ops.installer NAME [FOLDER]`: install the packages locked in requirements/NAME.txt into a virtual
environment.

Runs on any Python 3 with nothing installed, before everything else. An existing environment is left alone, without
using the network. Simultaneous runs wait for each other, and an interrupted one is resumed.
"""

from __future__ import annotations  # older versions of Python have to reach the message that rejects them

import fcntl
import hashlib
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
# For each lock file: the message shown while installing it, and the options of pip.
LOCKS = {
    "run": ("what the software needs (half a minute or so)", ()),
    "test": ("what the tests need (a minute or two)", ()),
    "bench": ("what is compared with and measured by (a minute or so)", ()),
    "clients": ("the programs that try the API (a minute or two)", ("--no-deps",)),  # its lock file omits PyICU
    "lock": ("what resolves and locks", ()),
}


class Refused(Exception):
    """Error message for the console."""


def install(name: str, folder: Path) -> None:
    if sys.version_info < OLDEST:
        raise Refused(
            f"Python {'.'.join(map(str, OLDEST))} or newer is needed, and {sys.executable} is "
            f"{sys.version.split()[0]}. Name another: make PYTHON=python3.12 …"
        )
    lock = ROOT / "requirements" / f"{name}.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    done = folder / f"{name}.installed"
    with turn("install", "Something else is being installed in this checkout; waiting for it …"):
        if not works(folder):
            make(folder)
        elif done.exists() and done.read_text() == wanted:
            return
        fetch(name, lock, folder)
        if name == "clients":
            share(folder)
        done.write_text(wanted)


@contextmanager
def turn(name: str, waiting: str) -> Iterator[None]:
    """Lock that admits one installation at a time per checkout. `waiting` is shown to those who have to wait."""
    place = ROOT / "var" / f"{name}.lock"
    place.parent.mkdir(exist_ok=True)
    with place.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # explicit: closing leaves it to children forked meanwhile


def works(folder: Path) -> bool:
    """False if the environment is missing, incomplete, or was made for another version of Python."""
    try:
        return subprocess.run([python(folder), "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make(folder: Path) -> None:
    say(f"Making a virtual environment in {folder} …")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", folder], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        output = " ".join((done.stdout + done.stderr).split())
        if "ensurepip" in output:
            output = "it lacks the module venv. On Debian and Ubuntu: apt-get install python3-venv"
        raise Refused(f"{sys.executable} cannot make a virtual environment in {folder}: {output}")


def fetch(name: str, lock: Path, folder: Path) -> None:
    what, options = LOCKS[name]
    say(f"Installing {what} …")
    pip = (str(python(folder)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-qq")
    done = subprocess.run(
        [*pip, *options, "--require-hashes", "-r", str(lock)], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        why = errors[-1][7:] if errors else done.stderr.strip().split("\n")[-1]
        if "connection broken by" in done.stderr:
            why = "the package index cannot be reached. Once installed, no network is needed."
        raise Refused(f"{lock.relative_to(ROOT)} could not be installed: {why}")


def share(folder: Path) -> None:
    """Give other environments access to packages in .venv that they do not install themselves (pyarrow: 170 MB)."""
    site = "import sysconfig; print(sysconfig.get_path('purelib'))"
    ours, theirs = (
        subprocess.run([str(python(each)), "-c", site], capture_output=True, text=True, check=True).stdout.strip()
        for each in (ROOT / ".venv", folder)
    )
    (Path(theirs) / "shared.pth").write_text(f"{ours}\n")


def python(folder: Path) -> Path:
    return folder / "bin" / "python"


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


def main(name: str, folder: str = ".venv") -> str | int:
    try:
        install(name, Path(folder))
    except Refused as refused:
        return f"Error: {refused}"
    except OSError as error:
        return f"Error: {error}"
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The next start goes on from here.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
