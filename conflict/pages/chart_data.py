"""The chart as files: its numbers as CSV, and the drawing as SVG."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from conflict.pages import monthly_counts
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.monthly_counts import Counting
from conflict.pages.page_view import page, render_page
from conflict.public.cache.counts import by_month, events_by_month
from conflict.public.fatalities_over_time import Fatalities
from conflict.public.parameters import Term
from conflict.public.query_strings import Parameters

EVENTS = ("month", "events")
KILLED = ("first_month", "last_month", "killed_low", "killed_high", "is_open_above")
Row = tuple[object, ...]


SHOWN = {**FILTERS, "chart": Term("", Counting)}
MANY = 18  # years that can all be written beneath the drawing


@page(SHOWN)
def drawing(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """The chart as a picture that stands alone: with its title, what it leaves out, its source and its licence."""
    chosen, counting = EventFilter.asked(asked), asked["chart"] or Counting.EVENTS
    chart = monthly_counts.histogram(chosen.events, chosen, counting)
    every = 1 if not chart or len(chart.years) <= MANY else 5
    context = {"chosen": chosen, "counting": counting.value, "histogram": chart, "every": every}
    return render_page(request, "chart.svg", context, content_type="image/svg+xml")


@page(SHOWN)
def months(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """The numbers of the chart for these filters: also those that it does not draw, such as the dead without a date."""
    chosen, counting = EventFilter.asked(asked), asked["chart"] or Counting.EVENTS
    if counting == Counting.KILLED:
        dead = monthly_counts.killed(chosen.events, chosen)
        if dead is None:
            asked.refuse(_("Too many events have figures. Choose dates, a place or an actor."))
        return _file([KILLED, *_killed(dead)])
    counts = by_month(chosen.to_count()) if chosen else events_by_month()
    return _file([EVENTS, *((f"{month:%Y-%m}", number) for month, number in sorted(counts.items()))])


def _killed(dead: Fatalities) -> Iterator[Row]:
    for month, whole in dead.months.items():
        yield f"{month:%Y-%m}", f"{month:%Y-%m}", whole.low, whole.high, whole.is_open_above
    for (first, last), whole in dead.spans.items():
        yield f"{first:%Y-%m}", f"{last:%Y-%m}", whole.low, whole.high, whole.is_open_above
    if dead.undated:
        yield "", "", dead.undated.low, dead.undated.high, dead.undated.is_open_above


def _file(rows: list[Row]) -> HttpResponse:
    written = StringIO()
    csv.writer(written).writerows(rows)
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="months.csv"'
    return response
