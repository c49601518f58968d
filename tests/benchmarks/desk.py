"""Every page of the desk at scale: queries, counts of whole tables, rows read, and time relative to the small case."""

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
PAGE = 2_000  # rows that a page may read more than in the small case: what a list of a hundred rows shows of each


def measure(database: Database, small: Database, *, rounds: int) -> Iterator[Figure]:
    """One line for each kind of page, with its slowest, and one for each page that misses the target."""
    pairs = [(_pages(database), _pages(small)) for _ in range(rounds)]
    names = [name for name in pairs[0][0] if name in pairs[0][1]]
    ratios = {
        name: [
            statistics.median(large[name]["seconds"]) / statistics.median(little[name]["seconds"])
            for large, little in pairs
        ]
        for name in names
    }
    large, little = pairs[-1]
    for kind in dict.fromkeys(page["kind"] for page in large.values()):
        of_kind = [name for name in names if large[name]["kind"] == kind]
        slowest = max(of_kind, key=lambda name: statistics.median(ratios[name]))
        for name in of_kind:
            if name == slowest or statistics.median(ratios[name]) > 2:
                said = f"{kind}, slowest of {len(of_kind)}" if name == slowest else kind
                raw = {"ms": statistics.median(large[name]["seconds"]) * 1000, "queries": large[name]["queries"]}
                yield spread(GROUP, f"{said}: {name}, time", ratios[name], at_most=2, raw=raw)
    for name in names:
        more = {what: large[name][what] - little[name][what] for what in ("queries", "rows")}
        if more["rows"] > PAGE:
            yield once(GROUP, f"{name}, rows read more than in the small case", more["rows"], unit="", at_most=PAGE)
        if more["queries"] > 0:
            yield once(GROUP, f"{name}, queries more than in the small case", more["queries"], unit="", at_most=0)
        if large[name]["counts"]:
            yield once(GROUP, f"{name}, counts over a whole table", large[name]["counts"], unit="", at_most=0)


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
