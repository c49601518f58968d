"""Entries as plain rows with all that their documents need: like prefetching, in a fraction of the time.

Building a model instance, its state and a queryset for each of an event's fifty rows would cost more than the event's
document. A plain row has the model's columns as attributes, its relations as rows and lists of rows, and the model's
computed attributes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from inspect import isfunction
from itertools import islice
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from django.db import connection, models

from conflict.models.entry import Entry, EntryQuerySet
from conflict.models.fields import SpanField

AT_ONCE = 500
NAMED_BY = ("id", "key", "access")  # columns needed of a referenced entry
UNREAD = (SpanField, models.DateTimeField)  # derived, or for the desk only

Model = type[models.Model]
Paths = Collection[Sequence[str]]


class Rows(list[Any]):
    """Children of a row, in place of a model's related manager."""

    def all(self) -> "Rows":
        return self


def with_children(entries: EntryQuerySet) -> Iterator[Any]:
    """Entries in the order of their keys, each with everything that its document reads."""
    model: type[Entry] = entries.model
    columns = _columns(model)
    paths = [path.split("__") for path in (*model.document_parents, *model.document_children)]
    found = entries.in_key_order().values_list(*columns).iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(found, AT_ONCE)):
        rows = _rows(model, columns, chunk)
        _relate(model, rows, paths)
        yield from rows


def _relate(model: Model, rows: Rows, paths: Paths) -> None:
    """Set the relations named by these paths on the rows."""
    below: dict[str, list[Sequence[str]]] = defaultdict(list)
    for first, *rest in paths:
        below[first] += [rest] if rest else []
    for name, further in below.items():
        relation: Any = model._meta.get_field(name)
        if relation.many_to_one:
            _point(relation, rows)
        elif relation.one_to_many:
            _relate(relation.related_model, _have(name, relation.field, rows), further)
        else:
            through, other = relation.remote_field.through._meta, relation.m2m_reverse_field_name()
            links = _have(name, through.get_field(relation.m2m_field_name()), rows)
            _point(through.get_field(other), links)
            for row in rows:
                setattr(row, name, Rows(getattr(link, other) for link in getattr(row, name)))


def _point(key: Any, rows: Rows) -> None:
    """Set on each row the entry that its foreign key points to, with the columns that a reference shows."""
    model: Model = key.related_model
    pks = {getattr(row, key.attname) for row in rows} - {None}
    columns = tuple(column for column in _columns(model) if column in NAMED_BY)
    found = {row.id: row for row in _rows(model, columns, _selected(model, columns, "id", pks))}
    for row in rows:
        setattr(row, key.name, found.get(getattr(row, key.attname)))


def _have(name: str, key: Any, rows: Rows) -> Rows:
    """Set on each row the list of rows whose foreign key points to it; returns all of these."""
    model, columns = key.model, _columns(key.model)
    owned = {row.id: Rows() for row in rows}
    for row in rows:
        setattr(row, name, owned[row.id])
    children = _rows(model, columns, _selected(model, columns, key.attname, owned))
    for child in children:
        owned[getattr(child, key.attname)].append(child)
    return children


def _selected(model: Model, columns: Sequence[str], of: str, pks: Iterable[int]) -> list[tuple[Any, ...]]:
    """Select rows by keys passed as one array: writing thousands of parameters takes longer than reading their rows."""
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {named} FROM "{model._meta.db_table}" WHERE "{of}" = ANY(%s)', [list(pks)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _rows(model: Model, columns: Sequence[str], values: Iterable[tuple[Any, ...]]) -> Rows:
    make = _plain(model)
    return Rows(make(**dict(zip(columns, row, strict=True))) for row in values)


@cache
def _plain(model: Model) -> type[SimpleNamespace]:
    """Row type with the model's computed attributes; its rows can neither be saved nor query the database."""
    computed = {
        name: value
        for base in reversed(model.__mro__)
        if issubclass(base, models.Model) and base is not models.Model
        for name, value in vars(base).items()
        if isinstance(value, property) or isfunction(value) or name == "entry_kind"
    }
    return type(f"Plain{model.__name__}", (SimpleNamespace,), {"pk": property(attrgetter("id")), **computed})


@cache
def _columns(model: Model) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if not isinstance(field, UNREAD))
