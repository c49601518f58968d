"""Publish so many new events in one go, beside COPY of the same rows: `python -m tests.benchmarks.publishing_at_once EVENTS SEED NEW`.

Prints the seconds of both. Published entries are built from the desk, checked, chained and projected; copied rows go into
the same tables, with their indexes, constraints and foreign keys, and are rolled back.
"""

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from conflict.models import Event  # noqa: E402
from conflict.record.bulk_copy import stored_columns  # noqa: E402
from conflict.record.consistency.rebuild import TABLES  # noqa: E402
from conflict.record.models import Publication  # noqa: E402
from conflict.vocabulary import ChangeKind  # noqa: E402
from editorial.workflow import publisher  # noqa: E402
from tests.benchmarks.desk_rows import Desk  # noqa: E402
from tests.benchmarks.world import World  # noqa: E402

OF_CLAIMS = "claim_id IN (SELECT key FROM record_publishedclaim WHERE event_id = ANY(%s))"
OWN = {  # how rows of new events are told from those that were there, by table
    "record_publishedclaimhome": "event = ANY(%s)",
    "record_publishedclaimparty": OF_CLAIMS,
    "record_publishedclaimrelation": OF_CLAIMS,
    "record_publishedreference": "from_kind = 'event' AND from_key = ANY(%s)",
    "record_publishedevent": "key = ANY(%s)",
    "record_publication": "entry_kind = 'event' AND key = ANY(%s)",
}
Rows = dict[type[models.Model], bytes]


def published(keys: list[str]) -> None:
    steps = publisher.steps_for(Event.objects.filter(key__in=keys), ChangeKind.NEW, "Invented for the benchmarks.")
    publisher.publish_steps(steps, timezone.now())


def rows_of(keys: list[str]) -> Rows:
    """Every row that publishing these events wrote into log and record."""
    found: Rows = {}
    for table in (Publication, *TABLES):
        name = table._meta.db_table
        columns = {field.column for field in table._meta.concrete_fields}
        if condition := OWN.get(name, "event_id = ANY(%s)" if "event_id" in columns else ""):
            kept = io.BytesIO()
            with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT {_named(table)} FROM {name} WHERE {condition}) TO STDOUT", [keys]) as copy:  # fmt: skip
                for piece in copy:
                    kept.write(piece)
            found[table] = kept.getvalue()
    return found


def copied(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, text in rows.items():
            with cursor.copy(f"COPY {table._meta.db_table} ({_named(table)}) FROM STDIN") as copy:
                copy.write(text)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def timed(seconds: list[float]) -> Iterator[None]:
    """With the checks of foreign keys, which would wait for the commit."""
    begun = time.perf_counter()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seconds.append(time.perf_counter() - begun)


def _named(table: type[models.Model]) -> str:
    return ", ".join(f'"{column}"' for column in stored_columns(table))


def main(events: int, seed: int, new: int) -> None:
    world, desk = World(events, seed), Desk()
    for kind, model in (("actor", "conflict_actor"), ("location", "conflict_location"), ("source", "conflict_source"), ("period", "conflict_period"), ("event", "conflict_event")):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT key, id FROM {model}")
            desk.ids.update({(kind, key): pk for key, pk in cursor.fetchall()})
    documents = list(world.events_from(events, events + new))
    with transaction.atomic():
        desk.put(("event", document) for document in documents)
    keys, seconds = [document["key"] for document in documents], list[float]()
    with taken_back():
        published(keys)
        rows = rows_of(keys)
    with taken_back(), timed(seconds):
        copied(rows)
    with transaction.atomic(), timed(seconds):
        published(keys)
    copying, publishing_took = seconds
    sys.stdout.write(f"{publishing_took:.3f} {copying:.3f}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
