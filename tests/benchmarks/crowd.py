"""Two hundred simultaneous readers, first alone, then while an editor publishes continuously."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle

from tests.benchmarks import servers
from tests.benchmarks.client import load, question
from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.measuring import Figure, once, spread
from tests.benchmarks.reading import OURS, PAGE

GROUP = "200 readers while an editor publishes"
READERS, PAUSE = 200, 2.0  # a reader looks at a page for a while


def measure(database: Database, *, rounds: int, seconds: float) -> Iterator[Figure]:
    copy = database.copied("_crowd")
    tails, faults, published = [], 0, 0
    try:
        with servers.granian(OURS, copy.environment(), ready=PAGE, workers=2) as server:
            paths = ["/", "/api/v1/events/?page_size=20", "/map/", "/actors/", *(f"/events/event-{n}/" for n in range(0, 300, 7)), *(f"/api/v1/events/event-{n}/" for n in range(0, 300, 11))]  # fmt: skip
            asked = cycle([question(path, server.port) for path in paths])
            load(server.port, asked, connections=READERS, seconds=seconds, pause=PAUSE)
            for _ in range(rounds):
                idle = load(server.port, asked, connections=READERS, seconds=seconds, pause=PAUSE)
                with _editor(copy) as editor:
                    busy = load(server.port, asked, connections=READERS, seconds=seconds, pause=PAUSE)
                    editor.terminate()
                    published += int((editor.communicate()[0] or "0").count("published"))
                tails.append(busy.quantile(0.99) / idle.quantile(0.99))
                faults += idle.faults + busy.faults
    finally:
        copy.drop()
    if not published:
        raise RuntimeError("The editor published nothing, so nothing was measured.")
    yield spread(
        GROUP, "p99 of readers over p99 without the editor", tails, at_most=3, note=f"{published} publications"
    )
    yield once(GROUP, "errors", faults, unit="", at_most=0)


def _editor(database: Database) -> "subprocess.Popen[str]":
    editor = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.editor"],
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **database.environment()},
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(3)  # until it has started
    return editor
