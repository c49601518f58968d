"""Whether this process lives, and whether it can serve: for whoever starts, stops and watches it. No details are told."""

import logging
from functools import cache

from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
    """200 when both databases answer, the tables are those of this code, and the log's head can be read; else 503."""
    try:
        problem = what_is_missing()
    except DatabaseError as error:
        problem = str(error)
    if problem:
        log.warning("Not ready: %s", problem)
        return _plain("not ready", 503)
    return _plain("ready", 200)


def what_is_missing() -> str:
    """A sentence for the log; empty when nothing is. Raises DatabaseError."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
    unapplied = sorted(newest_migrations() - set(MigrationRecorder(connections["default"]).applied_migrations()))
    if unapplied:
        return f"the migration {'.'.join(unapplied[0])} has not been applied."
    Publication.objects.using("public").newest_first().values_list("number").first()
    return ""


@cache
def newest_migrations() -> set[tuple[str, str]]:
    """The last migration of every app, as the code has them; they do not change while it runs."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def _plain(said: str, status: int) -> HttpResponse:
    return HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8")
