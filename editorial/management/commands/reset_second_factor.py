"""`manage.py reset_second_factor NAME`: restore access for an account whose owner lost app, keys and recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from editorial.accounts import role_changes, sessions
from editorial.models import User


class Command(BaseCommand):
    help = (
        "Remove the second factors of an account and end its sessions. Make sure first that it is really them who ask."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account's username")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        with transaction.atomic():
            removed, _ = Authenticator.objects.filter(user=user).delete()
            role_changes.note("reset_second_factor", user, None, timezone.now(), "At the server.")
            change = role_changes.suspend(
                account=user, by=None, at=timezone.now(), why="The second factor was removed."
            )
        ended = sessions.end_all_of(user)
        self.stdout.write(f"{removed} second factors of {name} removed, {ended} sessions ended.")
        if change is not None:
            self.stdout.write(f"{name} has no roles until an administrator has confirmed them anew.")
