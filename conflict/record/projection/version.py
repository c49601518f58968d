"""Version of the projection, and of the one that made the record."""

from conflict.documents.entries import SCHEMA
from conflict.record.models import ProjectionState

PROJECTION = 1  # raise it when the same documents make other rows or bodies; `migrate` then makes the record anew
VERSION = f"documents {SCHEMA}, projection {PROJECTION}"


def is_current() -> bool:
    """Return True if the record was made by this code."""
    return ProjectionState.objects.filter(version=VERSION).exists()


def remember() -> None:
    """Note that the record is made by this code."""
    ProjectionState.objects.update_or_create(pk=1, defaults={"version": VERSION})
