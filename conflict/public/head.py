"""Head of the log as seen by readers: everything public is a function of it."""

from typing import NamedTuple

from django.db import connections

from conflict.documents.canonical_json import FIRST_PREVIOUS
from conflict.record.models import Publication

ALIAS = "public"
LAST = f"SELECT number, sha256 FROM {Publication._meta.db_table} ORDER BY number DESC LIMIT 1"


class Head(NamedTuple):
    """Number and hash of the last log entry; for an empty log, zero and the hash to which the first entry is chained."""

    number: int
    sha256: str


def head() -> Head:
    """Current head. Every request needs it, so this uses raw SQL: building a query would cost more than running it."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(LAST)
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, FIRST_PREVIOUS)
