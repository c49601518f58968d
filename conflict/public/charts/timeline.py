"""Strip of events over time: one tick per month with events, to show at a glance when an actor or a place appears."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from conflict.public.cache.counts import by_month
from conflict.wording import days


@dataclass(frozen=True, slots=True)
class Month:
    x: str
    width: str
    y: str
    height: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Strip:
    months: list[Month]
    years: list[tuple[int, str]]
    height: int


HEIGHT = 36


def strip(found: QuerySet[Any], until: int) -> Strip | None:
    """Strip of months up to the end of `until`, so that all strips of the site share one scale.

    None for fewer than two dated events: a single tick conveys nothing.
    """
    counts = by_month(found)
    if sum(counts.values()) < 2:
        return None
    # Events before the conflict would only squeeze everything else.
    first, last = min(settings.CHRONOLOGY.since or min(counts).year, until), until
    months = (last - first + 1) * 12
    tallest = max(counts.values())
    drawn = []
    for month, number in sorted(counts.items()):
        if month.year < first:
            continue
        place = (month.year - first) * 12 + month.month - 1
        height = 6 + (HEIGHT - 6) * number / tallest
        drawn.append(
            Month(
                x=f"{place / months * 100:.3f}%",
                width=f"{max(86 / months, 0.6):.3f}%",
                y=f"{HEIGHT - height:.1f}",
                height=f"{height:.1f}",
                label=days.month(month.year, month.month),
                number=number,
            )
        )
    years = [(year, f"{(year - first) * 12 / months * 100:.3f}%") for year in range(first, last + 1)]
    return Strip(drawn, years, HEIGHT)
