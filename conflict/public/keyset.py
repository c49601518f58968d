"""Keyset pagination: a page starts where the last one ended, so its cost does not grow with the table, and nothing is
counted.

Shared by API and website, which differ in how they read a row, and how a URL contains a cursor.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from conflict.public import page_query
from conflict.public.ordering import Ordering
from conflict.public.page_query import bodies

Reader = Callable[[QuerySet[Any], Sequence[str]], Iterable[tuple[Any, ...]]]


class Cursor(NamedTuple):
    """Ordering values of the row at the edge, and the direction to read from there."""

    position: tuple[Any, ...]
    backwards: bool = False


class Page(NamedTuple):
    """Rows of one page, and the cursors of its neighbours."""

    rows: list[Any]
    next: Cursor | None
    previous: Cursor | None


def as_objects(rows: Iterable[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Reader of rows as model objects."""
    return ((*(getattr(row, column) for column in columns), row) for row in rows)


def page(rows: QuerySet[Any], ordering: Ordering, cursor: Cursor | None, size: int, read: Reader) -> Page:
    """Read a page: one query; two if several words have many matches.

    For each row, `read` returns the values of the ordering's columns, then the row in the form wanted.
    """
    backwards = cursor is not None and cursor.backwards
    order = ordering.reversed() if backwards else ordering
    position = cursor.position if cursor else ()
    if read is bodies:
        found = page_query.page(rows, order, position, size + 1)
    else:
        found = list(read(order.after(rows, position)[: size + 1], order.columns))
    there_are_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first = tuple(found[0][:-1]) if found else position
    last = tuple(found[-1][:-1]) if found else position
    return Page(
        [row[-1] for row in found],
        Cursor(last) if last and (backwards or there_are_more) else None,
        Cursor(first, True) if first and (there_are_more if backwards else cursor) else None,
    )
