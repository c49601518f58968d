"""Whole exports over HTTP, compared with COPY of the same bodies: speed, first byte, and memory that must not grow."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.benchmarks import servers
from tests.benchmarks.client import fetch
from tests.benchmarks.databases import Database
from tests.benchmarks.measuring import Figure, spread
from tests.benchmarks.reading import OURS, PAGE

GROUP = "Whole export of all events"
COPY = "COPY (SELECT body FROM record_publishedevent ORDER BY sorts_on, key) TO STDOUT"
FORMATS = {"JSON Lines": "jsonl", "CSV": "csv", "XLSX": "xlsx"}
LEAST = {"JSON Lines": 0.5, "CSV": 0.6}  # of the speed of COPY
WORKBOOK = 12 / 35_000  # seconds for each event
MEGABYTE = 1024 * 1024


def measure(database: Database, *, rounds: int) -> Iterator[Figure]:
    with servers.granian(OURS, database.environment(), ready=PAGE) as server:
        shares: dict[str, list[float]] = {name: [] for name in FORMATS}
        firsts: dict[str, list[float]] = {name: [] for name in FORMATS}
        peaks: dict[str, list[float]] = {name: [] for name in FORMATS}
        waits: dict[str, list[float]] = {name: [] for name in FORMATS}
        copied(database)
        for _ in range(rounds):
            for name, short in FORMATS.items():
                with highest_memory(server.process.pid) as peak:
                    answer = fetch(server.port, f"/api/v1/events/?format={short}", keep=False)
                if answer.status != 200:
                    raise RuntimeError(f"The export as {name} is answered by {answer.status}.")
                shares[name].append(copied(database) / answer.lasted)
                firsts[name].append(answer.first_byte)
                waits[name].append(answer.lasted)
                peaks[name].append(peak[0] / MEGABYTE)
    for name in FORMATS:
        if name in LEAST:
            yield spread(GROUP, f"{name}, of the speed of COPY", shares[name], at_least=LEAST[name])
        else:
            yield spread(GROUP, f"{name}, last byte after", waits[name], unit=" s", at_most=WORKBOOK * database.events)
        yield spread(GROUP, f"{name}, first byte after", firsts[name], unit=" s", at_most=0.5)
        yield spread(GROUP, f"{name}, peak memory of the server", peaks[name], unit=" MB", at_most=150)


def copied(database: Database) -> float:
    """Seconds that PostgreSQL takes to send all bodies, and psycopg to throw them away."""
    begun = time.perf_counter()
    with database.connect() as connection, connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for _ in copy:
            pass
    return time.perf_counter() - begun


@contextmanager
def highest_memory(pid: int) -> Iterator[list[float]]:
    """The most memory that one process of this program held (its master included in none)."""
    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        while True:
            parent = psutil.Process(pid)
            held = [
                process.memory_info().rss
                for process in (parent, *parent.children(recursive=True))
                if process.is_running()
            ]
            peak[0] = max(peak[0], *held)
            if stop.wait(0.02):
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        stop.set()
        watcher.join()
