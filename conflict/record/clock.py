"""Current time, on which the application and its database have to agree before anything is published."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from conflict.record.publisher import PublishingRefused

TOLERATED = timedelta(minutes=2)


def now() -> datetime:
    """Current time.

    Raises PublishingRefused if the two clocks differ: a step dated in the future would block the log until then.
    """
    here, there = _both()
    if fault := _fault(here, there):
        raise PublishingRefused(f"{fault} nothing is done until both are right.")
    return here


def fault() -> str:
    """Sentence on clocks that differ so far that nothing can be published; empty if they agree."""
    found = _fault(*_both())
    return f"{found} nothing can be published until both are right." if found else ""


def _both() -> tuple[datetime, datetime]:
    """Current time by the application's clock, and by the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    return timezone.now(), there


def _fault(here: datetime, there: datetime) -> str:
    if abs(here - there) <= TOLERATED:
        return ""
    return f"It is {here:%Y-%m-%d %H:%M:%S} by the application's clock and {there:%Y-%m-%d %H:%M:%S} UTC by the database's:"
