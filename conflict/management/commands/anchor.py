"""`manage.py anchor`: have the log's head timestamped by the configured authorities."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conflict.record import anchors
from conflict.record.timestamp_tokens import UnusableTimestamp


class Command(BaseCommand):
    help = (
        "Have the log's head timestamped by the authorities that TIMESTAMP_AUTHORITIES names. The worker does so daily."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TIMESTAMP_AUTHORITIES:
            raise CommandError("TIMESTAMP_AUTHORITIES names no authority: see docs/proof.md.")
        failures = []
        for authority, outcome in anchors.anchor_head().items():
            if isinstance(outcome, UnusableTimestamp):
                failures.append(str(outcome))
            elif outcome is None:
                self.stdout.write(f"{authority}: has timestamped this head before.")
            else:
                self.stdout.write(
                    f"{authority}: publication {outcome.number} was there at {outcome.stamped_at:%Y-%m-%d %H:%M:%S} UTC."
                )
        if failures:
            raise CommandError("\n".join(failures))
