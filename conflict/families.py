"""Families of actors: the sides of the conflict, as the chronology's file names them.

Their camps decide the types of actors in ACLED's shape (`conflict.api.compat.dyadic_rows`) and of violence in UCDP's.
"""

from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazystr

from conflict.chronology import Camp

ActorFamily: Any = TextChoices(  # type: ignore[call-overload]  # mypy knows only members written out
    "ActorFamily", {key.upper(): (key, lazystr(family.name)) for key, family in settings.CHRONOLOGY.families.items()}
)


def choices() -> list[tuple[str, str]]:
    """Choices of a model field; as a function, so that migrations are the same for every chronology."""
    return list(ActorFamily.choices)


def camp(family: str) -> Camp:
    return Camp(settings.CHRONOLOGY.family(family).camp)


def hue(family: str) -> str:
    """CSS class with the family's colour."""
    return f"hue-{settings.CHRONOLOGY.family(family).colour}"
