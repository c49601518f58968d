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
    here = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    if abs(here - there) > TOLERATED:
        raise PublishingRefused(
            f"It is {here:%Y-%m-%d %H:%M:%S} by the application's clock and {there:%Y-%m-%d %H:%M:%S} UTC by the "
            "database's: nothing is done until both are right."
        )
    return here
