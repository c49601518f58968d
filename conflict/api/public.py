"""The one place where the API opens the record: through the alias that may only read."""

from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Model, QuerySet

from conflict.record.models import Publication
from conflict.record.models.publication import FIRST_PREVIOUS

ALIAS = "public"


def public(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.using(ALIAS)


class Head(NamedTuple):
    """The log's last entry: everything public is a function of it."""

    number: int
    sha256: str


HEAD = f"SELECT number, sha256 FROM {Publication._meta.db_table} ORDER BY number DESC LIMIT 1"


def head() -> Head:
    """Asked by every request, so it is said in SQL at once: building it would cost more than its answer."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(HEAD)
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, FIRST_PREVIOUS)
