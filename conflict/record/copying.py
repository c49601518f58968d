"""Rows into the record by PostgreSQL's COPY: a model object and an INSERT for each would cost more than all the rest."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import BigAutoField, GeneratedField, Model

Lot = TypeVar("Lot")


class Rows(NamedTuple):
    """Rows of one table; what the columns leave out takes its default."""

    table: type[Model]
    columns: Sequence[str]
    values: Sequence[tuple[Any, ...]]


def as_rows(instances: Sequence[Model]) -> list[Rows]:
    """Instances of one model whose values are all given."""
    if not instances:
        return []
    table = type(instances[0])
    columns = stored_columns(table)
    return [Rows(table, columns, list(map(attrgetter(*columns), instances)))]


def copy(tables: Sequence[Rows]) -> None:
    """Append the rows, table after table."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        send(connection.connection, tables)


def send(connected: Any, tables: Sequence[Rows], prefix: str = "") -> None:
    """The same over a connection of psycopg; `prefix` leads to tables of the same columns."""
    for table, columns, values in tables:
        named = ", ".join(f'"{column}"' for column in columns)
        into = f'"{prefix}{table._meta.db_table}"'
        with connected.cursor() as cursor, cursor.copy(f"COPY {into} ({named}) FROM STDIN") as copying:
            for row in values:
                copying.write_row(row)


class Aside(Generic[Lot]):
    """Does something with one lot of rows while the next is made: PostgreSQL works on one core, Python on another.

    Between `begin` and the next `hand_over` or `finish` the connection is taken: nobody may ask it anything.
    """

    def __init__(self, thread: ThreadPoolExecutor, doing: Callable[[Any, Lot], None]) -> None:
        self._thread, self._doing = thread, doing
        self._waiting: Lot | None = None
        self._running: Future[None] | None = None

    def begin(self) -> None:
        """Begin with what was handed over last."""
        if self._waiting is not None:
            self._running = self._thread.submit(self._doing, connection.connection, self._waiting)
            self._waiting = None

    def hand_over(self, lot: Lot) -> None:
        """Wait for what was begun, and keep this lot for the next `begin`."""
        self._wait()
        self._waiting = lot

    def finish(self) -> None:
        """Until all that was handed over is done."""
        self.begin()
        self._wait()

    def _wait(self) -> None:
        if self._running:
            with connection.wrap_database_errors:
                self._running.result()
            self._running = None


@contextmanager
def aside(doing: Callable[[Any, Lot], None]) -> Iterator[Aside[Lot]]:
    """Within: what `doing` does with the connection and each lot is done aside; after it, all of it is done."""
    connection.ensure_connection()
    with ThreadPoolExecutor(max_workers=1) as thread:
        made = Aside(thread, doing)
        yield made
        made.finish()


def stored_columns(table: type[Model]) -> list[str]:
    """The columns that hold what a row says: without generated ones and numbers of rows."""
    return [
        field.attname for field in table._meta.concrete_fields if not isinstance(field, GeneratedField | BigAutoField)
    ]
