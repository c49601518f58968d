"""Rows into the record by PostgreSQL's COPY: a model object and an INSERT for each would cost more than all the rest."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import BigAutoField, GeneratedField, Model

Row = Sequence[Any]


def copy_rows(table: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Append the rows; what the columns leave out takes its default."""
    if not rows:
        return
    named = ", ".join(f'"{column}"' for column in columns)
    into = f'COPY "{table._meta.db_table}" ({named}) FROM STDIN'
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def copy_instances(instances: Sequence[Model]) -> None:
    """Append instances of one model whose values are all given."""
    if instances:
        table = type(instances[0])
        columns = stored_columns(table)
        copy_rows(table, columns, list(map(attrgetter(*columns), instances)))


def stored_columns(table: type[Model]) -> list[str]:
    """The columns that hold what a row says: without generated ones and numbers of rows."""
    return [
        field.attname for field in table._meta.concrete_fields if not isinstance(field, GeneratedField | BigAutoField)
    ]
