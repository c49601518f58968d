"""Rows into the record by PostgreSQL's COPY: a model object and an INSERT for each would cost more than all the rest."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigAutoField, GeneratedField, Model


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
        _send(connection.connection, tables)


class Copier:
    """Copies one lot of rows while the next is made: PostgreSQL works on one core, Python on another.

    Between `begin` and the next `hand_over` or `finish` the connection is taken: nobody may ask it anything.
    """

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread
        self._waiting: Sequence[Rows] = ()
        self._running: Future[None] | None = None

    def begin(self) -> None:
        """Begin to copy what was handed over last."""
        if self._waiting:
            self._running = self._thread.submit(_send, connection.connection, self._waiting)
            self._waiting = ()

    def hand_over(self, tables: Sequence[Rows]) -> None:
        """Wait for what was begun, and keep these rows for the next `begin`."""
        self._wait()
        self._waiting = tables

    def finish(self) -> None:
        """Until all that was handed over is in its tables."""
        self._wait()
        copy(self._waiting)
        self._waiting = ()

    def _wait(self) -> None:
        if self._running:
            with connection.wrap_database_errors:
                self._running.result()
            self._running = None


@contextmanager
def copier() -> Iterator[Copier]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        made = Copier(thread)
        yield made
        made.finish()


def stored_columns(table: type[Model]) -> list[str]:
    """The columns that hold what a row says: without generated ones and numbers of rows."""
    return [
        field.attname for field in table._meta.concrete_fields if not isinstance(field, GeneratedField | BigAutoField)
    ]


def _send(connected: Any, tables: Sequence[Rows]) -> None:
    for table, columns, values in tables:
        named = ", ".join(f'"{column}"' for column in columns)
        with connected.cursor() as cursor, cursor.copy(f'COPY "{table._meta.db_table}" ({named}) FROM STDIN') as copy:
            for row in values:
                copy.write_row(row)
