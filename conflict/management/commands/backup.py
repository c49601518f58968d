"""`manage.py backup DIR`: dump the database, with the data needed to check that a restore is complete."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from conflict.ops import backups
from conflict.ops.postgres_programs import BackupRefused


class Command(BaseCommand):
    help = "Dump the whole database into a new folder. It holds drafts and accounts: keep it as you keep the server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = backups.make(folder, at=timezone.now(), step=lambda what: self.stderr.write(f"{what} …"))
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{folder}: {made.number} publications. Head: {made.head_sha256}")
