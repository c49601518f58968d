"""The cache that all processes and machines share: Redis while it answers, each process's own memory while it does not.

Nothing in it is needed: pages are rendered again. Throttles go on too when Redis is away, but each process counts for
itself: nobody is locked out, and nobody guesses without limit.

What is kept is sealed under SECRET_KEY together with its name. Values are pickled, and whoever could write into Redis
could otherwise run code here, or show one page in place of another.
"""

import hashlib
import hmac
import logging
import pickle
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
PATIENCE = 0.5  # seconds to connect and to answer: a page is rendered in less
RETRIED_AFTER = 5  # seconds
SEAL = hashlib.sha256().digest_size

log = logging.getLogger(__name__)


class SharedCache(BaseCache):
    """`LOCATION` is the address of the Redis server."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        self._shared = RedisCache(server, {**params, "OPTIONS": {"serializer": Sealed, **patience}})
        self._own = LocMemCache("while the shared cache is away", params)
        self._away_until = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._asked(lambda cache: cache.get(key, None, version))
        if type(found) is int:
            return found
        named, value = found if isinstance(found, tuple) else (None, None)
        return value if named == key else default

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.add(key, _named(key, value), timeout, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(lambda cache: cache.set(key, _named(key, value), timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.delete(key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._asked(lambda cache: cache.incr(key, delta, version))

    def clear(self) -> None:
        self._asked(lambda cache: cache.clear())

    def _asked(self, ask: Callable[[BaseCache], T]) -> T:
        if time.monotonic() >= self._away_until:
            try:
                return ask(self._shared)
            except RedisError as fault:
                self._away_until = time.monotonic() + RETRIED_AFTER
                log.warning("The shared cache is away, each process keeps its own meanwhile: %s", type(fault).__name__)
        return ask(self._own)


def _named(key: Any, value: Any) -> Any:
    """Whole numbers are kept as they are, so that Redis can count them; it cannot do harm with one."""
    return value if type(value) is int else (key, value)


class Sealed:
    """The serializer: a seal in front of the pickled value. What does not bear it was never kept."""

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:
            return value
        text = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return _seal(text) + text

    def loads(self, kept: bytes) -> Any:
        try:
            return int(kept)
        except ValueError:
            seal, text = kept[:SEAL], kept[SEAL:]
            # Ours by its seal, so unpickling it runs nothing of anybody else's.
            return pickle.loads(text) if hmac.compare_digest(seal, _seal(text)) else None  # noqa: S301


def _seal(text: bytes) -> bytes:
    key = hashlib.sha256(b"cache " + str(settings.SECRET_KEY).encode()).digest()
    return hmac.digest(key, text, "sha256")
