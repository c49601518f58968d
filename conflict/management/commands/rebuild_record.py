"""`manage.py rebuild_record`: rebuild the record from the publication log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.record.consistency import rebuild


class Command(BaseCommand):
    help = "Make the record what the log says: compare all of it, and write what differs. Readers see the old one until the end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--compare",
            action="store_true",
            help="Change nothing; say what would change. Exit code 1 if anything would.",
        )

        parser.add_argument(
            "--processes",
            type=int,
            default=0,
            metavar="N",
            help="How many compare at a time; by default as many as there are processors, or one for a short log.",
        )

    def handle(self, *args: Any, compare: bool, processes: int, **options: Any) -> None:
        if processes < 0:
            raise CommandError(f"--processes {processes} makes no sense: give a number, or leave it out.")
        if not compare:
            rebuild.rebuild(self._say, processes)
            self.stdout.write("The record is what the log says.")
            return
        if found := list(rebuild.differences(self._say, processes)):
            raise CommandError("\n".join(found[:50]))
        self.stdout.write("The record is what the log says; nothing was changed.")

    def _say(self, what: str) -> None:
        self.stderr.write(what)
