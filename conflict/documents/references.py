"""References between documents: an object with `kind` and `key`, without the other entry's label.

A document refers by key alone, so that renaming an actor changes no other document. The
record's bodies carry the label of the day beside the key.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Reference(NamedTuple):
    """One entry or claim, by kind and key."""

    kind: str
    key: str


REFERABLE = frozenset({"actor", "location", "source", "period", "event", "notice", "claim"})


def references(document: Any) -> Iterator[Reference]:
    """Every reference in the document, in order, repeated where it is repeated."""
    match document:
        case {"kind": str(kind), "key": str(key), **rest} if kind in REFERABLE and not rest.keys() - {"name"}:
            yield Reference(kind, key)
        case dict():
            for value in document.values():
                yield from references(value)
        case list():
            for value in document:
                yield from references(value)


def labelled(document: Any, labels: Mapping[Reference, str]) -> Any:
    """A copy in which every reference carries the `name` that `labels` has for it."""
    match document:
        case {"kind": str(kind), "key": str(key), **rest} if kind in REFERABLE and not rest.keys() - {"name"}:
            return {"kind": kind, "key": key, "name": labels.get(Reference(kind, key), key)}
        case dict():
            return {name: labelled(value, labels) for name, value in document.items()}
        case list():
            return [labelled(value, labels) for value in document]
        case _:
            return document
