"""Messages for what the database refuses: the triggers' own, and those of the constraints."""

from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.db.models import UniqueConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext as _

INTEGRITY = "23"  # SQLSTATE class: a constraint, or a trigger that reports as one
RAISED = "P0001"  # a trigger that only raises
BUSY = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not to be had
FOREIGN_KEY = "23503"


def sentence(error: DatabaseError) -> str | None:
    """Message for the editor; None if the error is a fault rather than a refusal."""
    diagnostics: Any = getattr(error.__cause__, "diag", None)
    state = getattr(error.__cause__, "sqlstate", "") or ""
    if diagnostics is None:
        return None
    if state in BUSY:
        return _("Somebody else was saving the same entry at this moment. Nothing was saved: save again.")
    if not state.startswith(INTEGRITY) and state != RAISED:
        return None
    if (known := _of_constraints().get(diagnostics.constraint_name or "")) is not None:
        return str(known)
    if state == FOREIGN_KEY:
        return _("Something else names it, or what it names is gone. Nothing was saved.")
    return diagnostics.message_primary or str(error)


def _of_constraints() -> dict[str, str | Promise]:
    """Messages by name of constraint, each in the language of whoever reads it."""
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message
        and (constraint.violation_error_message != UniqueConstraint.default_violation_error_message)
    }
