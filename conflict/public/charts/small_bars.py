"""Small bar charts of months or quarters, each a single SVG path, on a scale shared with its neighbours."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

WIDTH, HEIGHT = 240, 32  # units of the view box; the chart is stretched to the width of its column


class SmallBars(NamedTuple):
    """Path of the bars within the view box, and the peak of the chart."""

    path: str
    peak: int
    width: int = WIDTH
    height: int = HEIGHT


def small_bars(counts: Sequence[int], tallest: int, longest: int = 0) -> SmallBars:
    """Bars from left to right, as high as their share of `tallest`. A count of one is always visible.

    If a neighbouring chart has more bars, `longest` is their number, so that a bar has the same width everywhere.
    """
    step = WIDTH / max(len(counts), longest, 1)
    parts = []
    for place, number in enumerate(counts):
        if number:
            height = max(number / max(tallest, 1) * (HEIGHT - 1), 1.5)
            parts.append(f"M{place * step:.1f} {HEIGHT}v-{height:.1f}h{step * 0.84:.1f}v{height:.1f}z")
    return SmallBars("".join(parts), max(counts, default=0))


def months_between(first: date, before: date) -> list[date]:
    """First days of the months from `first` to the one that begins before `before`."""
    number, end = first.year * 12 + first.month - 1, before.year * 12 + before.month - 1 + (before.day > 1)
    return [date(month // 12, month % 12 + 1, 1) for month in range(number, end)]


def by_quarter(counts: Mapping[date, int], first: int, last: int) -> list[int]:
    """Counts by month, added up by quarter, from January of the first year to December of the last."""
    quarters = [0] * ((last - first + 1) * 4)
    for month, number in counts.items():
        place = (month.year - first) * 4 + (month.month - 1) // 3
        if 0 <= place < len(quarters):
            quarters[place] += number
    return quarters
