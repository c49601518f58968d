"""Publish so many new events in one go, then COPY the same rows: `python -m tests.benchmarks.publishing_at_once EVENTS SEED NEW`.

Says the seconds of both. What is published is built from the desk, checked, chained and projected; what is copied goes into
empty tables with the same columns, indexes and constraints.
"""

import io
import sys
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from conflict.models import Event  # noqa: E402
from conflict.record.models import Publication  # noqa: E402
from conflict.record.rebuilding import TABLES  # noqa: E402
from conflict.vocabulary import ChangeKind  # noqa: E402
from editorial import publishing  # noqa: E402
from tests.benchmarks.desk_rows import Desk  # noqa: E402
from tests.benchmarks.world import World  # noqa: E402

OWN = {  # how rows of new events are told from those that were there, by table
    "record_publishedclaimparty": "claim_id IN (SELECT key FROM record_publishedclaim WHERE event_id = ANY(%s))",
    "record_publishedclaimrelation": "claim_id IN (SELECT key FROM record_publishedclaim WHERE event_id = ANY(%s))",
    "record_publishedreference": "from_kind = 'event' AND from_key = ANY(%s)",
    "record_publishedevent": "key = ANY(%s)",
    "record_publication": "entry_kind = 'event' AND key = ANY(%s)",
}
BY_EVENT = ("record_publishedclaim", "record_publishedeventactor", "record_publishedeventplace", "record_publishedfinding", "record_publishedparticipation")  # fmt: skip


def published(keys: list[str]) -> float:
    begun = time.perf_counter()
    with transaction.atomic():
        steps = publishing.steps_for(Event.objects.filter(key__in=keys), ChangeKind.NEW, "Invented for the benchmarks.")
        publishing.publish_steps(steps, timezone.now())
    return time.perf_counter() - begun


def copied(keys: list[str]) -> float:
    tables = [table for table in (Publication, *TABLES) if table._meta.db_table in {*OWN, *BY_EVENT}]
    with transaction.atomic(), connection.cursor() as cursor:
        texts = {}
        for table in tables:
            name = table._meta.db_table
            columns = ", ".join(f'"{c.column}"' for c in table._meta.concrete_fields if c.column != "search")
            condition = OWN.get(name, "event_id = ANY(%s)")
            kept = texts[name, columns] = io.BytesIO()
            with cursor.copy(f"COPY (SELECT {columns} FROM {name} WHERE {condition}) TO STDOUT", [keys]) as copy:
                for piece in copy:
                    kept.write(piece)
            cursor.execute(f"CREATE TEMPORARY TABLE like_{name} (LIKE {name} INCLUDING ALL) ON COMMIT DROP")
        begun = time.perf_counter()
        for (name, columns), kept in texts.items():
            with cursor.copy(f"COPY like_{name} ({columns}) FROM STDIN") as copy:
                copy.write(kept.getvalue())
        return time.perf_counter() - begun


def main(events: int, seed: int, new: int) -> None:
    world, desk = World(events, seed), Desk()
    for kind, model in (("actor", "conflict_actor"), ("location", "conflict_location"), ("source", "conflict_source"), ("period", "conflict_period"), ("event", "conflict_event")):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT key, id FROM {model}")
            desk.ids.update({(kind, key): pk for key, pk in cursor.fetchall()})
    documents = list(world.events_from(events, events + new))
    with transaction.atomic():
        desk.put(("event", document) for document in documents)
    keys = [document["key"] for document in documents]
    sys.stdout.write(f"{published(keys):.3f} {copied(keys):.3f}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
