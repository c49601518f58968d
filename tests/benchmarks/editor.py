"""Simulated editor who corrects and publishes one event after another until stopped, or a single one (`--once`)."""

import sys
import time
from itertools import count

import django

django.setup()

from django.utils import timezone  # noqa: E402

from conflict.models import Event  # noqa: E402
from conflict.vocabulary import ChangeKind  # noqa: E402
from editorial.workflow import publisher  # noqa: E402

EVERY = 0.5  # seconds between two publications: more than any desk does

if __name__ == "__main__":
    for number in count():
        event = Event.objects.get(key=f"event-{number % 200}")
        event.summary = f"{event.summary} Corrected at {timezone.now().isoformat()}."
        if "--once" in sys.argv:
            event.title = f"{event.title}, corrected"
        event.save()
        publisher.publish_entry(entry=event, change_kind=ChangeKind.CORRECTION, reason="Reworded.", at=timezone.now())
        sys.stdout.write("published\n")
        sys.stdout.flush()
        if "--once" in sys.argv:
            break
        time.sleep(EVERY)
