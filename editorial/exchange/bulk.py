"""Many rows at once: COPY into the desk's tables, with the history that the triggers would have written.

The triggers note one row at a time; here one statement notes a chunk. What ends up in the
history is the same: every column, `insert`, and the context that names who did it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import pgtrigger.registry
from django.db import connection, models

from editorial.authorship import history_of

Values = tuple[Any, ...]


@cache
def _table(model: type[models.Model]) -> tuple[str, str, tuple[str, ...]]:
    """Names of the table, of its history, and of the columns that both have."""
    history = history_of(model).model
    columns = tuple(str(column.column) for column in model._meta.concrete_fields)
    return model._meta.db_table, history._meta.db_table, columns


def ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for that many new rows, taken from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values], *, tracked: bool = True) -> None:
    """Write the rows; those of a tracked model begin with their id. Constraints and other triggers hold as ever."""
    rows = list(rows)
    if not rows:
        return
    table = model._meta.db_table
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        if tracked:
            _note(cursor, model, [row[0] for row in rows])


def _note(cursor: Any, model: type[models.Model], written: list[int]) -> None:
    table, history, columns = _table(model)
    named = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f'INSERT INTO "{history}" ({named}, pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id)'
        f" SELECT {named}, now(), 'insert', id, context FROM \"{table}\", (SELECT _pgh_attach_context() AS context) AS noted"
        " WHERE id = ANY(%s) ORDER BY id",
        [written],
    )


@contextmanager
def noting_chunks(*tracked: type[models.Model]) -> Iterator[None]:
    """Within, only `insert` writes history for new rows of these models; inside one transaction."""
    with connection.cursor() as cursor:
        # The checks of foreign keys would wait for the commit, in memory: hundreds of bytes a row.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL jit = off")  # compiling costs more than a chunk takes
    with _ignoring(_triggers(tracked, "insert_insert")):
        yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # as Django declares them


@contextmanager
def of_new_entries(*tracked: type[models.Model]) -> Iterator[None]:
    """Within `noting_chunks`, while every row written belongs to an entry that this transaction made.

    Such an entry was modified now already; looking for it would scan tables that grow.
    """
    names: Collection[Any] = tracked
    touching = [
        trigger.get_pgid(model)
        for model, trigger in pgtrigger.registry.registered()
        if model in names and re.fullmatch(r"touch_\w+_insert", trigger.name or "")
    ]
    with _ignoring([*_triggers(tracked, "insert_insert"), *touching]):
        yield


def _triggers(tracked: Sequence[type[models.Model]], name: str) -> list[str]:
    names: Collection[Any] = tracked
    found = [
        trigger.get_pgid(model)
        for model, trigger in pgtrigger.registry.registered()
        if model in names and trigger.name == name
    ]
    if len(found) != len(tracked):
        raise LookupError(f"A tracked model has no trigger {name}.")
    return found


@contextmanager
def _ignoring(names: Sequence[str]) -> Iterator[None]:
    """Have these triggers do nothing, until the end of the block or of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        before = cursor.fetchone()[0] or "{}"
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [before])
