"""Keyset pages: a page starts where the last one ended, so its cost does not grow with the table, and nothing is counted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from conflict.api import page_query
from conflict.api.cursors import Cursor
from conflict.api.ordering import Ordering
from conflict.api.page_query import bodies

Reader = Callable[[QuerySet[Any], Sequence[str]], Iterable[tuple[Any, ...]]]


class Page(NamedTuple):
    """The texts of one page, and the cursors to its neighbours."""

    texts: list[bytes]
    next: Cursor | None
    previous: Cursor | None


def page(rows: QuerySet[Any], ordering: Ordering, cursor: Cursor | None, size: int, read: Reader) -> Page:
    """One query; two the first time that several words find many. `read` gives, row by row, the values of the ordering's
    columns and then the text in UTF-8."""
    backwards = cursor is not None and cursor.backwards
    order = ordering.reversed() if backwards else ordering
    position = cursor.position if cursor else ()
    if read is bodies:
        rows_read = page_query.page(rows, order, position, size + 1)
    else:
        rows_read = list(read(order.after(rows, position)[: size + 1], order.columns))
    there_are_more = len(rows_read) > size
    rows_read = rows_read[:size]
    if backwards:
        rows_read.reverse()
    first = tuple(rows_read[0][:-1]) if rows_read else (cursor.position if cursor else None)
    last = tuple(rows_read[-1][:-1]) if rows_read else (cursor.position if cursor else None)
    return Page(
        [row[-1] for row in rows_read],
        Cursor(last) if last and (backwards or there_are_more) else None,
        Cursor(first, True) if first and (there_are_more if backwards else cursor) else None,
    )
