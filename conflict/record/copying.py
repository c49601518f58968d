"""Rows into the record by PostgreSQL's COPY: a model object and an INSERT for each would cost more than all the rest."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import BigAutoField, GeneratedField, Model

Row = Sequence[Any]


def copy_rows(table: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Append the rows; what the columns leave out takes its default."""
    named = ", ".join(f'"{column}"' for column in columns)
    lines = "".join(map(line, rows))
    if not lines:
        return
    into = f'COPY "{table._meta.db_table}" ({named}) FROM STDIN'
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(lines)


def copy_instances(instances: Sequence[Model]) -> None:
    """Append instances of one model whose values are all given."""
    if instances:
        table = type(instances[0])
        columns = stored_columns(table)
        copy_rows(table, columns, [[getattr(row, column) for column in columns] for row in instances])


def stored_columns(table: type[Model]) -> list[str]:
    """The columns that hold what a row says: without generated ones and numbers of rows."""
    return [
        field.attname for field in table._meta.concrete_fields if not isinstance(field, GeneratedField | BigAutoField)
    ]


def line(row: Row) -> str:
    """One row in the text format of COPY."""
    return "\t".join([_SAID.get(type(value), _text)(value) for value in row]) + "\n"


def _text(value: Any) -> str:
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _range(value: Any) -> str:
    return f"[{value.lower or ''},{value.upper or ''})"


def _array(value: list[str]) -> str:
    return "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in value) + "}"


_SAID: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    DateRange: _range,
    list: lambda value: _text(_array(value)),
}
