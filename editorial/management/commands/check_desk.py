"""Check every row of the desk against every rule."""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial.analysis import integrity


class Command(BaseCommand):
    help = "Run every rule over every row of the desk, and look for keys of entries that do not exist. Exit code 1 if anything is found."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(chain(integrity.broken_rules(), integrity.dangling_keys()))
        # Rows that break rules cannot become documents, so readiness is checked only if there are none.
        if found := found or list(integrity.unready()):
            raise CommandError("\n".join(found[:100]))
        self.stdout.write("The desk is sound.")
