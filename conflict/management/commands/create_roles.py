"""`manage.py create_roles`: create the database's roles, if permitted, and grant them their privileges."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from conflict.postgres import roles


class Command(BaseCommand):
    help = (
        "Creates the desk's and the public's role unless they exist, and grants each exactly what it may do. "
        "Run it after every migrate; running it again changes nothing."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        owner, desk, public = (self._login(alias) for alias in ("owner", "default", "public"))
        connection = connections["owner"]
        for login in roles.missing(connection, [desk, public]):
            roles.create(connection, login)
            self.stdout.write(f"Created the role {login.name}.")
        roles.grant(connection, desk=desk.name, public=public.name)
        if public.name not in {owner.name, desk.name}:
            self._limit(connection, public.name)
        self._say(owner.name, desk.name, public.name)

    def _login(self, alias: str) -> roles.Login:
        database = settings.DATABASES[alias]
        return roles.Login(database["USER"], database.get("PASSWORD", ""))

    def _limit(self, connection: BaseDatabaseWrapper, public: str) -> None:
        seconds = settings.PUBLIC_STATEMENT_TIMEOUT
        if not roles.limit(connection, public=public, seconds=seconds):
            wanted = [
                f"ALTER ROLE {public} SET {name} = '{value}';"
                for name, value in roles.readers_settings(seconds).items()
            ]
            self.stderr.write(
                f"The owner's login may not change the role {public}. Have an administrator run: {' '.join(wanted)}"
            )

    def _say(self, owner: str, desk: str, public: str) -> None:
        if public in {desk, owner}:
            self.stderr.write(
                f"Readers log in as {public}, which can read drafts: "
                "set PUBLIC_DATABASE_URL to a login of its own to have the database itself keep them apart."
            )
        else:
            self.stdout.write(f"{public} may read the record and its log, nothing else.")
        if desk == owner:
            self.stderr.write(
                f"The desk logs in as {desk}, which owns the tables and could rewrite the log: "
                "set OWNER_DATABASE_URL to another login that owns them."
            )
        else:
            self.stdout.write(f"{desk} may edit the desk and append to the log.")
