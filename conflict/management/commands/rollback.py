"""`manage.py rollback DIR`: take the tables back to what an older version of the software knows."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor

NEWEST = "max_migration.txt"


class Command(BaseCommand):
    help = (
        "Undoes the migrations that the older version in DIR does not have. To be run by the newer version; then run "
        "`upgrade` and start the processes of the older one. Make a backup first: what only the newer one stored is lost."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of the older version")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be undone")

    def handle(self, *args: Any, folder: Path, dry_run: bool, **options: Any) -> None:
        targets = [(label, self._newest(folder, label)) for label in self._labels()]
        executor = MigrationExecutor(connections["owner"])
        try:
            plan = executor.migration_plan(targets)
        except NodeNotFoundError as unknown:
            raise CommandError(
                f"This version does not know the migration {'.'.join(unknown.node)}: {folder} is newer."
            ) from None
        forwards = [str(migration) for migration, backwards in plan if not backwards]
        if forwards:
            raise CommandError(f"{forwards[0]} is not applied yet: run `upgrade` of this version first.")
        for migration, _ in plan:
            if stuck := [operation for operation in migration.operations if not operation.reversible]:
                raise CommandError(
                    f"{migration} cannot be undone ({stuck[0].describe()}). Restore the backup made before the upgrade."
                )
            self.stdout.write(f"{'Would undo' if dry_run else 'Undoing'} {migration}")
        if dry_run:
            return
        for label, name in targets:
            call_command("migrate", label, name, database="owner", interactive=False, verbosity=0)
        self.stdout.write(f"The tables are those of {folder}. Now run its `upgrade`, and start its processes.")

    def _labels(self) -> list[str]:
        return [apps.get_app_config(name.rsplit(".", 1)[-1]).label for name in settings.FIRST_PARTY_APPS]

    def _newest(self, folder: Path, label: str) -> str:
        path = folder / apps.get_app_config(label).name.replace(".", "/") / "migrations" / NEWEST
        try:
            return path.read_text().strip()
        except OSError:
            raise CommandError(f"{path} cannot be read: {folder} holds no version of this software.") from None
