"""Foreign keys of events and of all below them, checked with each copy instead of at the end of the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

from conflict.record.models import (
    PublishedAffiliation,
    PublishedClaim,
    PublishedClaimRelation,
    PublishedEvent,
    PublishedIncident,
    PublishedReference,
)
from conflict.record.projection.rows import CHILD_COLUMNS

BELOW = CHILD_COLUMNS.keys() - {PublishedAffiliation}  # of an actor, which may name a later one
OF_EVENTS: set[type[Model]] = {PublishedEvent, PublishedClaim, PublishedIncident, *BELOW}
# What these name may be written later: an event may name a later one.
AT_THE_END = {
    (PublishedClaimRelation, "other_id"),
    (PublishedReference, "event_id"),
    (PublishedReference, "claim_id"),
}
NAMES = """
    SELECT string_agg(quote_ident(conname), ', ') FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND condeferrable AND format('%%s.%%s', conrelid::regclass, attname) = ANY(%s)
"""


@contextmanager
def checked_with_each_copy() -> Iterator[None]:
    """Have PostgreSQL check these keys while the next rows are built. Everything but events is in the record already."""
    columns = [
        f"{table._meta.db_table}.{field.column}"
        for table in OF_EVENTS
        for field in table._meta.concrete_fields
        if field.is_relation and (table, field.column) not in AT_THE_END
    ]
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [columns])
        (names,) = cursor.fetchone()
        # Plans of these checks are made once, while the tables may still be small, and kept as they grow.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DISCARD PLANS")
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")  # as Django declares them
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
