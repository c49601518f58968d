"""The newest versions of an entry, and what each changed."""

from itertools import pairwise
from typing import Any

from conflict.documents.schema_upgrades import lifted
from conflict.public import queries
from conflict.public.difference import differences
from conflict.record.models import Publication

VERSIONS_TOLD = 10  # of an entry, on its own page


def history(kind: str, key: str) -> list[dict[str, Any]]:
    """The newest versions, each with what it changed of the one before."""
    steps = list(queries.log().of(kind, key).newest_first()[: VERSIONS_TOLD + 1])
    told = [
        {
            "step": step,
            "lines": differences(text_of(before), text_of(step)) if step.document and before.document else [],
        }
        for step, before in pairwise(steps)
    ]
    rest = steps[-1:] if len(steps) <= VERSIONS_TOLD else []
    return [*told, *({"step": step, "lines": []} for step in rest)]


def text_of(step: Publication) -> dict[str, Any]:
    return lifted(step.entry_kind, step.document) if step.document else {}
