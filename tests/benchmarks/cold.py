"""Pages that no reader has seen yet: each asked once, after a restart and after a publication, beside the API's answers
with the same rows."""

import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks import servers
from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.measuring import Figure, spread
from tests.benchmarks.queries import one_by_one
from tests.benchmarks.reading import OURS, PAGE

GROUP = "Pages never shown before, time over the API's"
EVENTS, PAGES = 200, 40  # asked in each round
SHOWN = 50  # events on a page of the chronology
WARMING = ["/events/event-0/", "/api/v1/events/event-0/", "/chronology/", f"/api/v1/events/?page_size={SHOWN}"]

Waits = dict[str, list[float]]


def measure(database: Database, *, rounds: int) -> Iterator[Figure]:
    copy = database.copied("_cold")
    addresses = _addresses(database)
    restarted: Waits = {}
    published: Waits = {}
    try:
        for number in range(rounds):
            with servers.granian(OURS, copy.environment(), ready=PAGE) as server:
                one_by_one(server.port, WARMING, known=0)  # what is no page's own: templates, connection, forms
                _ask(server.port, addresses, 2 * number, restarted)
                _publish(copy)
                one_by_one(server.port, WARMING, known=0)
                _ask(server.port, addresses, 2 * number + 1, published)
    finally:
        copy.drop()
    for when, waits in (("after a restart", restarted), ("after a publication", published)):
        for name, page, answer in (("page of an event", "event", "event, API"), ("chronology", "list", "list, API")):
            ratios = [mine / other for mine, other in zip(waits[page], waits[answer], strict=True)]
            raw = {f"{kind}, ms": statistics.median(waits[kind]) * 1000 for kind in (page, answer)}
            yield spread(GROUP, f"{name}, {when}", ratios, at_most=3, raw=raw)


def _addresses(database: Database) -> dict[str, list[str]]:
    """Each kind of question, its addresses in such an order that neighbours have little in common."""
    events = [f"event-{number * 7919 % database.events}" for number in range(1, database.events)]
    with database.connect() as connection:
        rows = connection.execute("SELECT sorts_on, key FROM record_publishedevent ORDER BY sorts_on, key").fetchall()
    edges = [(f"{day}~{key}", key) for day, key in rows[SHOWN - 1 : -SHOWN : SHOWN]]
    edges = [edges[number * 31 % len(edges)] for number in range(len(edges))]
    return {
        "event": [f"/events/{key}/" for key in events],
        "event, API": [f"/api/v1/events/{key}/" for key in events],
        "list": [f"/chronology/?after={edge}" for edge, _key in edges],
        "list, API": [f"/api/v1/events/?page_size={SHOWN}&starting_after={key}" for _edge, key in edges],
    }


def _ask(port: int, addresses: dict[str, list[str]], part: int, waits: Waits) -> None:
    """Add the median wait of this part of each kind, no address of which was asked before."""
    for kind, paths in addresses.items():
        at_once = EVENTS if kind.startswith("event") else PAGES
        waits.setdefault(kind, []).append(statistics.median(one_by_one(port, _part(paths, part, at_once), known=0)))


def _part(paths: Sequence[str], part: int, size: int) -> Sequence[str]:
    chosen = paths[part * size : (part + 1) * size]
    if not chosen:
        raise RuntimeError(
            f"There are only {len(paths)} pages, too few for a round of their own: measure fewer rounds."
        )
    return chosen


def _publish(database: Database) -> None:
    """Give one event another title, which every page may show."""
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.editor", "1", "0", "1"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **database.environment()},
        check=True,
        stdout=subprocess.DEVNULL,
    )
