"""Keyset pagination: a page starts where the last one ended, so its cost does not grow with the table, and nothing is
counted.

Shared by API and website, which differ in how they read a row, and how a URL contains a cursor.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from conflict.public.page_query import Texts
from conflict.public.total_order import Ordering

Reader = Callable[[QuerySet[Any], Sequence[str]], Iterable[tuple[Any, ...]]]


class Cursor(NamedTuple):
    """Ordering values of the row at the edge, and the direction to read from there."""

    position: tuple[Any, ...]
    backwards: bool = False


class Page(NamedTuple):
    """Rows of one page with the cursors of its neighbours; `of_first_rank` of them have the first rank."""

    rows: list[Any]
    next: Cursor | None
    previous: Cursor | None
    of_first_rank: int | None = None


def as_objects(rows: Iterable[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Reader of rows as model objects."""
    return ((*(getattr(row, column) for column in columns), row) for row in rows)


def page(rows: QuerySet[Any], ordering: Ordering, cursor: Cursor | None, size: int, read: Reader) -> Page:
    """Read a page: one query; two if several words have many matches.

    For each row, `read` returns the values of the ordering's columns, then the row in the form wanted.
    """
    backwards = cursor is not None and cursor.backwards
    order = ordering.reversed() if backwards else ordering
    found = _first(rows, order, cursor.position if cursor else (), size + 1, read)
    return _page(found, cursor, size)


def page_of_ranks(
    ranks: Sequence[QuerySet[Any]], ordering: Ordering, cursor: Cursor | None, size: int, read: Reader
) -> Page:
    """Read a page of a list that has all rows of one rank before those of the next: one query for each rank on it.

    A cursor's position begins with the rank. A list of one rank has cursors without one.
    """
    if len(ranks) == 1:
        return page(ranks[0], ordering, cursor, size, read)
    backwards = cursor is not None and cursor.backwards
    order = ordering.reversed() if backwards else ordering
    edge, *position = cursor.position if cursor else (0,)
    found: list[tuple[Any, ...]] = []
    for rank in range(edge, -1, -1) if backwards else range(edge, len(ranks)):
        wanted = size + 1 - len(found)
        rows = _first(ranks[rank], order, position if rank == edge else (), wanted, read)
        found += ((rank, *row) for row in rows)
        if len(found) > size:
            break
    return _page(found, cursor, size)._replace(of_first_rank=sum(rank == 0 for rank, *_ in found[:size]))


def _first(
    rows: QuerySet[Any], order: Ordering, position: Sequence[Any], number: int, read: Reader
) -> list[tuple[Any, ...]]:
    if isinstance(read, Texts):
        return read.page(rows, order, position, number)
    return list(read(order.after(rows, position)[:number], order.columns))


def _page(found: list[tuple[Any, ...]], cursor: Cursor | None, size: int) -> Page:
    """Page of the rows found from the cursor on, one more than its size if there are more."""
    backwards = cursor is not None and cursor.backwards
    there_are_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    position = cursor.position if cursor else ()
    first = tuple(found[0][:-1]) if found else position
    last = tuple(found[-1][:-1]) if found else position
    return Page(
        [row[-1] for row in found],
        Cursor(last) if last and (backwards or there_are_more) else None,
        Cursor(first, True) if first and (there_are_more if backwards else cursor) else None,
    )
