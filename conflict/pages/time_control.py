"""The timeline as the control of the map: a year or a month of it chooses what the map shows, by its address."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from conflict import dates
from conflict.pages import monthly_counts
from conflict.pages.event_filter import EventFilter
from conflict.public.cache.counts import by_month, events_by_month
from conflict.wording import days

HEIGHT = 48  # units of the drawing; across, a month is one


class Step(NamedTuple):
    """A year or a month that can be chosen."""

    label: str
    query: str
    number: int = 0
    is_chosen: bool = False
    bar: str = ""
    """Height and start of its bar, in the drawing."""
    place: int = 0


@dataclass(frozen=True, slots=True)
class TimeControl:
    bars: list[Step]
    years: list[Step]
    months: list[Step]
    """Months of the chosen year."""
    label: str
    """The chosen dates in words; empty for the whole time."""
    whole: str
    earlier: Step | None
    later: Step | None
    width: int
    height: int = HEIGHT


class Span(NamedTuple):
    """A year, or a month of it."""

    year: int
    month: int = 0

    @property
    def text(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else str(self.year)

    @property
    def label(self) -> str:
        return days.month(self.year, self.month) if self.month else str(self.year)

    def moved(self, by: int) -> "Span":
        if not self.month:
            return Span(self.year + by)
        number = self.year * 12 + self.month - 1 + by
        return Span(number // 12, number % 12 + 1)


def time_control(chosen: EventFilter) -> TimeControl | None:
    """Years and months of what else is filtered for; None if none of it has a date."""
    every = chosen.without("from", "to")
    counts = by_month(every.to_count()) if every else events_by_month()
    if not counts:
        return None
    first, last = monthly_counts.years_in_sight(counts)
    shown = {month: number for month, number in counts.items() if month.year >= first}
    tallest = max(shown.values())
    span = _span(chosen)
    start, end = chosen.within or (None, None)

    def step(span_of: Span, number: int = 0, is_chosen: bool = False) -> Step:
        query = chosen.query(**{"from": span_of.text, "to": span_of.text})
        return Step(span_of.label, query, number, is_chosen)

    def beside(by: int) -> Step | None:
        if span is None:
            return step(Span(first, 1)) if by > 0 and not chosen.within else None
        other = span.moved(by)
        return step(other) if first <= other.year <= last else None

    return TimeControl(
        bars=[
            step(
                Span(month.year, month.month),
                number,
                chosen.within is not None and (not start or month >= start.replace(day=1)) and (not end or month < end),
            )._replace(bar=f"{max(number / tallest * HEIGHT, 1.5):.0f}", place=monthly_counts.place_of(month, first))
            for month, number in sorted(shown.items())
        ],
        years=[
            step(
                Span(year),
                sum(number for month, number in counts.items() if month.year == year),
                span is not None and span.year == year,
            )
            for year in range(first, last + 1)
        ],
        months=[
            step(Span(span.year, month), counts.get(date(span.year, month, 1), 0), span.month == month)._replace(
                label=name
            )
            for month, name in enumerate(days.month_names(), 1)
        ]
        if span
        else [],
        label=chosen_dates(chosen),
        whole=every.query() or ".",
        earlier=beside(-1),
        later=beside(1),
        width=(last - first + 1) * 12,
    )


def _span(chosen: EventFilter) -> Span | None:
    """The year or month that is chosen; None if it is the whole time, or another stretch of it."""
    text = chosen.given.get("from", "")
    if not text or text != chosen.given.get("to"):
        return None
    point = dates.parse(text)
    if point.starts_on is None or len(text) not in (4, 7) or not text.replace("-", "").isdigit():
        return None
    return Span(point.starts_on.year, point.starts_on.month if len(text) == 7 else 0)


def chosen_dates(chosen: EventFilter) -> str:
    """The chosen dates in words; empty for the whole time."""
    if span := _span(chosen):
        return span.label
    return ", ".join(part["words"] for part in chosen.said() if part["name"] in ("from", "to"))
