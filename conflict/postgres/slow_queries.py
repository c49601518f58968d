"""Names queries that are slow, without their parameters: those contain drafts and accounts."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

log = logging.getLogger(__name__)
observers: list[Callable[[str], None]] = []  # called with the alias of the database


def told_if_slow(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Wrapper of each query (`connection.execute_wrappers`)."""
    began = time.monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.monotonic() - began
        if seconds > settings.SLOW_QUERY_SECONDS:
            alias = context["connection"].alias
            log.warning("Slow query: %.1f s on %s: %s", seconds, alias, " ".join(str(sql).split())[:2000])
            for observe in observers:
                observe(alias)
