"""Keyset pages: a page starts where the last one ended, so its cost does not grow with the table, and nothing is counted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, Q, QuerySet
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from conflict.api.cursors import Cursor
from conflict.record.models.entry import Along

Reader = Callable[[QuerySet[Any], Sequence[str]], Iterable[tuple[Any, ...]]]


class Ordering(NamedTuple):
    """A total order: column names, the last of them unique."""

    columns: tuple[str, ...]
    is_descending: bool = False

    def reversed(self) -> "Ordering":
        return Ordering(self.columns, not self.is_descending)

    def of(self, rows: QuerySet[Any]) -> "Ordering":
        """The same order of these rows, by the columns of a link where they are read along one."""
        return self._replace(columns=rows.order(self.columns)) if isinstance(rows, Along) else self

    def applied(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        sign = "-" if self.is_descending else ""
        return rows.order_by(*(sign + column for column in self.columns))

    def beyond(self, position: Sequence[Any]) -> Q:
        """Rows that come after the position. The first condition alone lets the index find the place."""
        than, from_ = ("lt", "lte") if self.is_descending else ("gt", "gte")
        *leading, last = zip(self.columns, position, strict=True)
        condition = Q(**{f"{last[0]}__{than}": last[1]})
        for column, value in reversed(leading):
            condition = Q(**{f"{column}__{from_}": value}) & (Q(**{f"{column}__{than}": value}) | condition)
        return condition

    def parameters(self, model: type[Model], position: Sequence[Any]) -> tuple[Any, ...]:
        """The values of `beyond` in the order in which it names them, as the columns of this model take them."""
        fields = [model._meta.get_field(column) for column in self.columns]
        *leading, last = (field.get_prep_value(value) for field, value in zip(fields, position, strict=True))  # type: ignore[union-attr]  # columns, all of them
        return (*(value for value in leading for _ in range(2)), last)


class Page(NamedTuple):
    """The texts of one page, and the cursors to its neighbours."""

    texts: list[bytes]
    next: Cursor | None
    previous: Cursor | None


def page(rows: QuerySet[Any], ordering: Ordering, cursor: Cursor | None, size: int, read: Reader) -> Page:
    """One query. `read` gives, row by row, the values of the ordering's columns and then the text in UTF-8."""
    backwards = cursor is not None and cursor.backwards
    order = ordering.reversed() if backwards else ordering
    if read is bodies and not rows.query.where and not any("__" in column for column in ordering.columns):
        rows_read = _of_a_whole_table(rows, order, cursor.position if cursor else (), size + 1)
    else:
        found = order.of(rows).applied(rows.filter(order.of(rows).beyond(cursor.position)) if cursor else rows)
        rows_read = list(read(found[: size + 1], ordering.columns))
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


def bodies(rows: QuerySet[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Rows as the record keeps them ready: no object is built, and the text goes out as the bytes that came in.

    Who is on a page that was narrowed is settled first, which indexes alone can do; then these rows are fetched.
    """
    if rows.query.is_sliced and rows.query.where:
        order = Ordering(tuple(columns), str(rows.query.order_by[0]).startswith("-"))
        on_the_page = rows.values("pk").using(None)
        rows = order.applied(rows.model._default_manager.using(rows.db).filter(pk__in=on_the_page))
    try:
        sql, parameters = rows.values_list(*columns, "body").query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return []
    return _fetched(rows.db, sql, parameters)


_known: dict[tuple[Any, ...], str] = {}  # as many as there are tables, orders and sizes of pages


def _of_a_whole_table(rows: QuerySet[Any], order: Ordering, position: Sequence[Any], number: int) -> list[Any]:
    """The first rows in this order, or those beyond a position. The question is put into SQL once for all positions."""
    parameters = order.parameters(rows.model, position) if position else ()
    shape = (rows.model, rows.db, order, bool(position), number)
    sql = _known.get(shape)
    if sql is None:
        found = order.applied(rows.filter(order.beyond(position)) if position else rows)
        sql, said = found.values_list(*order.columns, "body")[:number].query.get_compiler(rows.db).as_sql()
        if tuple(said) != parameters:
            raise AssertionError(f"{order} asks with {said}, not with {parameters}.")
        _known[shape] = sql
    return _fetched(rows.db, sql, parameters)


def _fetched(alias: str, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.adapters.register_loader("text", AsBytes)
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


class AsBytes(Loader):
    """A text as the server sends it, which is UTF-8: to decode and encode a page takes longer than to read it."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)
