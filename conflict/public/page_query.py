"""Bodies and lines of CSV, fetched as stored in the record: no objects are built, and texts are sent as the bytes received.

The rows of a filtered page are determined first, which indexes alone can do. Their texts are then fetched in that
order: if PostgreSQL had to sort them, it would copy them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, QuerySet
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from conflict.public.total_order import Ordering
from conflict.record.models.entry import FEW, LinkedQuerySet

Rows = list[tuple[Any, ...]]  # values of an ordering's columns, and the text


@dataclass(frozen=True)
class Texts:
    """Reader of one column of texts."""

    column: str

    def __call__(self, rows: QuerySet[Any], columns: Sequence[str]) -> Rows:
        """Texts of these rows, ordered by these columns."""
        is_narrowed = rows.query.is_sliced and rows.query.where
        try:
            sql, parameters = _sql(
                _on_the_page(rows, columns) if is_narrowed else rows.values_list(*columns, self.column)
            )
        except EmptyResultSet:
            return []
        if is_narrowed:
            names, in_order = _named(columns, is_descending=str(rows.query.order_by[0]).startswith("-"))
            sql = (
                f"SELECT {names}, {self.column} FROM ({sql}) on_the_page({names}, pk)"
                f" JOIN {_stand(rows)} ORDER BY {in_order}"
            )
        return _fetched(rows.db, sql, parameters)

    def page(self, rows: QuerySet[Any], order: Ordering, position: Sequence[Any], number: int) -> Rows:
        """Texts of the first rows in this order, or of the first beyond a position."""
        if not rows.query.where and not any("__" in column for column in order.columns):
            return self._of_a_whole_table(rows, order, position, number)
        found = None
        if isinstance(rows, LinkedQuerySet) and rows.may_be_few:
            found = self._found_first(rows, order, position, number)
        return self(order.after(rows, position)[:number], order.columns) if found is None else found

    def _found_first(self, rows: QuerySet[Any], order: Ordering, position: Sequence[Any], number: int) -> Rows | None:
        """Find all rows first and sort them afterwards; return None if there are too many for that."""
        try:
            found, parameters = _sql(_on_the_page(order.after(rows, position).order_by()[: FEW + 1], order.columns))
        except EmptyResultSet:
            return []
        names, in_order = _named(order.columns, is_descending=order.is_descending)
        fetched = _fetched(
            rows.db,
            f"WITH found({names}, pk) AS MATERIALIZED ({found}),"
            f" on_the_page AS (SELECT * FROM found ORDER BY {in_order} LIMIT {number})"
            f" SELECT how_many, {names}, {self.column} FROM (SELECT count(*) how_many FROM found) counted"
            f" LEFT JOIN (on_the_page JOIN {_stand(rows)}) ON how_many <= {FEW} ORDER BY {in_order}",
            parameters,
        )
        how_many = fetched[0][0]
        if how_many > FEW:
            return None
        return [row[1:] for row in fetched] if how_many else []

    def _of_a_whole_table(self, rows: QuerySet[Any], order: Ordering, position: Sequence[Any], number: int) -> Rows:
        """Read a page of an unfiltered table. Its SQL is built once and reused for all positions."""
        parameters = order.parameters(rows.model, position) if position else ()
        shape = (self, rows.model, rows.db, order, bool(position), number)
        sql = _known.get(shape)
        if sql is None:
            sql, said = _sql(order.after(rows, position).values_list(*order.columns, self.column)[:number])
            if said != parameters:
                raise AssertionError(f"{order} asks with {said}, not with {parameters}.")
            _known[shape] = sql
        return _fetched(rows.db, sql, parameters)


bodies, csv_lines = Texts("body"), Texts("csv_line")
_known: dict[tuple[Any, ...], str] = {}  # one entry per column, table, ordering and page size


def _on_the_page(rows: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any]:
    """Values of these columns and the key; for rows read through a link, the link's own."""
    return rows.values_list(*map(F, Ordering(tuple(columns)).of(rows).columns), "pk")


def _named(columns: Sequence[str], *, is_descending: bool) -> tuple[str, str]:
    """Column aliases for an ordering, and its ORDER BY clause."""
    names = [f"o{place}" for place, _ in enumerate(columns)]
    return ", ".join(names), ", ".join(f"{name} DESC" if is_descending else name for name in names)


def _stand(rows: QuerySet[Any]) -> str:
    table, key = rows.model._meta.db_table, rows.model._meta.pk.column
    return f"{table} stand ON stand.{key} = on_the_page.pk"


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    sql, parameters = rows.query.get_compiler(rows.db).as_sql()
    return sql, tuple(parameters)


def _fetched(alias: str, sql: str, parameters: Sequence[Any]) -> Rows:
    with connections[alias].cursor() as cursor:
        cursor.adapters.register_loader("text", AsBytes)
        cursor.execute(sql, parameters)
        found: Rows = cursor.fetchall()
    return found


class AsBytes(Loader):
    """Loads text as the UTF-8 bytes from the server: decoding and encoding a page takes longer than reading it."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)
