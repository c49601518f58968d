"""`manage.py verify_record`: verify the publication log, and that the record matches it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.record import log
from conflict.record.consistency import rebuild, verification
from conflict.record.consistency.rebuild import PROGRESS
from conflict.record.models import Publication


class Command(BaseCommand):
    help = "Check every number and hash of the publication log, then the record against it. Exit code 1 if anything is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--eyes",
            action="store_true",
            help="Say how many people stood behind each step, and what nobody else has read.",
        )

    def handle(self, *args: Any, eyes: bool, **options: Any) -> None:
        faults = list(verification.faults_in_the_log(self._seen))
        faults += verification.faults_in_releases(settings.RELEASES_DIR)
        if eyes and not faults:
            faults = self._eyes()
        if not faults:
            faults = list(rebuild.differences(self.stderr.write))
        if faults:
            raise CommandError("\n".join(faults[:50]))
        head = log.head()
        if head is None:
            self.stdout.write("The log is empty.")
            return
        self.stdout.write(f"{head.number} publications verified, and the record against them. Head: {head.sha256}")

    def _eyes(self) -> list[str]:
        """Print how many log steps had a second reader; returns violations of that promise."""
        found = verification.eyes()
        self.stdout.write(f"{found.read} publications were read by a second person, who wrote none of it.")
        if found.untold:
            self.stdout.write(f"{found.untold} are of before the log said how many people stood behind a step.")
        for why, number in sorted(found.unread.items()):
            self.stdout.write(f"{number} were public before anybody else had read them, and say so: {why}.")
        self.stdout.write(f"Of these, {found.read_since} have been read, replaced or withdrawn since.")
        return found.faults

    def _seen(self, publication: Publication) -> None:
        if publication.number % PROGRESS == 0:
            self.stderr.write(f"{publication.number:,} publications verified")
