"""`manage.py restore DIR`: restore a backup into an empty database, and verify that it is complete."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.ops import backups
from conflict.ops.postgres_programs import BackupRefused


class Command(BaseCommand):
    help = (
        "Restore a backup into the empty database that the settings name, create the roles, verify every hash of the "
        "log and compare the record with it. Nothing is overwritten."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="what `backup` made")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            found = backups.restore(folder, step=lambda what: self.stderr.write(f"{what} …"))
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Restored as of {found.made_at}: {found.number} publications verified, and the record against them. "
            f"Head: {found.head_sha256}"
        )
