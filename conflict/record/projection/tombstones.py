"""Tombstones of withdrawn entries."""

from collections.abc import Iterable
from typing import Any

from conflict.record.models import (
    Action,
    Publication,
    Tombstone,
)


def write(steps: Iterable[Publication]) -> None:
    """Write the tombstones of withdrawn entries; redacted ones lose their texts."""
    for step in steps:
        if step.action == Action.REDACT:
            Publication.objects.of(step.entry_kind, step.key).filter(document__isnull=False).update(document=None)
        Tombstone.objects.update_or_create(entry_kind=step.entry_kind, key=step.key, defaults=fields(step))


def fields(step: Publication) -> dict[str, Any]:
    """Fields of a tombstone, taken from the log step that withdrew the entry."""
    return {
        "publication_id": step.number,
        "withdrawn_at": step.published_at,
        "reason": step.reason,
        "successor": step.successor,
        "label": "",
    }
