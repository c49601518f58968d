"""Liveness and readiness of this process, for process managers and monitors; reveals no details."""

import logging
from contextlib import suppress
from functools import cache

from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conflict.postgres.replicas.base import DatabaseWrapper as ReadersServers
from conflict.record.models import Publication

log = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; asks nothing of the database."""
    return _plain("alive", 200)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while readers can be served, "degraded" where something else is away: the desk, or a server of the readers'.

    503 where the log cannot be read, or the tables are not those of this code.
    """
    try:
        problem = missing_parts()
        lacks = [] if problem else unreachable_parts()
    except DatabaseError as error:
        problem, lacks = str(error), []
    for sentence in (problem, *lacks):
        if sentence:
            log.warning("Not ready: %s" if problem else "Degraded: %s", sentence)
    if problem:
        return _plain("not ready", 503)
    return _plain("degraded" if lacks else "ready", 200)


def missing_parts() -> str:
    """A sentence for the log; empty when nothing is. Raises DatabaseError where readers cannot read."""
    Publication.objects.using("public").newest_first().values_list("number").first()
    with suppress(OperationalError):  # readers are served without the desk
        unapplied = sorted(newest_migrations() - set(MigrationRecorder(connections["default"]).applied_migrations()))
        if unapplied:
            return f"the migration {'.'.join(unapplied[0])} has not been applied."
    return ""


def unreachable_parts() -> list[str]:
    """A sentence for each database that readers do without."""
    found = []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError as error:
        found.append(f"The desk's database does not answer: {error}")
    public = connections["public"]
    return [*found, *public.out_of_service()] if isinstance(public, ReadersServers) else found


@cache
def newest_migrations() -> set[tuple[str, str]]:
    """The last migration of every app, as the code has them; they do not change while it runs."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def _plain(said: str, status: int) -> HttpResponse:
    return HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8")
