"""References between rows of tables: by natural key, in one human-readable cell."""

from typing import Any

from django.db import models

from conflict.models import Affiliation, Entry, Finding, Participation

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
    """Relations that `told` reads besides the row itself, for select_related."""
    return tuple(path.rpartition("__")[0] for path in parts_of(model) if "__" in path)


def noun(model: type[models.Model]) -> str:
    return str(getattr(model, "entry_kind", "") or model._meta.verbose_name)


def row_by_key(rows: "models.QuerySet[Any]", cell: str) -> models.Model:
    """The row that the cell names. Raises ValueError with a sentence."""
    model, paths = rows.model, parts_of(rows.model)
    values = cell.split(SEPARATOR, len(paths) - 1)
    if len(values) != len(paths):
        form = SEPARATOR.join(path.replace("__", " ") for path in paths)
        raise ValueError(f"“{cell}” names no {noun(model)}: write {form}.")
    instance = rows.filter(**dict(zip(paths, values, strict=True))).first()
    if instance is None:
        hint = "; add it first" if issubclass(model, Entry) else ""
        raise ValueError(f"There is no {noun(model)} “{cell}” on the desk{hint}, or correct the cell.")
    return instance  # type: ignore[no-any-return]
