"""`python -m tests.drills.locks`: can every lock be installed, hashes and all, on every Python and machine we name?

Asks the package index, and installs nothing. `make lock` runs it on what it wrote.
"""

import itertools
import subprocess
import sys
from pathlib import Path

PYTHONS = ("3.11.0", "3.11.2", "3.12", "3.13", "3.14")
MACHINES = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "x86_64-apple-darwin", "aarch64-apple-darwin")
LOCKS = ("run", "test", "bench", "clients", "lock")
# Written in Python alone, and without a wheel.
SOURCES = ("libhxl", "python-io-wrapper", "stringcase")
UV = Path("var/lock/bin/uv")


def refusal(lock: str, python: str, machine: str) -> str | None:
    """What stands against installing it, or None."""
    done = subprocess.run(
        [
            *(UV, "pip", "install", "--dry-run", "--quiet", "--target", "var/nowhere"),
            *("--python-version", python, "--python-platform", machine),
            *("--require-hashes", "--requirement", f"requirements/{lock}.txt"),
            "--only-binary=:all:",
            *(("--no-deps", *(f"--no-binary={name}" for name in SOURCES)) if lock == "clients" else ()),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip() if done.returncode else None


def main() -> int:
    refused = 0
    for lock, python, machine in itertools.product(LOCKS, PYTHONS, MACHINES):
        if why := refusal(lock, python, machine):
            refused += 1
            print(f"requirements/{lock}.txt cannot be installed with Python {python} on {machine}:\n{why}")  # noqa: T201
    print(f"{len(LOCKS)} locks, {len(PYTHONS)} Pythons, {len(MACHINES)} machines: {refused or 'nothing'} refused.")  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
