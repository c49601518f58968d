"""Connections of a pool, without waiting for a server that is down: the pool itself would go on trying."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

PATIENCE = 0.25  # seconds; the pool's own timeout
KNOCKED_EVERY = 8  # attempts


def connection_of_pool(take: Callable[[], Any], knock: Callable[[], "psycopg.Connection[Any]"], seconds: float) -> Any:
    """Take a connection. If none becomes free soon, `knock` at the server: raises psycopg.Error at once if it does not
    answer, and PoolTimeout if it does, but none became free within so many seconds.
    """
    give_up_at = time.monotonic() + seconds
    attempt = 0
    while True:
        try:
            return take()
        except PoolTimeout:
            if attempt % KNOCKED_EVERY == 0:
                knock().close()
            if time.monotonic() >= give_up_at:
                raise
        attempt += 1
