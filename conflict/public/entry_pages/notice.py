"""Notices as listed on their page. A notice has no page of its own."""

from itertools import groupby
from typing import Any

from conflict import dates
from conflict.public import queries
from conflict.vocabulary import NoticeKind


def context(bodies: list[queries.Body]) -> dict[str, Any]:
    """Template context of a page of notices; also used by the desk to preview a draft."""
    standing = [notice for notice in bodies if not notice["resolved_on"]]
    dated = [notice for notice in standing if notice["raised_on"]]
    return {
        "months": [(month, list(of_month)) for month, of_month in groupby(dated, _month)],
        "undated": [notice for notice in standing if not notice["raised_on"]],
        "settled": [notice for notice in bodies if notice["resolved_on"]],
        "kinds": kinds(standing),
    }


def _month(notice: queries.Body) -> str:
    """Month in which it was raised, or the year if no more is known."""
    raised = dates.parse(notice["raised_on"])
    return f"{raised.sorts_on:%Y}" if raised.precision == dates.Precision.YEAR else f"{raised.sorts_on:%Y-%m}"


def kinds(standing: list[dict[str, Any]]) -> list[tuple[NoticeKind, int]]:
    counts = {kind: sum(notice["kind"] == kind for notice in standing) for kind in NoticeKind}
    return [(kind, number) for kind, number in counts.items() if number]
