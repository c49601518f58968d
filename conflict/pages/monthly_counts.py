"""Months as bars that link to the list: number of events, or number of people reportedly killed."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from conflict.pages.event_filter import EventFilter
from conflict.public import introduction, queries
from conflict.public.cache.counts import by_month, events_by_month
from conflict.public.cache.fragments import rendered
from conflict.public.charts.figure_scale import round_top
from conflict.public.fatalities_over_time import Fatalities, Months
from conflict.public.toll import count_dead
from conflict.record.models.event import PublishedEventQuerySet
from conflict.totals import Total
from conflict.wording import days, figures
from conflict.wording.messages import gettext as _

HEIGHT = 160
TOP = 22  # room for the marks of turning points
BASELINE = HEIGHT - 2
EVENTS_READ = 5000  # bodies read for one chart at most


class Counting(Enum):
    """Unit counted by the bars."""

    EVENTS = "events"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Bar:
    """A month; `place` counts from January of the first year drawn, and is the bar's place in the drawing."""

    place: int
    height: str
    label: str
    number: int
    query: str
    words: str = ""
    low_height: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Bar for a count that spans several months, drawn over that span."""

    x: str
    end: str
    y: int
    label: str
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    x: str
    width: str
    number: int
    words: str
    query: str
    has_figures: bool = False
    """Set for deaths if the year has a figure that none of its months has."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Line across the chart at a round number."""

    y: str
    label: str


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """Event marked on the chart by its number in the list below it."""

    x: str
    number: int
    key: str
    when: str
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: list[Bar]
    years: list[Year]
    tallest: int
    height: int
    baseline: int
    before: int
    """Number of events before the first year drawn, mentioned in the text beside the chart."""
    brackets: list[Bracket] = field(default_factory=list)
    aside: str = ""
    """Deaths without a date that could be drawn."""
    whole: str = ""
    may_overlap: bool = False
    whose: str = ""
    ticks: list[Tick] = field(default_factory=list)
    turns: list[TurningPoint] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of months drawn."""
        return len(self.years) * 12

    @property
    def months(self) -> list[Bar]:
        """Bars to label by month, if the chart shows a single year."""
        return self.bars if len(self.years) == 1 else []

    @property
    def names(self) -> list[str]:
        return days.month_names(short=True)

    @property
    def calendar(self) -> list[tuple[int, list[Bar | None]]]:
        """Months as a table: a row for each year with any, a cell for each of its months."""
        at = {bar.place: bar for bar in self.bars}
        rows = [(year.year, [at.get(row * 12 + month) for month in range(12)]) for row, year in enumerate(self.years)]
        return [(year, cells) for year, cells in rows if any(cells)]


def drawn(found: PublishedEventQuerySet, chosen: EventFilter, counting: Counting, *, home: str = "") -> SafeString:
    """The chart, with its years and an equivalent table; empty if there is nothing to draw.

    It links to the list at `home`, or to the page that it is on.
    """
    return rendered(
        "pages/parts/histogram.html",
        (counting.value, chosen.given, home),
        lambda: {
            "chosen": chosen,
            "home": home,
            "counting": counting.value,
            "histogram": histogram(found, chosen, counting),
            "killed_query": chosen.query(chart=Counting.KILLED.value),
        },
        place=(counting.value, chosen.given, home),
    )


def rendered_as_of(counted: dict[date, int] | Fatalities, chosen: EventFilter, home: str) -> SafeString:
    """The chart of events by month, or of the dead, which are not the record's of today; empty if there are none."""
    dead = counted if isinstance(counted, Fatalities) else Fatalities()
    counting = Counting.KILLED if counted is dead else Counting.EVENTS
    counts = _by_month(counted) if isinstance(counted, Fatalities) else counted
    chart = _drawn(counts, chosen, dead, is_of_today=False)
    context = {"chosen": chosen, "home": home, "counting": counting.value, "histogram": chart}
    return SafeString(render_to_string("pages/parts/histogram.html", context))


def histogram(found: PublishedEventQuerySet, chosen: EventFilter, counting: Counting) -> Histogram | None:
    """Histogram by month; an event of which only the year is known counts in the first month of that year."""
    if counting == Counting.KILLED:
        over_time = killed(found, chosen)
        if over_time is None:
            return None
        return _drawn(_by_month(over_time), chosen, over_time)
    return _drawn(by_month(chosen.to_count()) if chosen else events_by_month(), chosen, Fatalities())


def _by_month(dead: Fatalities) -> dict[date, int]:
    """The highest number of each month; none for a month in which a span begins or ends."""
    counts = {month: whole.high or 0 for month, whole in dead.months.items()}
    return counts | {month: 0 for run in dead.spans for month in run if month not in counts}


