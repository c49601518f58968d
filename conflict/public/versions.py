"""The versions of an entry as pages tell of them: what one says, what another changed, line by line."""

from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import override

from conflict.documents.comparison import compare
from conflict.documents.schema_upgrades import lifted
from conflict.public import queries
from conflict.record.models import Publication

VERSIONS_TOLD = 10  # of an entry, on its own page


class Line(NamedTuple):
    """One field before and after; empty where it said nothing."""

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
    """The newest versions, each with what it changed of the one before."""
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
    """The version's document in today's shape; None for a withdrawal, and where its text was removed."""
    return lifted(step.entry_kind, step.document) if step and step.document else None
