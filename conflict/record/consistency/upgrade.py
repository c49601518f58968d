"""Upgrade of the record after `migrate`: made anew from the log if another version of the projection made it."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from conflict.record.consistency import rebuild
from conflict.record.models import Publication
from conflict.record.projection import version


def upgrade(using: str, apps: Apps = installed, verbosity: int = 1, **of_signal: Any) -> None:
    """Receiver of `post_migrate`: works over the login that migrates, because no other may use new tables yet.

    A migration back to tables that this code does not know leaves the record alone. `flush` sends no `apps`.
    """
    if "projectionstate" not in apps.all_models["record"]:
        return
    usual = connections["default"]
    connections["default"] = connections[using]
    try:
        if version.is_current():
            return
        if not Publication.objects.exists():
            version.remember()
        elif _is_migrated():
            rebuild.rebuild(print if verbosity else lambda said: None)
    finally:
        connections["default"] = usual


def _is_migrated() -> bool:
    loader = MigrationLoader(connection)
    return all(name in loader.applied_migrations for name in loader.disk_migrations if name[0] == "record")