def killed(found: PublishedEventQuerySet, chosen: EventFilter) -> Fatalities | None:
    """Number of people killed in these events; if filtered by an actor, only that actor's dead; if filtered
    by dates, only figures that lie within them.

    None for more than EVENTS_READ events. Figures without a number do not count.
    """
    dead = count_dead(found, chosen.values, EVENTS_READ)
    return dead.over_time if dead else None


def _drawn(
    counts: dict[date, int], chosen: EventFilter, dead: Fatalities, *, is_of_today: bool = True
) -> Histogram | None:
    if not counts:
        return None
    first, last = years_in_sight(counts)
    months = (last - first + 1) * 12
    shown = {month: number for month, number in counts.items() if month.year >= first and (number or not dead)}
    tallest = max(shown.values(), default=0) or 1
    bars = [
        _bar(month, number, place_of(month, first), tallest, chosen, dead) for month, number in sorted(shown.items())
    ]
    years = [
        Year(
            year=year,
            x=_percent((year - first) * 12 / months),
            width=_percent(12 / months),
            number=sum(number for month, number in counts.items() if month.year == year),
            words=_words(dead.years[year])
            if year in dead.years
            else figures.number(sum(number for month, number in counts.items() if month.year == year)),
            query=chosen.query(**{"from": str(year), "to": str(year)}),
            has_figures=year in dead.years,
        )
        for year in range(first, last + 1)
    ]
    before = sum(number for month, number in counts.items() if month.year < first)
    return Histogram(
        bars,
        years,
        tallest,
        HEIGHT,
        BASELINE,
        before,
        brackets=[
            _bracket(run, whole, first, months, row, chosen)
            for row, (run, whole) in enumerate(item for item in dead.spans.items() if item[0][0].year >= first)
        ],
        aside=_words(dead.undated) if dead.undated else "",
        whole=_words(dead.whole) if dead.whole else "",
        may_overlap=bool(dead.whole and dead.whole.may_overlap),
        whose=chosen.whose if dead else "",
        ticks=_ticks(tallest),
        turns=_turns(first, months) if is_of_today and not chosen and not dead else [],
    )


def _ticks(tallest: int) -> list[Tick]:
    """Two to five round numbers."""
    _top, step = round_top(tallest)
    return [
        Tick(f"{BASELINE - _height(number, tallest):.1f}", figures.number(number))
        for number in range(step, tallest + 1, step)
    ]


def _turns(first: int, months: int) -> list[TurningPoint]:
    """Turning points that the introduction names, as far as they are public and dated."""
    labels = {turn.event: turn.label for turn in introduction.turns()}
    rows = queries.events().filter(key__in=labels).order_by("sorts_on", "key").values_list("key", "sorts_on", "when")
    shown = [(key, day, when) for key, day, when in rows if first <= day.year < first + months // 12]
    return [
        TurningPoint(
            _percent((place_of(day, first) + 0.5) / months), number, key, days.words(when, short=True), labels[key]
        )
        for number, (key, day, when) in enumerate(shown, start=1)
    ]


def place_of(month: date, first: int) -> int:
    return (month.year - first) * 12 + month.month - 1


def _bracket(run: Months, whole: Total, first: int, months: int, row: int, chosen: EventFilter) -> Bracket:
    start, end = run
    x = place_of(start, first)
    return Bracket(
        x=_percent(x / months),
        end=_percent((place_of(end, first) + 1) / months),
        y=TOP + row * 5 % 30,
        label=_("%(first)s to %(last)s")
        % {"first": days.month(start.year, start.month), "last": days.month(end.year, end.month)},
        words=_words(whole),
        query=chosen.query(**{"from": f"{start:%Y-%m}", "to": f"{end:%Y-%m}"}),
    )


def _bar(month: date, number: int, place: int, tallest: int, chosen: EventFilter, dead: Fatalities) -> Bar:
    whole = dead.months.get(month)
    low = whole.low or 0 if whole else 0
    height, low_height = _height(number, tallest), _height(low, tallest) if low else 0
    return Bar(
        place=place,
        height=f"{height:.0f}",
        label=days.month(month.year, month.month),
        number=number,
        query=chosen.query(**{"from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}),
        words=_words(whole) if whole else figures.number(number),
        low_height=f"{low_height:.0f}",
    )


def _height(number: int, tallest: int) -> float:
    return max(number / tallest * (BASELINE - TOP), 2)


def _words(whole: Total) -> str:
    return figures.total(whole.as_dict())


def years_in_sight(at: Iterable[date]) -> tuple[int, int]:
    """The last years without a gap of more than ten. An event decades earlier would squeeze all the others together."""
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
