"""Verify the publication log, and that the record says what the log says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conflict.record import log
from conflict.record.consistency import rebuild, verification
from conflict.record.consistency.rebuild import PROGRESS
from conflict.record.models import Publication


class Command(BaseCommand):
    help = "Check every number and hash of the publication log, then the record against it. Exit code 1 if anything is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verification.faults_in_the_log(self._seen))
        if not faults:
            faults = list(rebuild.differences(self.stderr.write))
        if faults:
            raise CommandError("\n".join(faults[:50]))
        head = log.head()
        if head is None:
            self.stdout.write("The log is empty.")
            return
        self.stdout.write(f"{head.number} publications verified, and the record against them. Head: {head.sha256}")

    def _seen(self, publication: Publication) -> None:
        if publication.number % PROGRESS == 0:
            self.stderr.write(f"{publication.number:,} publications verified")
