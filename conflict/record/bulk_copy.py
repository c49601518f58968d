"""Inserts into the record by PostgreSQL's COPY: model objects and INSERTs would cost more than everything else."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigAutoField, GeneratedField, Model


class Rows(NamedTuple):
    """Rows of one table; columns left out take their defaults."""

    table: type[Model]
    columns: Sequence[str]
    values: Sequence[tuple[Any, ...]]


def as_rows(instances: Sequence[Model]) -> list[Rows]:
    """Rows from instances of one model, all of whose values are given."""
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
    """Copies one batch of rows while the next is built: PostgreSQL works on one core, Python on another.

    Between `begin` and the next `hand_over` or `finish`, the connection is busy and cannot be used.
    """

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread
        self._waiting: Sequence[Rows] = ()
        self._running: Future[None] | None = None

    def begin(self) -> None:
        """Start copying the rows handed over last."""
        if self._waiting:
            self._running = self._thread.submit(_send, connection.connection, self._waiting)
            self._waiting = ()

    def hand_over(self, tables: Sequence[Rows]) -> None:
        """Wait for the current copy, and keep these rows for the next `begin`."""
        self._wait()
        self._waiting = tables

    def finish(self) -> None:
        """Wait until all rows handed over are in their tables."""
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
    """Columns that hold data, without generated ones and row ids."""
    return [
        field.attname for field in table._meta.concrete_fields if not isinstance(field, GeneratedField | BigAutoField)
    ]


def _send(connected: Any, tables: Sequence[Rows]) -> None:
    for table, columns, values in tables:
        named = ", ".join(f'"{column}"' for column in columns)
        with connected.cursor() as cursor, cursor.copy(f'COPY "{table._meta.db_table}" ({named}) FROM STDIN') as copy:
            for row in values:
                copy.write_row(row)
