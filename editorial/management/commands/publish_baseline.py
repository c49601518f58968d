"""Publish the desk's entries as the beginning of an empty log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conflict.record import clock, log
from conflict.record.closure import ClosureRefused
from conflict.record.publisher import PublishingRefused
from editorial.workflow import publisher


class Command(BaseCommand):
    help = "Publish everything on the desk that is meant for the public. Does nothing when the log is not empty."

    def handle(self, *args: Any, **options: Any) -> None:
        if log.head() is not None:
            self.stdout.write("The log already has its beginning; nothing was published.")
            return
        try:
            publications = publisher.publish_baseline(at=clock.now())
        except (PublishingRefused, ClosureRefused) as refusal:
            raise CommandError(f"Nothing was published: {refusal}") from refusal
        head = f" Head: {publications[-1].number}, {publications[-1].sha256}." if publications else ""
        self.stdout.write(f"Published {len(publications)} entries.{head}")
