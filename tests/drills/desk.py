"""The desk during a soak: imports a file, has it reviewed and published, corrects an event, and begins again.

It goes through the same rows again and again with different figures: the log keeps growing, the record does not.
Any further growth of memory is then due to time, not to the amount of data.
"""

import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections, reset_queries  # noqa: E402
from django.utils import timezone  # noqa: E402

from conflict.models import Event, Period  # noqa: E402
from conflict.record.consistency import verification  # noqa: E402
from conflict.record.models import Publication  # noqa: E402
from conflict.vocabulary import ChangeKind  # noqa: E402
from editorial.accounts.roles import Role  # noqa: E402
from editorial.models import Submission  # noqa: E402
from editorial.models.stages import Stage  # noqa: E402
from editorial.workflow import review, submissions  # noqa: E402
from editorial.workflow.submissions import EntryChange  # noqa: E402
from tests.benchmarks.ged_rows import World, write  # noqa: E402
from tests.desk import at_the_desk_of, person  # noqa: E402

ROWS, ALL_ROWS = 20, 200
ACTORS, TOWNS = 60, 120
PAUSE = 4.0  # seconds between two rounds: editors are slower


def main(seconds: float) -> None:
    author, reviewer, chief = (
        person("soak-author", Role.MANAGING_EDITOR), person("soak-reviewer", Role.REVIEWER), person("soak-chief", Role.MANAGING_EDITOR),
    )  # fmt: skip
    world, faults, imported, published = World(7, actors=ACTORS, towns=TOWNS), list[str](), 0, 0
    rows = [world.row(number) for number in range(1, 1 + ALL_ROWS)]
    period = Period.objects.order_by("position", "key").values_list("key", flat=True)[0]
    until = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < until:
        rounds += 1
        try:
            with tempfile.TemporaryDirectory() as folder:
                first = imported % ALL_ROWS
                file = write(Path(folder) / "ged231.csv", (told(row, rounds) for row in rows[first : first + ROWS]))
                call_command(
                    "import_dataset", "ucdp-ged", str(file), "--as", author.username, "--period", period, "--json",
                    "--release", "23.1", "--propose", "Soak.", stdout=io.StringIO(), stderr=io.StringIO(),
                )  # fmt: skip
                imported += ROWS
            correct(author, rounds)
            for submission in Submission.objects.filter(stage=Stage.OPEN).order_by("pk"):
                review.approve(submission=submission, by=reviewer, at=timezone.now())
                published += len(
                    review.publish(submission=Submission.objects.get(pk=submission.pk), by=chief, at=timezone.now())
                )
        except Exception as fault:  # all of them are counted
            faults.append(f"round {rounds}: {fault!r}"[:500])
            print(faults[-1], file=sys.stderr, flush=True)  # noqa: T201
        reset_queries()
        time.sleep(max(0.0, min(PAUSE, until - time.monotonic())))
    faults += [str(fault) for fault in verification.faults_in_the_log()][:5]
    found = {"imported": imported, "published": published, "log": Publication.objects.count(), "faults": faults}
    print(json.dumps(found))  # noqa: T201
    connections.close_all()


def told(row: dict[str, Any], turn: int) -> dict[str, Any]:
    """The row with another upper figure than the last time."""
    return {**row, "high": row["high"] + turn % 7}


def correct(author, turn: int) -> None:
    """One of the published events gets another summary."""
    key = Event.objects.order_by("key").values_list("key", flat=True)[turn % 50]
    with at_the_desk_of(author):
        Event.objects.filter(key=key).update(summary=f"Told anew, for the time {turn}.")
    submissions.submit(
        entries=[EntryChange("event", key)], by=author, at=timezone.now(), title="Soak", reason="Told anew.",
        change_kind=ChangeKind.CORRECTION,
    )  # fmt: skip


if __name__ == "__main__":
    main(float(sys.argv[1]))
