"""Work for several processes: what takes all of a processor for each of thousands of entries."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

Mapped = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def mapping(processes: int, database: dict[str, Any]) -> Iterator[Mapped]:
    """A `map` whose work so many processes do, each with a connection of its own to this database.

    The results come in the order of what was given. With one process it is this one, on its own
    connection: within its transaction.
    """
    if processes <= 1:
        yield map
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (database,))
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(database: dict[str, Any]) -> None:
    """Before the first work: nothing that needs models may be imported earlier."""
    import django

    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(database)


def _end_with_the_parent() -> None:
    """A parent that was killed says nothing: its end is waited for."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)
