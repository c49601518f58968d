"""Fatalities of many events over time, each person once: by month, over several months, and without a date.

A month counts deaths within it. Figures that span months, or may do so, are kept separately with their span; those
without a date, or with an open end, are set aside with their number. Each is a total of its own (`conflict.totals`), as
are the years and the grand total: they need not add up, because a part may fall into a month and its whole into a year.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from conflict.totals import NEVER, Count, Ties, Total, counts_of, of_parties, total
from conflict.vocabulary import Measure

Body = Mapping[str, Any]
Months = tuple[date, date]
Period = tuple[date | None, date | None]


@dataclass(slots=True)
class Fatalities:
    """Totals by month, by span of months, and of figures without a position in time."""

    months: dict[date, Total] = field(default_factory=dict)
    spans: dict[Months, Total] = field(default_factory=dict)
    years: dict[int, Total] = field(default_factory=dict)
    undated: Total | None = None
    whole: Total | None = None
    beyond: int = 0
    """Number of figures left out because they may lie outside the period asked for."""

    def __bool__(self) -> bool:
        return self.whole is not None


def over_time(events: Iterable[Body], of: Collection[str] = (), within: Period | None = None) -> Fatalities:
    """Fatalities over time in these events: only dead of the actors `of`, only figures surely `within` the period."""
    bodies = list(events)
    ties = Ties.between(bodies)
    counts = [count for body in bodies for count in counts_of(body, Measure.KILLED)]
    if of:
        counts = of_parties(counts, of)
    found = len(counts)
    if within:
        counts = [count for count in counts if _lies_within(count, *within)]
    months: dict[date, list[Count]] = defaultdict(list)
    spans: dict[Months, list[Count]] = defaultdict(list)
    years: dict[int, list[Count]] = defaultdict(list)
    undated: list[Count] = []
    for count in counts:
        run = months_of(count)
        if run is None:
            undated.append(count)
            continue
        first, last = run
        if first == last:
            months[first].append(count)
        else:
            spans[run].append(count)
        if first.year == last.year:
            years[first.year].append(count)
    return Fatalities(
        months=_totals(months, ties),
        spans=_totals(spans, ties),
        years=_totals(years, ties),
        undated=total(undated, ties),
        whole=total(counts, ties),
        beyond=found - len(counts),
    )


def _lies_within(count: Count, start: date | None, end: date | None) -> bool:
    return (not start or count.starts_on >= start.isoformat()) and (not end or count.ends_before <= end.isoformat())


def months_of(count: Count) -> Months | None:
    """First days of the months in which it began and, at the latest, ended; None if an end is open."""
    if not count.starts_on or count.ends_before == NEVER:
        return None
    first, last = date.fromisoformat(count.starts_on), date.fromisoformat(count.ends_before) - timedelta(days=1)
    return first.replace(day=1), max(last, first).replace(day=1)


def _totals(found: Mapping[Any, list[Count]], ties: Ties) -> dict[Any, Total]:
    return {when: whole for when, counts in sorted(found.items()) if (whole := total(counts, ties))}
