"""View counts: how often readers open the page of each entry, so that the desk reads first what most people read.

A kind, a key and a number are all that is kept: no address, no time and no account. Each process counts in its memory and
adds to the desk's table once a minute, with the desk's login, in a thread of its own: the readers' login writes nothing,
and no reader waits. What a cache in front answers is not counted, and robots are: the order is what matters.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conflict.public.entry_urls import KINDS
from editorial.models import ViewCount

WRITTEN_EVERY = 60  # seconds
PAGE = re.compile(rf"(?:/[a-z]{{2}})?/({'|'.join(KINDS)})/([a-z0-9-]+)/")
# In order, so that two processes lock the rows one after the other.
ADD = f"""
    INSERT INTO {ViewCount._meta.db_table} AS kept (entry_kind, key, times)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) ORDER BY 1, 2
    ON CONFLICT (entry_kind, key) DO UPDATE SET times = kept.times + excluded.times
"""

Page = tuple[str, str]  # kind and key


class CountViews:
    """Middleware, outside the response cache: a page that was kept is read like any other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.COUNT_VIEWS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.counted: Counter[Page] = Counter()
        self.lock = threading.Lock()
        self.written = monotonic()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code in (200, 304):
            page = PAGE.fullmatch(request.path_info)
            if page and settings.SESSION_COOKIE_NAME not in request.COOKIES:  # editors are no readers
                self._count((KINDS[page[1]], page[2]))
        return response

    def _count(self, page: Page) -> None:
        with self.lock:
            self.counted[page] += 1
            if monotonic() - self.written < WRITTEN_EVERY:
                return
            self.written, counted, self.counted = monotonic(), self.counted, Counter()
        threading.Thread(target=self._write, args=(counted,), daemon=True).start()

    def _write(self, counted: Counter[Page]) -> None:
        try:
            add(counted)
        except DatabaseError:
            with self.lock:
                self.counted.update(counted)  # the desk's database is away: with the next
        finally:
            connections["default"].close()


def add(counted: Counter[Page]) -> None:
    """Add to the counts of these pages."""
    kinds, keys = zip(*counted, strict=True)
    with connections["default"].cursor() as cursor:
        cursor.execute(ADD, [list(kinds), list(keys), list(counted.values())])
