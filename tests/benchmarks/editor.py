"""Simulated editor who publishes corrections until stopped: `python -m tests.benchmarks.editor AT_ONCE EVERY [ROUNDS]`.

So many entries, one after the other, every so many seconds: texts, dates and figures of events, and an actor's
description in turn. Prints the seconds that each publication took.
"""

import sys
import time
from datetime import date, timedelta
from itertools import count

import django

django.setup()

from django.utils import timezone  # noqa: E402

from conflict.models import Actor, Claim, Entry, Event  # noqa: E402
from conflict.vocabulary import ChangeKind  # noqa: E402
from editorial.workflow import publisher  # noqa: E402

EVENTS = 200  # corrected in turn


def corrected(number: int) -> Entry:
    """The entry, changed on the desk and not yet published."""
    event = Event.objects.get(key=f"event-{number % EVENTS}")
    match number % 4:
        case 0:
            event.title = f"{event.title.removesuffix('.')}."[:200]
            event.summary = f"Corrected at {timezone.now().isoformat()}."
        case 1:
            event.when = (date(2013, 1, 1) + timedelta(days=number % 3000)).isoformat()
        case 2:
            claim = Claim.objects.filter(event=event, low__isnull=False).order_by("pk").first()
            if claim is not None:
                claim.low = (claim.low or 0) + 1
                claim.high = claim.low if claim.high is not None else None
                claim.save()
        case _:
            actor = Actor.objects.order_by("pk")[number % 20]
            actor.description = f"Corrected at {timezone.now().isoformat()}."
            actor.save()
            return actor
    event.save()
    return event


def main(at_once: int, every: float, rounds: int | None = None) -> None:
    numbers = count(int(time.time()))  # no two runs write the same
    for _ in count() if rounds is None else range(rounds):
        begun = time.perf_counter()
        for _ in range(at_once):
            entry = corrected(next(numbers))
            started = time.perf_counter()
            publisher.publish_entry(
                entry=entry, change_kind=ChangeKind.CORRECTION, reason="Corrected.", at=timezone.now()
            )
            sys.stdout.write(f"{time.perf_counter() - started:.4f}\n")
            sys.stdout.flush()
        time.sleep(max(0.0, every - (time.perf_counter() - begun)))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), *map(int, sys.argv[3:]))
