"""Check every row of the desk against every rule."""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial.analysis import integrity


class Command(BaseCommand):
    help = "Run every rule over every row of the desk, and look for keys of entries that do not exist. Exit code 1 if anything is found."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(chain(integrity.broken_rules(), integrity.dangling_keys()))
        # Of rows that break rules no document can be made, so readiness is asked of a desk that has none.
        if found := found or list(integrity.unready()):
            raise CommandError("\n".join(found[:100]))
        self.stdout.write("The desk is sound.")
