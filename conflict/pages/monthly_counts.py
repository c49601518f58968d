"""Months as bars, each a way into the list: how many events, or how many are said to have been killed."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Exists, OuterRef
from django.utils.safestring import SafeString

from conflict.pages.event_filter import EventFilter
from conflict.public.cache.counts import by_month, events_by_month
from conflict.public.cache.fragments import rendered
from conflict.public.head import Head, head
from conflict.public.wording import days, figures
from conflict.record.models import PublishedClaim
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.vocabulary import ClaimKind, Measure

HEIGHT = 64
BASELINE = HEIGHT - 2
EVENTS_READ = 5000  # bodies that one chart may read


class Counting(Enum):
    """What the bars count."""

    EVENTS = "events"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    width: str
    y: str
    height: str
    label: str
    number: int
    query: str
    words: str = ""
    low_y: str = ""
    low_height: str = ""


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


def drawn(found: PublishedEventQuerySet, chosen: EventFilter, counting: Counting, under: Head) -> SafeString:
    """The chart, the years below it and the same as a table; empty where there is nothing to draw."""
    stands = chosen.stands_through_rewordings and counting == Counting.EVENTS
    return rendered(
        "pages/parts/histogram.html",
        (counting.value, chosen.given, under if stands else head()),
        lambda: {
            "chosen": chosen,
            "counting": counting.value,
            "histogram": histogram(found, chosen, counting, under),
            "killed_query": chosen.query(chart=Counting.KILLED.value),
        },
        place=(counting.value, chosen.given),
    )


def histogram(found: PublishedEventQuerySet, chosen: EventFilter, counting: Counting, under: Head) -> Histogram | None:
    """By the month an event stands in; an event known by its year alone stands in that year's first month."""
    if counting == Counting.KILLED:
        bands = killed(found)
        return _drawn({month: high for month, (_low, high) in bands.items()}, chosen, bands)
    return _drawn(by_month(chosen.to_count()) if chosen else events_by_month(under), chosen, {})


def killed(found: PublishedEventQuerySet) -> dict[date, tuple[int, int]]:
    """By month, from how many to how many are said to have been killed in its events.

    An event counts with the largest lower figure of any subject, because subjects may overlap
    (“148 bodies of all sides” holds the 46 of one), up to the sum of the upper ones. Figures in
    words alone count nothing. Beyond EVENTS_READ events nothing is drawn.
    """
    telling = PublishedClaim.objects.filter(event=OuterRef("pk"), kind=ClaimKind.FIGURE, measure=Measure.KILLED)
    rows = found.filter(Exists(telling)).exclude(sorts_on=UNDATED_SORTS_ON).order_by("sorts_on", "key")
    bands: dict[date, tuple[int, int]] = {}
    for day, text in rows.values_list("sorts_on", "body")[:EVENTS_READ]:
        spans = [
            one for one in json.loads(text)["estimates"] if one["measure"] == Measure.KILLED and one["high"] is not None
        ]
        if spans:
            low, high = bands.get(day.replace(day=1), (0, 0))
            low += max(one["low"] or 0 for one in spans)
            bands[day.replace(day=1)] = (low, high + sum(one["high"] for one in spans))
    return bands


def _drawn(counts: dict[date, int], chosen: EventFilter, bands: dict[date, tuple[int, int]]) -> Histogram | None:
    if not counts:
        return None
    first, last = years_in_sight(counts)
    months = (last - first + 1) * 12
    shown = {month: number for month, number in counts.items() if month.year >= first}
    tallest = max(shown.values()) or 1
    bars = [
        _bar(
            month, number, ((month.year - first) * 12 + month.month - 1) / months, 0.86 / months, tallest, chosen, bands
        )
        for month, number in sorted(shown.items())
    ]
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


def _bar(
    month: date,
    number: int,
    x: float,
    width: float,
    tallest: int,
    chosen: EventFilter,
    bands: dict[date, tuple[int, int]],
) -> Bar:
    low = bands.get(month, (0, 0))[0]
    height, low_height = _height(number, tallest), _height(low, tallest) if low else 0
    return Bar(
        x=_percent(x),
        width=_percent(width),
        y=f"{BASELINE - height:.1f}",
        height=f"{height:.1f}",
        label=days.month(month.year, month.month),
        number=number,
        query=chosen.query(**{"from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}),
        words=_band(low, number) if bands else figures.number(number),
        low_y=f"{BASELINE - low_height:.1f}",
        low_height=f"{low_height:.1f}",
    )


def _height(number: int, tallest: int) -> float:
    return max(number / tallest * (HEIGHT - 4), 2)


def _band(low: int, high: int) -> str:
    return figures.number(low) if low == high else f"{figures.number(low)}–{figures.number(high)}"


def years_in_sight(at: Iterable[date]) -> tuple[int, int]:
    """The last run of years without a hole of more than ten: a forerunner decades before would flatten the rest."""
    years = sorted({month.year for month in at})
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
