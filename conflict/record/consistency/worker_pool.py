"""This process and others beside it, for CPU-bound work on thousands of entries."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait
from typing import Any

LONGEST_WAIT = "30s"

Mapped = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]


def cores() -> int:
    """Number of CPUs available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def mapping(processes: int, database: dict[str, Any]) -> Iterator[Mapped]:
    """A `map` that runs in this many processes, this one among them, each with its own connection to this database.

    Results keep the order of the input. The others start at once, and do not see what this one's transaction has not
    committed.
    """
    if processes <= 1:
        yield map
        return
    pool = ProcessPoolExecutor(processes - 1, multiprocessing.get_context("spawn"), _begin, (_alone(database),))
    pool.submit(os.getpid)
    try:
        yield partial(_shared, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def _shared(pool: ProcessPoolExecutor, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
    """Results of all items: the others begin with the first, this process with the last, until they meet."""
    given, own = [pool.submit(work, item) for item in items], list[Any]()
    told = 0
    while len(own) < len(items) and given[-1 - len(own)].cancel():
        own.append(work(items[-1 - len(own)]))
        while told < len(items) - len(own) and given[told].done():
            yield given[told].result()
            told += 1
    for future in given[told : len(items) - len(own)]:
        yield future.result()
    yield from reversed(own)


def _alone(database: dict[str, Any]) -> dict[str, Any]:
    """Settings of a single connection that waits for locks no longer than its parent may block others.

    Otherwise, a request for an exclusive table lock would wait for the parent, and the children for that request: a
    deadlock.
    """
    options = {name: value for name, value in database["OPTIONS"].items() if name != "pool"}
    options["options"] = f"{options.get('options', '')} -c lock_timeout={LONGEST_WAIT}".strip()
    return {**database, "OPTIONS": options}


def _begin(database: dict[str, Any]) -> None:
    """Initialize a worker. Nothing that needs models may be imported before this."""
    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, the parent ends the workers
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(database)


def _end_with_the_parent() -> None:
    """End this worker with its parent, whose end has to be awaited: a killed parent sends no signal."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)
