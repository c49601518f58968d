"""References between documents: an object with `kind` and `key`, without the other entry's label.

A document refers by key alone, so that renaming an actor changes no other document. The
record's bodies carry the label of the day beside the key.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Reference(NamedTuple):
    """One entry or claim, by kind and key."""

    kind: str
    key: str


REFERABLE = frozenset({"actor", "location", "source", "period", "event", "notice", "claim"})
LARGEST = 3  # parts of a reference
NESTED = frozenset({dict, list})


def references(document: Any) -> list[Reference]:
    """Every reference in the document, in order, repeated where it is repeated."""
    found: list[Reference] = []
    _gather(document, found)
    return found


def _gather(value: Any, found: list[Reference]) -> None:
    if type(value) is dict:
        if _refers(value):
            found.append(Reference(value["kind"], value["key"]))
            return
        value = value.values()
    for item in value:
        if type(item) in NESTED and item:
            _gather(item, found)


def labelled(document: Any, labels: Mapping[Reference, str]) -> Any:
    """A copy in which every reference carries the `name` that `labels` has for it."""
    if type(document) is dict:
        if _refers(document):
            kind, key = document["kind"], document["key"]
            return {"kind": kind, "key": key, "name": labels.get(Reference(kind, key), key)}
        return {name: labelled(value, labels) if type(value) in NESTED else value for name, value in document.items()}
    return [labelled(value, labels) if type(value) in NESTED else value for value in document]


def _refers(value: dict[str, Any]) -> bool:
    """An object with `kind` and `key` and nothing else but perhaps the `name` of the day."""
    return (
        len(value) <= LARGEST
        and isinstance(value.get("key"), str)
        and value.get("kind") in REFERABLE
        and (len(value) == 2 or "name" in value)
    )
