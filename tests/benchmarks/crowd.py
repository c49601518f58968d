"""Simultaneous readers of mixed pages over kept connections, first alone, then while an editor publishes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, cycle

from tests.benchmarks import servers
from tests.benchmarks.client import Load, load, question
from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.measuring import Figure, once, spread, unlike_any
from tests.benchmarks.reading import OURS, PAGE

CROWD = "200 readers while four entries are published every five seconds"
THRONG = "500 readers while an entry is published every second"
PAUSE = 0.75  # seconds between a reader's answer and the next question
PATHS = (
    "/",
    "/fr/",
    "/chronology/",
    "/map/",
    "/actors/",
    "/places/",
    "/sources/",
    "/changes/",
    "/method/",
    "/search/?q=gunfire",
    "/feeds/events.atom",
    "/api/v1/",
    "/api/v1/events/?page_size=20",
    "/api/v1/actors/",
    *(f"/events/event-{number}/" for number in range(0, 300, 7)),
    *(f"/fr/events/event-{number}/" for number in range(0, 300, 23)),
    *(f"/api/v1/events/event-{number}/" for number in range(0, 300, 11)),
)


def measure(database: Database, *, rounds: int, seconds: float) -> Iterator[Figure]:
    copy = database.copied("_crowd")
    try:
        with servers.granian(OURS, copy.environment(), ready=PAGE, workers=2) as server:
            yield from _crowd(copy, server.port, rounds=rounds, seconds=seconds)
            yield from _throng(copy, server.port, rounds=rounds, seconds=seconds)
    finally:
        copy.drop()


def _crowd(database: Database, port: int, *, rounds: int, seconds: float) -> Iterator[Figure]:
    kept = cycle([question(path, port) for path in PATHS])
    load(port, kept, connections=200, seconds=seconds, pause=PAUSE)
    pairs, published = [], list[float]()
    for _ in range(rounds):
        idle = load(port, kept, connections=200, seconds=seconds, pause=PAUSE)
        with _editor(database, 4, 5.0, published):
            busy = load(port, kept, connections=200, seconds=seconds, pause=PAUSE)
        pairs.append((busy, idle))
    yield from _told(CROWD, pairs, published, tail=3)
    yield spread(CROWD, "answers over those without the editor", [busy.rate / idle.rate for busy, idle in pairs], at_least=0.6)  # fmt: skip


def _throng(database: Database, port: int, *, rounds: int, seconds: float) -> Iterator[Figure]:
    """Beside readers of the same pages whom nothing kept serves, and beside those whom it does."""
    kept = cycle([question(path, port) for path in PATHS])
    load(port, kept, connections=500, seconds=seconds, pause=2 * PAUSE)
    pairs, kept_pairs, published = [], [], list[float]()
    for _ in range(rounds):
        idle = load(port, kept, connections=500, seconds=seconds, pause=2 * PAUSE)
        unkept = load(port, _never_kept(port), connections=500, seconds=seconds, pause=2 * PAUSE)
        with _editor(database, 1, 1.0, published):
            busy = load(port, kept, connections=500, seconds=seconds, pause=2 * PAUSE)
        pairs.append((busy, unkept))
        kept_pairs.append((busy, idle))
    yield from _told(THRONG, pairs, published, tail=2, beside="readers of unkept pages without the editor")
    yield spread(THRONG, "p99 over that of readers of kept pages", [_p99(*pair) for pair in kept_pairs])


def _told(
    group: str, pairs: list[tuple[Load, Load]], published: list[float], *, tail: float, beside: str = "the same without the editor"
) -> Iterator[Figure]:  # fmt: skip
    if not published:
        raise RuntimeError("The editor published nothing, so nothing was measured.")
    busy, idle = pairs[-1]
    raw = {"p50": busy.quantile(0.5), "p50 idle": idle.quantile(0.5), "p99": busy.quantile(0.99), "p99 idle": idle.quantile(0.99), "answers": busy.rate, "answers idle": idle.rate}  # fmt: skip
    yield spread(group, f"p99 over that of {beside}", [_p99(*pair) for pair in pairs], at_most=tail, raw=raw)
    slowest = sorted(published)[int(len(published) * 0.95)]
    yield once(group, "seconds of a publication, p95", slowest, unit=" s", at_most=1, note=f"{len(published)} publications")  # fmt: skip
    yield once(group, "errors", sum(busy.faults + idle.faults for busy, idle in pairs), unit="", at_most=0)


def _p99(busy: Load, idle: Load) -> float:
    return busy.quantile(0.99) / idle.quantile(0.99)


def _never_kept(port: int) -> Iterator[bytes]:
    for number, path in zip(count(), cycle(PATHS)):
        yield unlike_any(question(path, port), number)


@contextmanager
def _editor(database: Database, at_once: int, every: float, published: list[float]) -> Iterator[None]:
    editor = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.editor", str(at_once), str(every)],
        cwd=ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **database.environment()},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        time.sleep(4)  # until it has started
        yield
    finally:
        editor.terminate()
        published += map(float, (editor.communicate()[0] or "").split())
