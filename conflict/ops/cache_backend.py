"""Cache shared by all processes and machines: Redis if available, otherwise each process's own memory.

While Redis is down, throttles keep working, but each process counts separately: nobody is locked out, and guessing
stays limited. The cache holds only counts and times, as JSON: write access to Redis lets nobody run code here or change
pages.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
PATIENCE = 0.5  # seconds to connect and to answer
RETRIED_AFTER = 5  # seconds

RAISE = """
local held = tonumber(redis.call('GET', KEYS[1]) or '')
if not held or held < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
"""

log = logging.getLogger(__name__)


class SharedCache(BaseCache):
    """Cache backend. `LOCATION` is the URL of the Redis server."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        self._shared = RedisCache(server, {**params, "OPTIONS": {"serializer": Json, **patience}})
        self._own = LocMemCache("while the shared cache is away", params)
        self._away_until = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._asked(lambda cache: cache.get(key, None, version))
        return default if found is None else found

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.add(key, value, timeout, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._asked(lambda cache: cache.delete(key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._asked(lambda cache: cache.incr(key, delta, version))

    def raise_to(self, key: Any, number: int) -> None:
        """Set the number unless a larger one is there, in one step: of two that come at once, the larger one stays."""

        def ask(cache: BaseCache) -> None:
            if isinstance(cache, RedisCache):
                name = cache.make_and_validate_key(key)
                cache._cache.get_client(name, write=True).eval(RAISE, 1, name, number)
            elif number > cache.get(key, 0):
                cache.set(key, number, None)

        self._asked(ask)

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


class Json:
    """Serializer that cannot run code, whatever Redis holds.

    Anything but JSON was not written by us and counts as missing.
    """

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else msgspec.json.encode(value)  # so that Redis can increment it

    def loads(self, kept: bytes) -> Any:
        try:
            return msgspec.json.decode(kept)
        except msgspec.DecodeError:
            return None
