"""Old documents, read in today's shape. A stored text is never rewritten; it is lifted when read."""

from collections.abc import Callable
from typing import Any

import msgspec

from conflict.documents.entries import SCHEMA
from conflict.documents.translations import with_texts

Lift = Callable[[str, dict[str, Any]], dict[str, Any]]


def _without_translations(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """A document from before texts were translated has none."""
    for of, owner in with_texts(kind, document):
        if of != "party":  # which has the field only where it is translated
            owner.setdefault("translations", {})
    return document


LIFTS: dict[int, Lift] = {1: _without_translations}  # from schema n to n + 1; a change of shape adds one


def lifted(kind: str, text: str) -> dict[str, Any]:
    """The document that a canonical text holds, in today's schema.

    Raises UnknownSchema for a text written by a later version of this software.
    """
    document: dict[str, Any] = msgspec.json.decode(text)
    for schema in range(document["schema"], SCHEMA):
        document = LIFTS[schema](kind, document) | {"schema": schema + 1}
    if document["schema"] != SCHEMA:
        raise UnknownSchema(
            f"The {kind} {document.get('key')} is written in schema {document['schema']}; this version reads up to {SCHEMA}. Upgrade the software."
        )
    return document


class UnknownSchema(ValueError):
    """A document of a schema that this version does not know."""
