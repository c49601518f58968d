"""The log's last entry as readers see it: everything public is a function of it."""

from typing import NamedTuple

from django.db import connections

from conflict.record.models import Publication
from conflict.record.models.publication import FIRST_PREVIOUS

ALIAS = "public"
LAST = f"SELECT number, sha256 FROM {Publication._meta.db_table} ORDER BY number DESC LIMIT 1"


class Head(NamedTuple):
    """Its number and its hash; of an empty log, zero and what the first entry is chained to."""

    number: int
    sha256: str


def head() -> Head:
    """Asked by every request, so it is said in SQL at once: building it would cost more than its answer."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(LAST)
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, FIRST_PREVIOUS)
