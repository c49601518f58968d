"""Tombstones of withdrawn entries."""

from collections.abc import Iterable
from typing import Any

from conflict.record.models import Publication, Tombstone
from conflict.vocabulary import ChangeKind


def write(steps: Iterable[Publication]) -> None:
    """Write the tombstones of withdrawn and redacted entries."""
    for step in steps:
        if step.change_kind == ChangeKind.REVIEWED:
            step = withdrawn_by(step)
        Tombstone.objects.update_or_create(entry_kind=step.entry_kind, key=step.key, defaults=fields(step))


def withdrawn_by(reading: Publication) -> Publication:
    """The step that withdrew the entry: the one before a second person read the withdrawal."""
    steps = Publication.objects.of(reading.entry_kind, reading.key).exclude(change_kind=ChangeKind.REVIEWED)
    return steps.filter(number__lt=reading.number).newest_first()[0]


def fields(step: Publication) -> dict[str, Any]:
    """Fields of a tombstone, taken from the log step that withdrew the entry."""
    return {
        "publication_id": step.number,
        "withdrawn_at": step.published_at,
        "reason": step.reason,
        "successor": step.successor,
        "label": "",
    }
