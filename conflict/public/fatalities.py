"""The dead of many events over time, each once: what happened in a month, what spans months, and what has no date.

A month counts what happened within it. What spans months, or may have, is kept apart over its span; what has no date, or
an open end, stands aside with its number. Each is a total of its own (`conflict.totals`), and so is a year and the whole:
they need not add up, because a part may lie in a month and its whole in a year.
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


@dataclass(slots=True)
class Fatalities:
    """Totals by the month, by the run of months that they may lie in, and of what has no place in time."""

    months: dict[date, Total] = field(default_factory=dict)
    spans: dict[Months, Total] = field(default_factory=dict)
    years: dict[int, Total] = field(default_factory=dict)
    undated: Total | None = None
    whole: Total | None = None

    def __bool__(self) -> bool:
        return self.whole is not None


def over_time(events: Iterable[Body], of: Collection[str] = ()) -> Fatalities:
    """Fatalities over time in these events; with `of`, only the dead of these actors."""
    bodies = list(events)
    ties = Ties.between(bodies)
    counts = [count for body in bodies for count in counts_of(body, Measure.KILLED)]
    if of:
        counts = of_parties(counts, of)
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
    )


def months_of(count: Count) -> Months | None:
    """The first days of the months in which it began and ended at the latest; None where an end is open."""
    if not count.starts_on or count.ends_before == NEVER:
        return None
    first, last = date.fromisoformat(count.starts_on), date.fromisoformat(count.ends_before) - timedelta(days=1)
    return first.replace(day=1), max(last, first).replace(day=1)


def _totals(found: Mapping[Any, list[Count]], ties: Ties) -> dict[Any, Total]:
    return {when: whole for when, counts in sorted(found.items()) if (whole := total(counts, ties))}
