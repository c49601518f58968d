"""Versions of an entry: the published and the drafted text, and names for the keys in them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from conflict.documents import canonical_text, document, references
from conflict.documents.entries import RestrictedSource
from conflict.documents.references import Reference
from conflict.documents.schema_upgrades import lifted
from conflict.models import ENTRIES, Claim
from conflict.record.models import PUBLISHED, Publication

Document = dict[str, Any]
Key = tuple[str, str]
CLAIM = "claim"


def published(wanted: Iterable[Key]) -> dict[Key, Document]:
    """The public documents of these entries, by kind and key; without those that are not public."""
    found: dict[Key, Document] = {}
    for kind, keys in _by_kind(wanted).items():
        rows = PUBLISHED[kind]._default_manager.filter(key__in=keys).values_list("key", "publication__document")
        found |= {(kind, key): lifted(kind, text) for key, text in rows if text}
    return found


def before(number: int, wanted: Iterable[Key]) -> dict[Key, Document]:
    """Documents of these entries that were public before this number of the log; without those that were not."""
    found: dict[Key, Document] = {}
    for kind, keys in _by_kind(wanted).items():
        steps = Publication.objects.filter(entry_kind=kind, key__in=keys, number__lt=number)
        newest = steps.order_by("key", "-version").distinct("key").values_list("key", "document")
        found |= {(kind, key): lifted(kind, text) for key, text in newest if text}
    return found


def drafted(wanted: Iterable[Key]) -> dict[Key, Document]:
    """Documents that these entries would become in their current state; without those that may not be published."""
    found: dict[Key, Document] = {}
    for kind, keys in _by_kind(wanted).items():
        for entry in ENTRIES[kind].objects.filter(key__in=keys).with_children():
            try:
                found[kind, entry.key] = plain(document(kind, entry))
            except RestrictedSource:
                continue
    return found


def version(kind: str, key: str, number: int) -> Document | None:
    """One version of the log; None for a withdrawal, a redacted text, or a number that was never given."""
    text = Publication.objects.of(kind, key).filter(version=number).values_list("document", flat=True).first()
    return lifted(kind, text) if text else None


def plain(shown: Document) -> Document:
    """The document as read back from its canonical text."""
    read: Document = json.loads(canonical_text(shown))
    return read


def names(documents: Iterable[Document | None]) -> dict[Reference, str]:
    """Desk names of the entries and claims that the documents reference; one query per kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for shown in documents:
        for reference in references({**(shown or {}), "key": None}):
            wanted[reference.kind].add(reference.key)
    models: Mapping[str, Any] = {**ENTRIES, CLAIM: Claim}
    return {
        Reference(kind, row.key): str(row)
        for kind, keys in wanted.items()
        for row in models[kind]._default_manager.filter(key__in=keys)
    }


def _by_kind(wanted: Iterable[Key]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in wanted:
        keys[kind].append(key)
    return keys
