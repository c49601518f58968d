"""Upgrades of old documents to the current schema. A stored text is never rewritten; it is upgraded when read."""

from collections.abc import Callable
from typing import Any

import msgspec

from conflict.documents import entries
from conflict.documents.translations import IF_TRANSLATED, with_texts
from conflict.vocabulary import ClaimScope, EntryKind

Lift = Callable[[str, dict[str, Any]], dict[str, Any]]


def _scope_of_figures(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """1 to 2: claims have a scope, and may give a best figure within a range."""
    if kind != EntryKind.EVENT:
        return document
    claims = [
        {"best": None, "scope": ClaimScope.EVENT.value, "scope_when": "", **claim} for claim in document["claims"]
    ]
    return document | {"claims": claims}


def _without_translations(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """2 to 3: documents have translations; older ones get none."""
    for of, owner in with_texts(kind, document):
        if of not in IF_TRANSLATED:
            owner.setdefault("translations", {})
    return document


def _dates_claimed(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """3 to 4: a claim may be about the date of its event."""
    for claim in document["claims"] if kind == EntryKind.EVENT else ():
        claim.setdefault("when", "")
    return document


LIFTS: dict[int, Lift] = {  # from schema n to n + 1, where more than `entries.ADDED` says
    1: _scope_of_figures,
    2: _without_translations,
    3: _dates_claimed,
}


def lifted(kind: str, text: str) -> dict[str, Any]:
    """Document of a canonical text, in the current schema.

    Raises UnknownSchema for a text written by a later version of this software.
    """
    document: dict[str, Any] = msgspec.json.decode(text)
    for schema in range(document["schema"], entries.SCHEMA):
        if schema in LIFTS:
            document = LIFTS[schema](kind, document)
        document |= {**entries.ADDED.get(schema + 1, {}).get(kind, {}), "schema": schema + 1}
    if document["schema"] != entries.SCHEMA:
        raise UnknownSchema(
            f"The {kind} {document.get('key')} is written in schema {document['schema']}; "
            f"this version reads up to {entries.SCHEMA}. Upgrade the software."
        )
    return document


def same(kind: str, one: str, other: str) -> bool:
    """Return True if two canonical texts have the same content, even if written in different schemas."""
    if one == other or not one or not other:
        return one == other
    written = {msgspec.json.decode(text, type=_Schema).schema for text in (one, other)}
    return len(written) > 1 and lifted(kind, one) == lifted(kind, other)


class _Schema(msgspec.Struct):
    schema: int


class UnknownSchema(ValueError):
    """The document has a schema that this version does not know."""
