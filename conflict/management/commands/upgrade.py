"""`manage.py upgrade`: prepare database and files for this version of the software; the last step before its start."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from conflict.ops import health

Step = tuple[str, Callable[[], Any]]


class Command(BaseCommand):
    help = (
        "Prepares the database and the files for this version: checks the settings, gathers static files, migrates, "
        "grants the roles and verifies the record. The version before goes on serving meanwhile. Running it again only "
        "does what is left to do."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-verify", action="store_true", help="leave out the verification of log and record")

    def handle(self, *args: Any, no_verify: bool, **options: Any) -> None:
        _, unknown = self._migrations()
        if unknown:
            raise CommandError(f"{unknown} This is an older version; `manage.py rollback` goes back to it.")
        steps: list[Step] = [
            ("Checking the settings", lambda: call_command("check", deploy=True, stdout=self.stdout)),
            ("Gathering static files", lambda: call_command("collectstatic", interactive=False, verbosity=0)),
            ("Updating the tables", lambda: call_command("migrate", database="owner", interactive=False, verbosity=0)),
            ("Granting the roles", lambda: call_command("create_roles", stdout=self.stdout)),
        ]
        if not no_verify:
            steps.append(("Verifying log and record", lambda: call_command("verify_record", stdout=self.stdout)))
        for number, (doing, run) in enumerate(steps, start=1):
            began = time.monotonic()
            self.stdout.write(f"[{number}/{len(steps)}] {doing} …")
            run()
            self.stdout.write(f"      {time.monotonic() - began:.1f} s")
        self.stdout.write("Ready. Restart the processes of the site in turn, and the worker.")

    def _migrations(self) -> tuple[str, str]:
        missing, unknown = health.compare_migrations(connections["owner"])
        return missing, " ".join(unknown)
