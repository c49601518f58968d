"""`manage.py release NAME`: write the current record to files that never change."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conflict.api import release_builder, signatures
from conflict.record import anchors
from conflict.record.timestamp_tokens import UnusableTimestamp


class Command(BaseCommand):
    help = (
        "Write the whole record as CSV, HXL, GeoJSON, JSON Lines, Parquet and FollowTheMoney files with checksums, "
        "listed under /api/v1/releases/; signed where RELEASE_SIGNING_KEY names a key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="For example 2026.1; a release never changes, so a name is used once.")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            self._anchor()
            key = signatures.key_in(Path(settings.RELEASE_SIGNING_KEY)) if settings.RELEASE_SIGNING_KEY else None
            place = release_builder.build(name, settings.RELEASES_DIR, key)
        except (release_builder.ReleaseRefused, signatures.UnusableKey) as refused:
            raise CommandError(str(refused)) from refused
        signed = f"signed with {signatures.public_line(key)}" if key else "not signed: RELEASE_SIGNING_KEY names no key"
        self.stdout.write(f"Released {name} in {place}: {len(list(place.iterdir()))} files, {signed}.")

    def _anchor(self) -> None:
        """Have the head timestamped, so that the release can hold the proof; one that cannot be had is told."""
        for outcome in anchors.anchor_head().values():
            if isinstance(outcome, UnusableTimestamp):
                self.stderr.write(f"Not anchored: {outcome}")
