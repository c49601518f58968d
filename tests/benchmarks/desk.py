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
PAGE = 5_000  # rows that a page may read more than in the small case: PostgreSQL rather reads so small a table whole
GROWING = 10  # a table with more than this many times the rows of the small case grows with the chronology

Pages = dict[str, dict[str, Any]]


def measure(database: Database, small: Database, *, rounds: int) -> Iterator[Figure]:
    """One line for each kind of page, with its slowest, and one for each page that misses the target.

    Times are compared for as many rows as the small case shows: a list of four warnings is not one of fifty. Queries are
    counted for the whole page. A table may be counted whole that does not grow with the chronology, as that of accounts.
    """
    pairs = [_both(database, small) for _ in range(rounds)]
    (large, growing), little = pairs[-1]
    names = [name for name in large if name in little]
    ratios = {
        name: [
            statistics.median(pages[name]["seconds"]) / statistics.median(of_small[name]["seconds"])
            for (pages, _), of_small in pairs
        ]
        for name in names
    }
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
        if counts := [table for table in large[name]["counts"] if table in growing]:
            yield once(GROUP, f"{name}, counts over a whole table", len(counts), unit="", at_most=0)


def _both(database: Database, small: Database) -> tuple[tuple[Pages, set[str]], Pages]:
    """The pages of both, and which of the tables that are counted whole grow with the chronology."""
    of_small = _asked(small, {})
    shown = {name: page["shown"] for name, page in of_small["pages"].items()}
    of_large = _asked(database, shown)
    growing = {t for t, rows in of_large["tables"].items() if rows > GROWING * max(1, of_small["tables"].get(t, 0))}
    return (of_large["pages"], growing), of_small["pages"]


def _asked(database: Database, shown: dict[str, int | None]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.desk_pages"],
        cwd=ROOT,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "PAGES": os.environ.get("PAGES", ""),
            **database.environment(),
            "TRIAL": "1",
            "SECOND_FACTOR": "0",
        },
        input=json.dumps(shown),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The pages of the desk cannot be asked for: {done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
