"""Counters of what this server's processes have answered, for `/metrics`.

Each process counts in files of its own, which a scrape adds up (prometheus-client's multi-process mode).
"""

import os
import shutil
import tempfile
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connections
from prometheus_client import Counter, Gauge, Histogram, values

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the name by which prometheus-client knows it
PREFIX = "chronology_"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
OF_A_POOL = {"pool_size": "size", "pool_available": "available", "requests_waiting": "waiting"}


def share_between_processes() -> None:
    """Make a folder for the counts of this server's processes; to be called before anything is counted."""
    if not settings.METRICS_TOKEN:
        return
    for old in Path(tempfile.gettempdir()).glob("chronology-metrics-*"):
        if not psutil.pid_exists(int(old.name.rsplit("-", 1)[1])):
            shutil.rmtree(old, ignore_errors=True)  # its server was killed
    folder = Path(tempfile.gettempdir()) / f"chronology-metrics-{os.getpid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.get_value_class()  # as it would do when imported now


def folder() -> Path | None:
    return Path(os.environ[FOLDER]) if FOLDER in os.environ else None


class Counters:
    def __init__(self) -> None:
        self.requests = Counter(f"{PREFIX}requests", "Requests answered.", ["kind", "status"])
        self.seconds = Histogram(f"{PREFIX}request_seconds", "Time to answer.", ["kind"], buckets=SECONDS)
        self.sign_ins = Counter(f"{PREFIX}failed_sign_ins", "Failed attempts to sign in, by what was wrong.", ["step"])
        self.dropped = Counter(f"{PREFIX}dropped_requests", "Requests whose client had left before their turn came.")
        self.slow = Counter(f"{PREFIX}slow_queries", "Queries slower than SLOW_QUERY_SECONDS.", ["database"])
        self.pool = Gauge(
            f"{PREFIX}pool", "Connections of the pools, and threads that wait for one.", ["database", "state"],
            multiprocess_mode="livesum",
        )  # fmt: skip


_made: list[Counters] = []


def counters() -> Counters | None:
    """The counters of this process; None if nobody may read them."""
    if not _made and settings.METRICS_TOKEN:
        _made.append(Counters())
    return _made[0] if _made else None


def count_request(kind: str, status: int, seconds: float) -> None:
    if (counted := counters()) is None:
        return
    counted.requests.labels(kind, str(status)).inc()
    counted.seconds.labels(kind).observe(seconds)
    for alias in ("default", "public") if settings.DATABASE_POOL else ():
        if pool := getattr(connections[alias], "pool", None):
            now = pool.get_stats()
            for name, state in OF_A_POOL.items():
                counted.pool.labels(alias, state).set(now.get(name, 0))


def count_dropped_request() -> None:
    if counted := counters():
        counted.dropped.inc()


def count_failed_sign_in(step: str) -> None:
    if counted := counters():
        counted.sign_ins.labels(step).inc()


def count_slow_query(alias: str) -> None:
    if counted := counters():
        counted.slow.labels(alias).inc()
