"""The one place where the API opens the record: through the alias that may only read."""

from typing import Any

from django.db.models import Model, QuerySet

from conflict.public.head import ALIAS


def public(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.using(ALIAS)
