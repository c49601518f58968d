"""Spans: the days that something may have happened on, as ranges in the database."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q


def may_lie_within(start: date | None, end: date | None, span: str = "span") -> Q:
    """Condition for what may have happened within the half-open period [start, end); None leaves a side open.

    What has no date has no span, and is not found.
    """
    return Q(**{f"{span}__overlap": DateRange(start, end)})
