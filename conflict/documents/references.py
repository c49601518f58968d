"""References between documents: objects with `kind` and `key`, without the other entry's label.

A document refers by key alone, so that renaming an actor changes no other document. The record's bodies add the current
label to the key.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Reference(NamedTuple):
    """One entry or claim, by kind and key."""

    kind: str
    key: str


REFERABLE = frozenset({"actor", "location", "source", "period", "event", "notice", "claim"})
LARGEST = 4  # parts of a reference
SINGLE_SOURCE = 1  # distinct sources of an event that has a single source; without any, it is unsourced


def references(document: Any) -> list[Reference]:
    """Every reference in the document, in order, including repetitions."""
    return [Reference(found["kind"], found["key"]) for found in referring(document)]


def referring(document: Any) -> list[dict[str, Any]]:
    """The objects in the document that are references, in order."""
    found: list[dict[str, Any]] = []
    _gather((document,), found)
    return found


def cited_sources(found: Iterable[tuple[str, str]]) -> set[str]:
    """Keys of the sources among these references: of a document's, those that it and everything in it cites."""
    return {key for kind, key in found if kind == "source"}


def label(found: Iterable[dict[str, Any]], labels: Mapping[Any, str], names_in: Mapping[Any, dict[str, str]]) -> None:
    """Set the `name` of these references, in every language and in place: a copy would take twice as long."""
    for reference in found:
        kind, key = reference["kind"], reference["key"]
        reference.clear()
        reference["kind"], reference["key"] = kind, key
        reference["name"] = labels.get((kind, key), key)
        if (kind, key) in names_in:
            reference["name_in"] = names_in[kind, key]


def _gather(values: Iterable[Any], found: list[dict[str, Any]]) -> None:
    """References in a document: objects with `kind`, `key` and perhaps the current `name`, and nothing else."""
    for value in values:
        sort = type(value)
        if sort is dict:
            parts = len(value)
            if (
                parts <= LARGEST
                and type(value.get("key")) is str
                and value.get("kind") in REFERABLE
                and (parts == 2 or "name" in value)
            ):
                found.append(value)
            elif value:
                _gather(value.values(), found)
        elif sort is list and value:
            _gather(value, found)
