"""Work for several processes: what takes all of a processor for each of thousands of entries."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

LONGEST_WAIT = "30s"

Mapped = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


def cores() -> int:
    """Processors on which the system lets this process run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def mapping(processes: int, database: dict[str, Any]) -> Iterator[Mapped]:
    """A `map` whose work so many processes do, each with a connection of its own to this database.

    The results come in the order of what was given. With one process it is this one, on its own
    connection. With several, they do not see what its transaction has not committed.
    """
    if processes <= 1:
        yield map
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (_alone(database),))
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(database: dict[str, Any]) -> dict[str, Any]:
    """Settings for one connection to this database that waits for locks no longer than its parent may block others.

    Whoever wants a table for himself waits for the parent, and they would wait for him: for ever.
    """
    options = {name: value for name, value in database["OPTIONS"].items() if name != "pool"}
    options["options"] = f"{options.get('options', '')} -c lock_timeout={LONGEST_WAIT}".strip()
    return {**database, "OPTIONS": options}


def _begin(database: dict[str, Any]) -> None:
    """Before the first work: nothing that needs models may be imported earlier."""
    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends them
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(database)


def _end_with_the_parent() -> None:
    """A parent that was killed says nothing: its end is waited for."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)
