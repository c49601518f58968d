"""A soak: readers, imports and publications at once for minutes. Fails unless nothing went wrong and memory stayed flat.

`make soak MINUTES=20`; the figures are written to var/soak.json.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests import clusters, sites  # noqa: E402
from tests.sites import ENVIRONMENT, HOST, Site  # noqa: E402

READERS = 4
EVERY = 5  # seconds between samples of memory
WARMING_UP = 0.25  # of the time, before memory has to be flat
FLAT = 0.05  # of what is used, over the time that is measured
PATHS = (
    "/", "/fr/", "/map/", "/search/?q=attack", "/actors/", "/places/", "/changes/", "/feeds/events.atom", "/api/v1/",
    "/api/v1/events/?page_size=100", "/api/v1/events/?search=Gao", "/api/v1/claims/?page_size=100",
    "/api/v1/changes/?after=0", "/api/v1/events/?format=csv", "/api/v1/publications/?page_size=50",
    "/api/v1/events/?format=geojson&page_size=100",
)  # fmt: skip


@dataclass
class Readers:
    """Threads that ask one page after the other, and never accept an older log than they have seen."""

    port: int
    until: float
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    pause: float = 0.02

    def read(self, seed: int) -> None:
        draw, seen, tags = random.Random(seed), 0, dict[str, str]()  # noqa: S311
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.monotonic() < self.until:
            path = draw.choice(PATHS)
            headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": f"198.51.100.{seed}"}
            if draw.random() < 0.3 and path in tags:
                headers["If-None-Match"] = tags[path]
            began = time.monotonic()
            try:
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(f"{path}: {fault!r}")
                connection.close()
                continue
            self.seconds.append(time.monotonic() - began)
            self.statuses[answer.status] += 1
            head = int(answer.headers.get("Record-Head") or 0)
            if answer.status not in (200, 304):
                self.faults.append(f"{path}: {answer.status}")
            elif head < seen:
                self.faults.append(f"{path}: the log went back from {seen} to {head}")
            seen = max(seen, head)
            tags[path] = answer.headers.get("ETag", "")
            time.sleep(self.pause)


@dataclass
class Memory:
    """Private memory in MB of each part, sampled; the kernel's page cache and what is shared do not count."""

    parts: dict[str, Callable[[], list[psutil.Process]]]
    samples: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def sample(self, at: float) -> None:
        for name, found in self.parts.items():
            used = 0
            for process in found():
                with suppress(psutil.Error):
                    used += process.memory_full_info().uss
            self.samples.setdefault(name, []).append((at, used / 2**20))

    def trends(self, after: float) -> dict[str, dict[str, float]]:
        return {
            name: trend([sample for sample in samples if sample[0] >= after]) for name, samples in self.samples.items()
        }


def trend(samples: list[tuple[float, float]]) -> dict[str, float]:
    """Least squares: MB at the beginning, MB an hour, and the growth over these samples as a part of what was used."""
    count = len(samples)
    mean_at, mean = sum(at for at, _ in samples) / count, sum(used for _, used in samples) / count
    spread = sum((at - mean_at) ** 2 for at, _ in samples) or 1
    slope = sum((at - mean_at) * (used - mean) for at, used in samples) / spread
    growth = slope * (samples[-1][0] - samples[0][0])
    return {
        "mb": round(mean, 1),
        "mb_an_hour": round(slope * 3600, 2),
        "growth": round(growth / mean, 4) if mean else 0.0,
    }


def program(*arguments: str, **variables: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=settings.BASE_DIR, env={**ENVIRONMENT, **variables}, check=True)


def soak(minutes: float, out: Path) -> bool:
    with clusters.running(shared_buffers="64MB", fsync="on") as cluster:
        urls = {**cluster.urls(), "API_REQUESTS_PER_MINUTE": "1000000"}
        for command in (
            ["migrate", "--database=owner", "-v0"],
            ["create_roles"],
            ["load_chronology"],
            ["publish_baseline"],
        ):
            program("manage.py", *command, **urls)
        journal = out.with_suffix(".log")
        with journal.open("w") as log, sites.served(log=log, threads=4, **urls) as site:
            desk = subprocess.Popen(
                [sys.executable, "-m", "tests.drills.desk", str(minutes * 60)],
                cwd=settings.BASE_DIR, env={**ENVIRONMENT, **urls}, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
            said = measured(site, desk, minutes * 60, cluster.number, out)
            out.write_text(json.dumps(said, indent=1) + "\n")
    print(json.dumps(said, indent=1))  # noqa: T201
    return not said["faults"] and all(part["growth"] <= FLAT for part in said["memory"].values())


def measured(
    site: Site, desk: "subprocess.Popen[str]", seconds: float, postmaster: int, out: Path
) -> dict[str, object]:
    began = time.monotonic()
    readers = Readers(site.port, began + seconds)
    threads = [threading.Thread(target=readers.read, args=(seed,)) for seed in range(1, READERS + 1)]
    for thread in threads:
        thread.start()
    application, worker = psutil.Process(site.process.pid), psutil.Process(desk.pid)
    memory = Memory({
        "web workers": lambda: application.children(),
        "importing and publishing": lambda: [worker],
        "postgres, without its connections": lambda: [psutil.Process(postmaster)],
    })  # fmt: skip
    for turn in itertools.count(1):
        time.sleep(max(0.0, min(began + turn * EVERY, readers.until) - time.monotonic()))
        if time.monotonic() >= readers.until:
            break
        memory.sample(time.monotonic() - began)
        if turn % 12 == 0:  # for whoever cannot wait
            out.write_text(json.dumps(told(readers, memory, turn * EVERY, seconds), indent=1) + "\n")
    for thread in threads:
        thread.join()
    said, _ = desk.communicate(timeout=120)
    written = (
        json.loads(said.splitlines()[-1])
        if desk.returncode == 0
        else {"faults": [f"the desk ended: {desk.returncode}"]}
    )
    found = told(readers, memory, seconds, seconds)
    return {**found, **written, "faults": [*found["faults"], *written["faults"]]}


def told(readers: Readers, memory: Memory, so_far: float, seconds: float) -> dict[str, Any]:
    times = sorted(readers.seconds)
    return {
        "minutes": round(so_far / 60, 1),
        "answers": sum(readers.statuses.values()),
        "statuses": {str(status): count for status, count in sorted(readers.statuses.items())},
        "median_ms": round(times[len(times) // 2] * 1000, 1),
        "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 1),
        "faults": readers.faults[:20],
        "memory": memory.trends(min(so_far / 2, seconds * WARMING_UP)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "var" / "soak.json")
    asked = parser.parse_args()
    asked.out.parent.mkdir(exist_ok=True)
    if not soak(asked.minutes, asked.out):
        sys.exit("Something went wrong, or memory grew: see above.")


if __name__ == "__main__":
    main()
