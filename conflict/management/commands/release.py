"""`manage.py release NAME`: the record of this moment as files that never change."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conflict.api import releases


class Command(BaseCommand):
    help = "Write the whole record as CSV, HXL, GeoJSON and JSON Lines files with checksums, listed under /api/v1/releases/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="For example 2026.1; a release never changes, so a name is used once.")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            place = releases.build(name, settings.RELEASES_DIR)
        except releases.ReleaseRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Released {name} in {place}: {len(list(place.iterdir()))} files.")
