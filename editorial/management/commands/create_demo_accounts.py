"""Create one demo account per role, with random passwords."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from editorial.accounts.roles import install_roles
from editorial.models import User


class Command(BaseCommand):
    help = "Create a demo account per role, print the passwords and keep them in a file only the user can read. Does nothing when there are accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=settings.VAR_DIR / "demo-accounts.txt")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        groups = install_roles()
        if User.objects.exists():
            self.stdout.write(f"There are accounts already; none was created. The demo passwords are in {file}.")
            return
        lines = []
        with transaction.atomic():
            for role, group in groups.items():
                name, password = role.value.replace(" ", "-"), secrets.token_urlsafe(12)
                user = User.objects.create_user(name, password=password, is_staff=True)
                user.groups.add(group)
                lines.append(f"{name}  {password}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.stdout.write("\n".join(lines))
