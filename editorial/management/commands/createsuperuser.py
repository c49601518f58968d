"""`manage.py createsuperuser`: the first account of an installation. Later ones wait for an administrator like any other."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction
from django.utils import timezone

from editorial.accounts import role_changes
from editorial.accounts.roles import Role
from editorial.models import User


class Command(createsuperuser.Command):
    help = (
        "Create the first account of an installation, a superuser. Where there is an administrator already, the account "
        "has no rights until one of them has confirmed the role of an administrator for it."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        before = set(User.objects.values_list("pk", flat=True))
        super().handle(*args, **options)
        for account in User.objects.exclude(pk__in=before):
            at = timezone.now()
            if not role_changes.ever_another(account):
                role_changes.note("make_superuser", account, None, at, "The first of the installation, at the server.")
                self.stdout.write(f"{account} may do everything but approve their own work. The audit log says so.")
                continue
            account.is_superuser = False
            account.save()
            role_changes.ask(account=account, roles=[Role.ADMINISTRATOR], by=None, at=at, why="Made at the server.")
            self.stdout.write(
                f"{account} has no rights until an administrator has confirmed the role, under Role changes."
            )
