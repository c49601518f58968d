"""References between rows of tables: by natural key, in one human-readable cell."""

from typing import Any

from django.db import models

from conflict.message import Refusal
from conflict.message import gettext as _
from conflict.models import Affiliation, Entry, Finding, Participation
from conflict.vocabulary import kind_label

SEPARATOR = " | "
# Rows without a key of their own are identified by the columns that make them unique.
COMPOSED: dict[type[models.Model], tuple[str, ...]] = {
    Participation: ("event__key", "actor__key", "role"),
    Finding: ("event__key", "key"),
    Affiliation: ("actor__key", "kind", "other__key", "when", "role"),
}


def parts_of(model: type[models.Model]) -> tuple[str, ...]:
    return COMPOSED.get(model, ("key",))


def natural_key(instance: models.Model) -> str:
    """The cell that references the row."""
    return SEPARATOR.join(str(_reached(instance, path)) for path in parts_of(type(instance)))


def _reached(instance: models.Model, path: str) -> Any:
    value: Any = instance
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def related(model: type[models.Model]) -> tuple[str, ...]:
    """Relations that `natural_key` reads besides the row itself, for select_related."""
    return tuple(path.rpartition("__")[0] for path in parts_of(model) if "__" in path)


def noun(model: type[models.Model]) -> str:
    kind = getattr(model, "entry_kind", "")
    return kind_label(kind) if kind else str(model._meta.verbose_name)


def row_by_key(rows: "models.QuerySet[Any]", cell: str) -> models.Model:
    """The row that the cell names. Raises ValueError with a sentence."""
    model, paths = rows.model, parts_of(rows.model)
    values = cell.split(SEPARATOR, len(paths) - 1)
    if len(values) != len(paths):
        form = SEPARATOR.join(path.replace("__", " ") for path in paths)
        raise Refusal(
            _("“%(cell)s” names no %(noun)s: write %(form)s.") % {"cell": cell, "noun": noun(model), "form": form}
        )
    instance = rows.filter(**dict(zip(paths, values, strict=True))).first()
    if instance is None:
        said = (
            _("There is no %(noun)s “%(cell)s” on the desk: add it first, or correct the cell.")
            if issubclass(model, Entry)
            else _("There is no %(noun)s “%(cell)s” on the desk: correct the cell.")
        )
        raise Refusal(said % {"noun": noun(model), "cell": cell})
    return instance  # type: ignore[no-any-return]
