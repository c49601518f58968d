"""Which finding decides a figure, and the range that it gives.

A finding has no unit and no scope: it is about the event as a whole, so it decides none of the figures of a part, an
episode or a longer period.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from conflict.estimates import Subject, identity
from conflict.vocabulary import ClaimScope, FindingAspect

Finding = Mapping[str, Any]


class Figure(NamedTuple):
    """Figure of a finding. A bound that it leaves out is its best figure, if it gives one.

    `low` is None for "up to 10"; `high` is that of `low`, and `is_open_above` true, for "10 or more".
    """

    low: int | None
    best: int | None
    high: int
    is_open_above: bool


def figure(finding: Finding) -> Figure | None:
    """Figure of a finding; None if it decides on none."""
    low, best, high = finding["low"], finding["best"], finding["high"]
    low = best if low is None else low
    top = next((bound for bound in (high, best, low) if bound is not None), None)
    return None if top is None else Figure(low, best, top, is_open_above=high is None and best is None)


def on_figure(event: Mapping[str, Any], measure: str, subject: Subject, scope: str) -> list[Finding]:
    """Findings of an event, given by its body, on this figure, with or without a number."""
    if scope != ClaimScope.EVENT:
        return []
    return [
        finding
        for finding in event["findings"]
        if finding["aspect"] == FindingAspect.FIGURE
        and (finding["measure"], identity(finding["subject"])) == (measure, subject)
    ]


def deciding(event: Mapping[str, Any], estimate: Mapping[str, Any]) -> Finding | None:
    """Finding whose figure is published instead of the range of the claims.

    There is one at most (`editorial.workflow.figure_rules`); of those published before this was a rule, the first.
    """
    found = on_figure(event, estimate["measure"], identity(estimate["subject"]), estimate["scope"])
    return next((finding for finding in found if figure(finding)), None)
