"""The one place where the API opens the record: through the alias that may only read."""

from typing import Any, NamedTuple

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


def head() -> Head:
    row = public(Publication).order_by("-number").values_list("number", "sha256").first()
    return Head(*row) if row else Head(0, FIRST_PREVIOUS)
