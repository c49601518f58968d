"""Counts of public events, made anew where triggers cannot keep them."""

from collections.abc import Collection

from django.db import connection

from conflict.record.models import PublishedActor
from conflict.record.models.count import COUNTED, FAMILIES, summed

ALL = " UNION ALL ".join(f"SELECT * FROM ({summed(table, table)}) {table}" for table in COUNTED)
OF_FAMILIES = f"""
    SELECT dimension, key, detail, count(*) AS number
    FROM ({FAMILIES.format(rows="record_publishedeventactor")}) counted GROUP BY 1, 2, 3
"""
STORED = "SELECT dimension, key, detail, number FROM record_publishedcount WHERE number <> 0"


def remake() -> None:
    """Count all events anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_publishedcount")
        cursor.execute(f"INSERT INTO record_publishedcount (dimension, key, detail, number) {ALL}")


def remake_families() -> None:
    """Count the events of all families anew: an actor has moved to another one, which its events' rows do not say."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_publishedcount WHERE dimension = 'family'")
        cursor.execute(f"INSERT INTO record_publishedcount (dimension, key, detail, number) {OF_FAMILIES}")


def families(actors: Collection[str]) -> dict[str, str]:
    """Families of these actors, as far as they are public."""
    return dict(PublishedActor.objects.filter(key__in=actors).values_list("key", "family")) if actors else {}


def wrong(most: int) -> tuple[list[tuple[str, str, str, int]], list[tuple[str, str, str, int]]]:
    """Up to so many counts that the record lacks, or holds though its events say otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(f"({ALL}) EXCEPT ({STORED}) LIMIT {most}")
        lacking = cursor.fetchall()
        cursor.execute(f"({STORED}) EXCEPT ({ALL}) LIMIT {most}")
        return lacking, cursor.fetchall()
