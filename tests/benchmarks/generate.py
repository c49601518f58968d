"""Make the database of a size, or say where it is: `python -m tests.benchmarks.generate 35000`.

Everything goes the way that an import and its publication go: rows onto the desk by COPY with their history, then
documents through `editorial.workflow.publisher` into log and record, in batches, each one transaction.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.benchmarks import databases
from tests.benchmarks.databases import Database

AT_ONCE = 1000  # entries in a transaction
BEGUN_AT = datetime(2026, 1, 1, tzinfo=UTC)
REASON = "Invented for the benchmarks."
COMPARED = 40  # entries whose document is built from the desk and compared with the one that was published


def ready(events: int, seed: int = 1) -> Database:
    """The database of this size, made when it is not there, migrated when the models have changed since."""
    from django.db import connections

    database = Database(events, seed)
    being_made = Database(events, seed, "_unfinished")
    databases.set_up_django(database if database.exists() else being_made)
    if not database.exists():
        being_made.create()
        _bring_up_to_date()
        _fill(events, seed)
        compare()
        with being_made.connect() as connection:
            connection.execute("VACUUM ANALYZE")
        connections.close_all()
        being_made.rename(database)
    else:
        _bring_up_to_date()
    return database


def _bring_up_to_date() -> None:
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("create_roles", stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files by what is in them


def _fill(events: int, seed: int) -> None:
    from tests.benchmarks.desk_rows import Desk
    from tests.benchmarks.world import World

    world, desk, begun = World(events, seed), Desk(), time.monotonic()
    at, shared = BEGUN_AT, list(world.shared())
    batches = [shared[start : start + AT_ONCE] for start in range(0, len(shared), AT_ONCE)]
    for batch in batches:
        at += timedelta(minutes=1)
        publish(desk, batch, at)
    for first in range(0, events, AT_ONCE):
        at += timedelta(minutes=1)
        after_last = min(first + AT_ONCE, events)
        entries = [("event", document) for document in world.events_from(first, after_last)]
        entries += [("notice", document) for document in world.notices(first, after_last)]
        publish(desk, entries, at)
        rate = after_last / (time.monotonic() - begun)
        sys.stderr.write(f"\r{after_last} of {events} events, {rate:.0f} a second ")
        sys.stderr.flush()
    sys.stderr.write("\n")


def publish(desk: "object", entries: Sequence[tuple[str, dict[str, object]]], at: datetime) -> None:
    from django.db import transaction

    from conflict.documents import canonical_text
    from conflict.record.log import Step
    from conflict.vocabulary import ChangeKind
    from editorial.workflow import publisher

    with transaction.atomic():
        desk.put(entries)  # type: ignore[attr-defined]
        steps = [
            Step(kind, str(document["key"]), ChangeKind.NEW, REASON, text=canonical_text(document))
            for kind, document in entries
        ]
        publisher.publish_steps(steps, at)


def compare() -> None:
    """That the desk says what was published: a generator that cheats would measure something else."""
    from conflict.documents import canonical_text, document
    from conflict.models import ENTRIES
    from conflict.record.models import PUBLISHED

    for kind, model in ENTRIES.items():
        for entry in model.objects.with_children().order_by("-pk")[:COMPARED]:
            published = PUBLISHED[kind]._default_manager.select_related("publication").get(key=entry.key)
            if canonical_text(document(kind, entry)) != published.publication.document:
                raise AssertionError(f"The desk's {kind} {entry.key} is not the published one.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    database = ready(asked.events, asked.seed)
    for variable, value in database.environment().items():
        sys.stdout.write(f"export {variable}='{value}'\n")


if __name__ == "__main__":
    main()
