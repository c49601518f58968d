"""Spans: the days that something may have happened on, as ranges in the database, and the three ways in which they may
lie to a half-open period [start, end); None leaves a side open.

What has no date has no span, and is not found. `conflict.dates.When.may_lie_within` is the first of them without the database.
"""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q


def may_lie_within(start: date | None, end: date | None, span: str = "span") -> Q:
    """Condition for what may have happened within the period."""
    return Q(**{f"{span}__overlap": DateRange(start, end)})


def lies_within(start: date | None, end: date | None, span: str = "span") -> Q:
    """Condition for what cannot have happened outside of the period."""
    return Q(**{f"{span}__contained_by": DateRange(start, end)})


def may_lie_within_or_outside(start: date | None, end: date | None, span: str = "span") -> Q:
    """Condition for what may have happened within the period, and may also have not.

    Such a span goes on beyond an edge of the period, so that an index of spans finds it by the day next to it.
    """
    beyond = Q(pk__in=())
    if start and start > date.min:
        beyond |= Q(**{f"{span}__contains": start - timedelta(days=1)})
    if end:
        beyond |= Q(**{f"{span}__contains": end})
    return beyond & may_lie_within(start, end, span)
