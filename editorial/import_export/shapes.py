"""Check of a document's shape: its fields and those of its parts, before anything is made of them."""

from collections.abc import Iterator, Set
from typing import Any

from rest_framework.serializers import ListSerializer, Serializer

from conflict.documents.entries import IMPLIED


def faults_of(document: Any, shape: Serializer[Any], what: str, more: Set[str] = frozenset()) -> Iterator[str]:
    """Sentences on fields that the shape, with `more` besides, does not know, and on parts that are no objects or lists."""
    known = shape.fields.keys() - IMPLIED | more
    if not isinstance(document, dict):
        yield f"{what} is {document!r}, but must be an object with {', '.join(sorted(known))}."
        return
    for name in sorted(document.keys() - known - IMPLIED):
        yield f"there is no field “{name}” in {what}; it has {', '.join(sorted(known))}."
    for name, part in shape.fields.items():
        value = document.get(name)
        if value is None:
            continue
        if isinstance(part, ListSerializer) and isinstance(part.child, Serializer):
            if isinstance(value, list):
                for number, one in enumerate(value, start=1):
                    yield from faults_of(one, part.child, f"{name}, number {number}")
            else:
                yield f"{name} is {value!r}, but must be a list."
        elif isinstance(part, Serializer):
            yield from faults_of(value, part, name)
