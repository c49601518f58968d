"""State machine of an import: confirmed once, for exactly what was previewed, or abandoned."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from conflict.message import gettext as _
from conflict.message import gettext_noop, joined, ngettext
from editorial.import_export import files
from editorial.import_export.exceptions import ImportRefused
from editorial.models import ImportRun, User

Stage = ImportRun.Stage
DESK_CHANGED = gettext_noop(
    "The desk has changed since the preview, so that the file would now do something else: preview it again. Nothing was written."
)


@transaction.atomic
def show(*, run: ImportRun, counts: dict[str, Any]) -> None:
    """Mark the import as previewed and awaiting confirmation, in the transaction that wrote its lines."""
    _lock(run, Stage.READING)
    for name, value in {**counts, "stage": Stage.PREVIEWED}.items():
        setattr(run, name, value)
    run.save(update_fields=[*counts, "stage"])


@transaction.atomic
def accept(*, run: ImportRun, by: User | None, accepted: Collection[str] = ()) -> None:
    """Confirm the preview, to be carried out next. Raises ImportRefused, also for the second of two simultaneous calls.

    `accepted` has the codes of the confirmed questions; all questions of the import must be among them.
    """
    without_refused = run.without_refused
    _lock(run, Stage.PREVIEWED)
    run.without_refused = without_refused
    if run.refused and not (without_refused and run.header):
        raise ImportRefused(
            ngettext(
                "%(count)s line is refused: %(ways_out)s", "%(count)s lines are refused: %(ways_out)s", run.refused
            )
            % {
                "count": run.refused,
                "ways_out": _("correct the file and preview it again, or take its good rows alone.")
                if run.header
                else _("correct the file and preview it again."),
            }
        )
    if asked := [text for code, text in run.asked.items() if code not in accepted]:
        raise ImportRefused(_("Say yes first, or decide otherwise: %(asked)s") % {"asked": joined(asked)})
    run.stage, run.settled_by, run.failure, run.rows_done, run.tries = Stage.IMPORTING, by, "", 0, 0
    run.save(update_fields=["stage", "settled_by", "failure", "rows_done", "tries", "without_refused"])


@transaction.atomic
def read_again(*, run: ImportRun) -> None:
    """Read the file again after a decision that changes its effect."""
    _lock(run, Stage.PREVIEWED)
    run.lines.all()._raw_delete("default")
    run.mentions.all()._raw_delete("default")
    run.stage, run.rows_done, run.tries = Stage.READING, 0, 0
    run.save(update_fields=["stage", "rows_done", "tries"])


@transaction.atomic
def undo(*, run: ImportRun) -> None:
    """Mark the import as undone, in the transaction that reverted its rows."""
    _lock(run, Stage.IMPORTED)
    run.stage = Stage.UNDONE
    run.save(update_fields=["stage"])


def refuse_another_file(run: ImportRun, path: Path) -> None:
    if files.sha256_of(path) != run.file_sha256:
        raise ImportRefused(_("The file is not the one that was previewed: preview it again."))


@transaction.atomic
def send_back(*, run: ImportRun, why: str) -> None:
    """Return a confirmed import that could not be carried out to the preview, with the reason."""
    _lock(run, Stage.IMPORTING)
    run.stage, run.settled_by, run.failure = Stage.PREVIEWED, None, why
    run.save(update_fields=["stage", "settled_by", "failure"])


@transaction.atomic
def abandon(*, run: ImportRun, by: User, at: datetime) -> None:
    """Abandon the import. Nothing was or will be written."""
    _lock(run, Stage.PREVIEWED, Stage.READING)
    _settle(run, Stage.ABANDONED, by, at)


@transaction.atomic
def finish(*, run: ImportRun, at: datetime) -> None:
    """Mark the import as carried out, in the transaction that wrote it."""
    _lock(run, Stage.IMPORTING)
    _settle(run, Stage.IMPORTED, run.settled_by, at)


@transaction.atomic
def fail(*, run: ImportRun, at: datetime, why: str) -> None:
    """Mark the import as failed: the file is not readable as the kind of file chosen."""
    _lock(run, Stage.READING)
    run.failure = why
    _settle(run, Stage.FAILED, None, at)


def _settle(run: ImportRun, stage: ImportRun.Stage, by: User | None, at: datetime) -> None:
    run.stage, run.settled_by, run.settled_at = stage, by, at
    run.save(update_fields=["stage", "settled_by", "settled_at", "failure"])


def _lock(run: ImportRun, *expected: ImportRun.Stage) -> None:
    """Lock and reload the import until the transaction ends. Raises ImportRefused unless it is at that stage."""
    run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
    if run.stage not in expected:
        already = _("settled already") if run.settled_at else _("under way")
        raise ImportRefused(
            _("This import is %(already)s: %(stage)s.") % {"already": already, "stage": run.get_stage_display()}
        )
