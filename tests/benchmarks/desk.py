"""Desk pages at scale: number of queries, counts of whole tables, and time relative to the small case."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.measuring import Figure, once, spread

GROUP = "Pages of the desk, over those of 350 events"


def measure(database: Database, small: Database, *, rounds: int) -> Iterator[Figure]:
    ratios: dict[str, list[float]] = {}
    told: dict[str, dict[str, Any]] = {}
    for _ in range(rounds):
        large, little = _pages(database), _pages(small)
        for name, page in large.items():
            ratios.setdefault(name, []).append(
                statistics.median(page["seconds"]) / statistics.median(little[name]["seconds"])
            )
            told[name] = {"queries": page["queries"], "queries, small": little[name]["queries"], "counts": page["counts"], "ms": statistics.median(page["seconds"]) * 1000}  # fmt: skip
    for name, values in ratios.items():
        yield spread(GROUP, f"{name}, time", values, at_most=2, raw=told[name], note=f"{told[name]['queries']} queries")
        more = told[name]["queries"] - told[name]["queries, small"]
        yield once(GROUP, f"{name}, queries more than the small case", more, unit="", at_most=0)
        yield once(GROUP, f"{name}, counts over a whole table", told[name]["counts"], unit="", at_most=0)


def _pages(database: Database) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.desk_pages"],
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **database.environment(), "TRIAL": "1", "SECOND_FACTOR": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The pages of the desk cannot be asked for: {done.stderr[-3000:]}")
    pages: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return pages
