"""Events per month as bars, each a way into the list."""

import itertools
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth

from conflict.pages.filters import EventFilter
from conflict.pages.wording import days
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.rows import UNDATED_SORTS_ON

HEIGHT = 64
BASELINE = HEIGHT - 2


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    width: str
    y: str
    height: str
    label: str
    number: int
    query: str


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    x: str
    width: str
    number: int
    query: str


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: list[Bar]
    years: list[Year]
    tallest: int
    height: int
    baseline: int
    before: int
    """Events before the first year drawn; the text beside the chart says so."""


def histogram(found: PublishedEventQuerySet, chosen: EventFilter) -> Histogram | None:
    """Counts by the month an event stands in; an event known by its year alone stands in that year's first month."""
    counts = dict(
        found.exclude(sorts_on=UNDATED_SORTS_ON).order_by().values_list(TruncMonth("sorts_on")).annotate(Count("key"))
    )
    if not counts:
        return None
    first, last = _years_in_sight(counts)
    months = (last - first + 1) * 12
    shown = {month: number for month, number in counts.items() if month.year >= first}
    tallest = max(shown.values())
    bars = []
    for month, number in sorted(shown.items()):
        place = (month.year - first) * 12 + month.month - 1
        height = max(number / tallest * (HEIGHT - 4), 2)
        bars.append(
            Bar(
                x=_percent(place / months),
                width=_percent(0.86 / months),
                y=f"{BASELINE - height:.1f}",
                height=f"{height:.1f}",
                label=days.month(month.year, month.month),
                number=number,
                query=chosen.query(**{"from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}),
            )
        )
    years = [
        Year(
            year=year,
            x=_percent((year - first) * 12 / months),
            width=_percent(12 / months),
            number=sum(number for month, number in shown.items() if month.year == year),
            query=chosen.query(**{"from": str(year), "to": str(year)}),
        )
        for year in range(first, last + 1)
    ]
    before = sum(number for month, number in counts.items() if month.year < first)
    return Histogram(bars, years, tallest, HEIGHT, BASELINE, before)


def _years_in_sight(counts: dict[date, int]) -> tuple[int, int]:
    """The last run of years without a hole of more than ten: a forerunner decades before would flatten the rest."""
    years = sorted({month.year for month in counts})
    last = years[-1]
    first = years[0]
    for earlier, later in itertools.pairwise(years):
        if later - earlier > 10:
            first = later
    if last - first > 40:
        first = last - 40
    return first, last


def _percent(share: float) -> str:
    return f"{share * 100:.3f}%"
