"""Inserts into the desk's tables by COPY. Constraints still apply, and the triggers write the history.

Row by row, a large file would take hours.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pgtrigger.registry
from django.db import connection, models

from conflict.record.bulk_copy import Rows, copy

Values = tuple[Any, ...]


def ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for that many new rows, taken from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """Write the rows, each the values of these columns."""
    if rows := list(rows):
        copy([Rows(model, columns, rows)])


@contextmanager
def many_chunks() -> Iterator[None]:
    """Within this block, a transaction may write any number of chunks in bounded memory."""
    with connection.cursor() as cursor:
        # The checks of foreign keys would wait for the commit, in memory: hundreds of bytes a row.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL jit = off")  # compiling costs more than a chunk takes
        # Plans of triggers and foreign keys are made once, while the tables may still be small, and kept as they grow.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DISCARD PLANS")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # as Django declares them


@contextmanager
def of_new_entries(*written: type[models.Model]) -> Iterator[None]:
    """Declare, for this block or the rest of the transaction, that all rows written belong to entries it created.

    Such entries already have the current modification time; looking them up would scan growing tables.
    """
    models_written: Collection[Any] = written
    touching = [
        trigger.get_pgid(model)
        for model, trigger in pgtrigger.registry.registered()
        if model in models_written and re.fullmatch(r"touch_\w+_insert", trigger.name or "")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        before = cursor.fetchone()[0] or "{}"
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(touching) + "}"])
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [before])
