"""Tombstones of withdrawn entries."""

from collections.abc import Iterable
from typing import Any

from conflict.record.models import Publication, Tombstone


def write(steps: Iterable[Publication]) -> None:
    """Write the tombstones of withdrawn and redacted entries."""
    for step in steps:
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
