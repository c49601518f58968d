"""Versions of an entry for display: contents of one version, or changes between two, line by line."""

from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import override

from conflict.documents.comparison import compare
from conflict.documents.schema_upgrades import lifted
from conflict.public import queries
from conflict.record.models import Publication

VERSIONS_TOLD = 10  # on an entry's own page


class Line(NamedTuple):
    """One field before and after; empty if it had no value."""

    field: str
    before: str
    after: str


def lines(kind: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Line]:
    """Differences between two documents, or all contents of a single one. In English, like the documents."""
    with override("en"):
        return [
            Line(" › ".join(filter(None, (part.title, each.field))), each.before, each.after)
            for part in compare(kind, old, new)
            for each in part.differences
        ]


def history(kind: str, key: str) -> list[dict[str, Any]]:
    """Newest versions, each with its changes to the one before."""
    steps = list(queries.log().of(kind, key).newest_first()[: VERSIONS_TOLD + 1])
    told = [
        {
            "step": step,
            "lines": lines(kind, text_of(before), text_of(step)) if step.document and before.document else [],
        }
        for step, before in pairwise(steps)
    ]
    rest = steps[-1:] if len(steps) <= VERSIONS_TOLD else []
    return [*told, *({"step": step, "lines": []} for step in rest)]


def text_of(step: Publication | None) -> dict[str, Any] | None:
    """Document of the version in the current schema; None for a withdrawal, or if its text was removed."""
    return lifted(step.entry_kind, step.document) if step and step.document else None
