"""`python -m tests.drills.memory`: what a small server needs. Site, worker and database together, at rest and being read.

Their proportional share (PSS) counts what processes share once. With root and control groups, all of them run in a group
that may use 512 MB and may not swap. As on a server, libraries that only tests need are not there. Fails if they use more than 300 MB, if anything is answered by an error, or if the
kernel had to end one of them. Figures are written to var/memory.json; `make memory MINUTES=10`.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import packages_distributions
from pathlib import Path

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests import clusters, sites  # noqa: E402
from tests.drills.soak import PATHS, Readers, program  # noqa: E402

MOST = 300  # MB
LIMIT = 512 * 2**20  # bytes of the group
READERS, A_SECOND = 10, 50
SETTLED = 70  # seconds after the start: what is done every minute has been done
DEPLOYED = {"DATABASE_POOL": "4"}  # as in deploy/environment
GROUPS = Path("/sys/fs/cgroup")


class Limited:
    """Control group of this process and whatever it starts; of either version of the kernel's interface."""

    def __init__(self) -> None:
        (line,) = [each for each in Path("/proc/self/cgroup").read_text().split() if ":memory:" in each or each.startswith("0::")][:1]  # fmt: skip
        self.is_first = ":memory:" in line
        self.outer = (GROUPS / "memory" if self.is_first else GROUPS) / line.rpartition(":")[2].lstrip("/")
        self.folder = self.outer / f"memory-drill-{os.getpid()}"

    def enter(self) -> None:
        self.folder.mkdir()
        (self.folder / ("memory.limit_in_bytes" if self.is_first else "memory.max")).write_text(str(LIMIT))
        if not self.is_first:
            (self.folder / "memory.swap.max").write_text("0")
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def leave(self) -> None:
        (self.outer / "cgroup.procs").write_text(str(os.getpid()))
        with suppress(OSError):
            self.folder.rmdir()

    @property
    def peak(self) -> float:
        """MB, page cache included."""
        name = "memory.max_usage_in_bytes" if self.is_first else "memory.peak"
        return int((self.folder / name).read_text()) / 2**20

    @property
    def killed(self) -> int:
        text = (self.folder / ("memory.oom_control" if self.is_first else "memory.events")).read_text().split()
        return int(dict(zip(text[::2], text[1::2], strict=True)).get("oom_kill", 0))


@contextmanager
def limited() -> Iterator[Limited | None]:
    group = Limited()
    try:
        group.enter()
    except OSError as fault:
        sys.stderr.write(f"Without a limit: {fault}\n")
        yield None
        return
    try:
        yield group
    finally:
        group.leave()


def shares(process: psutil.Process) -> list[float]:
    """MB of this process, and of each of its children, the largest first."""
    found = []
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            found.append(round(each.memory_full_info().pss / 2**20, 1))
    return sorted(found, reverse=True)


def total(sample: dict[str, list[float]]) -> float:
    return sum(map(sum, sample.values()))


@contextmanager
def without_test_libraries() -> Iterator[dict[str, str]]:
    """Variables under which no library can be imported that requirements/run.txt does not name: others import some of
    them if they are there, as Django REST framework does requests.
    """
    lock = (settings.BASE_DIR / "requirements" / "run.txt").read_text()
    installed = {named(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    with tempfile.TemporaryDirectory() as folder:
        for module, distributions in packages_distributions().items():
            if module.isidentifier() and module[0] != "_" and installed.isdisjoint(map(named, distributions)):
                (Path(folder) / f"{module}.py").write_text("raise ImportError(__name__)\n")
        yield {"PYTHONPATH": f"{settings.BASE_DIR}{os.pathsep}{folder}"}


def named(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def drill(minutes: float) -> dict[str, object]:
    with limited() as group, clusters.running() as cluster:
        urls = {**cluster.urls(), **DEPLOYED, "API_REQUESTS_PER_MINUTE": "1000000"}
        for command in (["migrate", "--database=owner", "-v0"], ["create_roles"], ["load_chronology"], ["publish_baseline"]):  # fmt: skip
            program("manage.py", *command, **urls)
        with without_test_libraries() as bare, sites.served(threads=4, **urls, **bare) as site, sites.worker(**urls, **bare) as worker:  # fmt: skip
            parts = {"site": psutil.Process(site.process.pid), "worker": psutil.Process(worker.process.pid), "database": psutil.Process(cluster.number)}  # fmt: skip
            time.sleep(SETTLED)
            at_rest = {name: shares(process) for name, process in parts.items()}
            readers = Readers(site.port, time.monotonic() + minutes * 60, pause=READERS / A_SECOND)
            threads = [threading.Thread(target=readers.read, args=(seed,)) for seed in range(1, READERS + 1)]
            for thread in threads:
                thread.start()
            samples = []
            while any(thread.is_alive() for thread in threads):
                time.sleep(2)
                samples.append({name: shares(process) for name, process in parts.items()})
            most = max(samples, key=total)
        return {
            "at rest": round(total(at_rest), 1),
            "at most while read": round(total(most), 1),
            "each process": {"at rest": at_rest, "at most while read": most},
            "answers a second": round(sum(readers.statuses.values()) / (minutes * 60), 1),
            "addresses": len(PATHS),
            "faults": readers.faults[:20],
            "peak of the group, page cache included": round(group.peak, 1) if group else None,
            "killed": group.killed if group else 0,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    told = drill(parser.parse_args().minutes)
    (settings.VAR_DIR / "memory.json").write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))  # noqa: T201
    for when in ("at rest", "at most while read"):
        if float(str(told[when])) > MOST:
            sys.exit(f"{told[when]} MB {when}, and {MOST} MB are the limit.")
    if told["faults"] or told["killed"]:
        sys.exit("Something went wrong: see above.")


if __name__ == "__main__":
    main()
