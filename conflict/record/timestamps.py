"""Timestamps and review state of a published entry, derived from the log alone."""

from collections.abc import Collection
from datetime import UTC
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from conflict.record.models import Action
from conflict.record.review_state import review_state
from conflict.vocabulary import ChangeKind, ReviewState

WITHOUT_SUBSTANCE = (ChangeKind.VOCABULARY, ChangeKind.GEOCODING, ChangeKind.REVIEWED)


def clocks(log: QuerySet[Any], publications: Collection[Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Log positions and timestamps of entries, by kind and key, from this part of the log."""
    later = {step.key for step in publications if step.version > 1}
    history = (
        log.filter(key__in=later, action=Action.PUBLISH)
        .values("entry_kind", "key")
        .annotate(
            first=Min("published_at"),
            changed=Max("published_at", filter=~Q(change_kind__in=WITHOUT_SUBSTANCE)),
        )
        .order_by()
    )
    times = {
        (step.entry_kind, step.key): {"first": step.published_at, "changed": step.published_at}
        for step in publications
        if step.version == 1
    } | ({(row["entry_kind"], row["key"]): row for row in history} if later else {})
    return {
        (step.entry_kind, step.key): {
            "publication_id": step.number,
            "version": step.version,
            "first_published_at": times[step.entry_kind, step.key]["first"],
            "changed_at": times[step.entry_kind, step.key]["changed"] or times[step.entry_kind, step.key]["first"],
            **_review(step),
        }
        for step in publications
    }


def _review(step: Any) -> dict[str, Any]:
    state = review_state(step)
    return {
        "review_state": state.value,
        "reviewed_on": step.published_at.astimezone(UTC).date() if state == ReviewState.REVIEWED else None,
    }
