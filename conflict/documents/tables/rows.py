"""Bodies as rows, read column by column: reading one column of many bodies costs a fraction of reading cell by cell.

Only those parts of a body that the columns need are decoded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any

import msgspec

from conflict.documents.tables.columns import BETWEEN, UNREAD, Body, Cell, Column, Columns

AT_ONCE = 64  # bodies

Reading = Callable[[list[Body]], list[Any]]


def rows(texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[list[Cell]]:
    """Rows for these bodies, with cells in the order of the columns."""
    for portion in portions(texts, columns, site):
        for values in zip(*portion, strict=True):
            yield list(map(cell, values))


def portions(texts: Iterable[bytes | str], columns: Columns, site: str) -> Iterator[list[list[Any]]]:
    """Read bodies in batches and yield the raw values of each column; `cell` turns a value into a cell."""
    decode = _decoder(tuple(path for column in columns for path in column.paths)).decode
    readings = [_reading(column, site) for column in columns]
    texts = iter(texts)
    while bodies := list(map(decode, islice(texts, AT_ONCE))):
        yield [read(bodies) for read in readings]


def cell(value: Any) -> Cell:
    """Convert a value to a cell: None for an empty text, one joined text for a list."""
    if type(value) is list:
        return _joined(value)
    return None if value == "" else value


@cache
def _decoder(paths: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Decoder for these paths; cached, so that it is built once per table rather than once per response."""
    return msgspec.json.Decoder(_shape([path.split(".") for path in paths]))


def _shape(paths: Sequence[Sequence[str]]) -> Any:
    """Type of an object with the values at these paths, including everything below the end of a path and nothing else."""
    below: dict[str, list[Sequence[str]]] = defaultdict(list)
    for name, *rest in paths:
        below[name].append(rest)
    # Sorted, like most of a body: fields in the declared order are found without a search.
    parts = [(name, _part(rest) if all(rest) else Any, None) for name, rest in sorted(below.items())]
    return msgspec.defstruct("Shape", parts, gc=False)


def _part(below: Sequence[Sequence[str]]) -> Any:
    """Type of one part, or of several. Items that are only counted are passed over as they stand, at half the cost."""
    if below == [[UNREAD]]:
        return list[msgspec.Raw]
    shape: Any = _shape(below)
    return shape | list[shape] | None


def _reading(column: Column, site: str) -> Reading:
    """Return a function that reads a column's values from a batch of bodies."""
    value = column.value or column.name
    if column.name == "url":
        return lambda bodies: [f"{site}{body.id or body.key}/" for body in bodies]
    if callable(value):
        return lambda bodies: list(map(value, bodies))
    get = attrgetter(value)
    if "." not in value:
        return lambda bodies: list(map(get, bodies))

    def read(bodies: list[Body]) -> list[Any]:
        with suppress(AttributeError):  # a part is missing, or there are several
            return list(map(get, bodies))
        try:
            return by_levels(bodies)
        except AttributeError:  # there are several
            return list(map(get_joined, bodies))

    by_levels, get_joined = _with_gaps(value), _joining(value)
    return read


def _with_gaps(path: str) -> Reading:
    """Return a function that reads the values at a dotted path where a part may be missing, as most translations are."""
    levels = list(map(attrgetter, path.split(".")))

    def read(bodies: list[Body]) -> list[Any]:
        values: list[Any] = bodies
        for get in levels:
            values = [None if part is None else get(part) for part in values]
        return values

    return read


def _joining(path: str) -> Callable[[Body], Cell]:
    """Return a function that reads the cell at a dotted path below zero, one or several parts."""
    first, below = path.split(".", 1)
    part_of, get, names = attrgetter(first), attrgetter(below), below.split(".")

    def joined(body: Body) -> Cell:
        part = part_of(body)
        if not part:
            return None
        items = part if type(part) is list else [part]
        try:
            found = list(map(get, items))
            text = BETWEEN.join(found)
        except (AttributeError, TypeError):  # a value is missing, is a list, or is not text
            return _joined(items, names)
        return _joined(found) if "" in found else text

    return joined


def _joined(items: list[Any], names: Sequence[str] = ()) -> Cell:
    """Join the items' values under these names: a single value is returned unchanged, several become one text."""
    for name in names:
        items = [getattr(item, name) for item in _flat(items) if item is not None]
    found = [value for value in _flat(items) if value is not None and value != ""]
    if len(found) > 1:
        return BETWEEN.join(map(str, found))
    return found[0] if found else None


def _flat(items: list[Any]) -> list[Any]:
    """Flatten nested lists."""
    if list not in map(type, items):
        return items
    return [part for item in items for part in (item if type(item) is list else (item,))]
