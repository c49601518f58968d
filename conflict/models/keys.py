"""Readable keys of new rows, made of words, and the first that no row has.

Rows of a data set are the exception: their keys have the data set's own id (`Dataset.key_of`).
"""

import re
from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils.text import slugify

from conflict.vocabulary import LONGEST_KEY

FIRST_DAY = re.compile(r"\d{4}(-\d\d){0,2}")


def slug(words: str, longest: int = 60) -> str:
    """Words as part of a key; empty if they have no Latin letter and no digit."""
    return slugify(words).replace("_", "-")[:longest].strip("-").replace("--", "-")


def key_of(*words: str) -> str:
    """Key made of these words, those that have nothing for it left out."""
    return "-".join(part for word in words if (part := slug(word)))


def entry_key(when: str, title: str) -> str:
    """Key of a new entry: as much of its first day as is known, and its title or name, as in “2013-01-10-a-town-falls”.

    Empty if nothing of them can stand in a key.
    """
    day = FIRST_DAY.match(when)
    return key_of(day[0] if day else "", title)


def free_key(model: type[models.Model] | models.QuerySet[Any], wanted: str, besides: Collection[str] = ()) -> str:
    """The key, or the first numbered one after it that no row of the model has, or of these rows, nor `besides`."""
    base = wanted[: LONGEST_KEY - 4].rstrip("-")
    rows: Any = model if isinstance(model, models.QuerySet) else model._default_manager
    taken = {*rows.filter(key__startswith=base).values_list("key", flat=True), *besides}
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbered if key not in taken)
