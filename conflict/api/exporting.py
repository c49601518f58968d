"""Whole lists, streamed: page after page of one snapshot of the record, however long the client takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet

from conflict.api.cursors import Cursor
from conflict.api.keyset import Ordering, Reader, page
from conflict.api.selection import Selection
from conflict.record.head import ALIAS

AT_ONCE = 500


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within is what stood when it began."""
    is_outermost = not connections[ALIAS].in_atomic_block
    with transaction.atomic(using=ALIAS):
        if is_outermost:
            with connections[ALIAS].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def texts(
    rows: QuerySet[Any], ordering: Ordering, start: Cursor | None, read: Reader, shown: Selection
) -> Iterator[bytes]:
    """All texts from the start on, as of one moment. Reads when it is asked, and ends its transaction when it is dropped."""
    with one_moment():
        position: Cursor | None = start
        while True:
            found = page(rows, ordering, position, AT_ONCE, read)
            yield from shown.of(found.texts)
            if found.next is None:
                return
            position = found.next
