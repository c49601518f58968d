"""The verbs of every import: preview, confirm, carry out. The result is exactly what was previewed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pghistory
from django.db import connection, transaction
from django.db.models import QuerySet

from conflict.message import gettext as _
from conflict.message import stored
from conflict.models import Event, Period
from editorial.import_export import bulk_copy, files, import_state
from editorial.import_export.dataset_import import DatasetImporter
from editorial.import_export.datasets import DATASETS, dataset_of
from editorial.import_export.exceptions import ImportRefused
from editorial.import_export.importer import Importer, Mention, Outcome, Planned, Tally
from editorial.import_export.table_import import TableImporter
from editorial.models import Dataset, ExternalId, ImportLine, ImportMention, ImportRun, SheetMapping, User

Progress = Callable[[int], None]
LOCK = 0x494D504F5254  # one import at a time: two that make the same actors would wait for each other in the end
MESSAGES = 300
LINES_AT_ONCE = 500


@dataclass(slots=True)
class Done:
    """Tally of an import, and the run that stores it."""

    tally: Tally
    run: ImportRun


def no_progress(rows: int) -> None: ...


def new_run(
    *,
    holds: str | SheetMapping,
    path: Path,
    by: User | None,
    at: datetime,
    file_name: str = "",
    release: str = "",
    period: Period | None = None,
    left_out: Collection[str] = (),
    stored_as: str = "",
) -> ImportRun:
    """An unsaved run for this file, not yet read. `holds` is a data set, a mapping or a table of the desk."""
    run = ImportRun(
        release=release,
        period=period,
        options={"left_out": sorted(left_out)},
        file_name=(file_name or path.name)[-200:],
        file_sha256=files.sha256_of(path),
        stored_as=stored_as,
        previewed_by=by,
        previewed_at=at,
    )
    match holds:
        case SheetMapping():
            run.dataset, run.mapping = Dataset.SHEET, holds
        case str() if holds in DATASETS:
            run.dataset = holds
            run.release = release or DATASETS[holds].release_of(run.file_name)
        case str():
            run.dataset, run.table = Dataset.TABLE, holds
    return run


def importer_for(run: ImportRun, path: Path, by: User | None) -> Importer:
    if run.dataset == Dataset.TABLE:
        return TableImporter(run.table, path, by)
    return DatasetImporter(dataset_of(run), run, path)


def look(
    run: ImportRun, path: Path, keep: Callable[[Sequence[Planned]], None], progress: Progress = no_progress
) -> tuple[Tally, list[Mention]]:
    """Read the whole file against the desk; nothing is written. `keep` is handed every line."""
    importer = importer_for(run, path, run.previewed_by)
    for chunk in importer.preview():
        keep(chunk)
        progress(_rows(chunk))
    return importer.tally, importer.mentions()


def preview(run: ImportRun, path: Path) -> ImportRun:
    """Store the effect of the file, line by line, for confirmation. Raises FileRefused."""
    with transaction.atomic():
        run.save()
        read(run=run, path=path)
    return run


@transaction.atomic
def read(*, run: ImportRun, path: Path, progress: Progress = no_progress) -> None:
    """Fill in a run with the effect of its file. Raises FileRefused."""
    waiting: list[Planned] = []

    def keep(chunk: Sequence[Planned]) -> None:
        waiting.extend(chunk)
        if len(waiting) >= LINES_AT_ONCE:
            _write_lines(run, waiting)
            waiting.clear()

    tally, mentions = look(run, path, keep, progress)
    _write_lines(run, waiting)
    _write_mentions(run, mentions)
    import_state.show(run=run, counts=_counts(run, tally))


def confirm(*, run: ImportRun, path: Path, by: User | None, at: datetime, accepted: Collection[str] = ()) -> Done:
    """Carry out the preview, all or nothing. Raises ImportRefused if the effect would be different."""
    import_state.accept(run=run, by=by, accepted=accepted)
    return carry_out(run=run, path=path, at=at)


def carry_out(*, run: ImportRun, path: Path, at: datetime, progress: Progress = no_progress) -> Done:
    """Write a confirmed import. Raises ImportRefused, after which the run awaits confirmation again."""
    try:
        import_state.refuse_another_file(run, path)
        with _importing(run, run.settled_by):
            tally = _written(run, path, run.settled_by, progress)
            if tally.preview_sha256 != run.preview_sha256:
                raise ImportRefused(_(import_state.DESK_CHANGED))
            import_state.finish(run=run, at=at)
    except ImportRefused as refusal:
        import_state.send_back(run=run, why=str(refusal))
        raise
    return Done(tally, run)


def import_now(
    *,
    run: ImportRun,
    path: Path,
    tally: Tally,
    by: User | None,
    at: datetime,
    accepted: Collection[str] = (),
    progress: Progress = no_progress,
) -> Done:
    """Carry out an import that the same person has just previewed as `tally`, and store the run."""
    with transaction.atomic():
        run.save()
        import_state.show(run=run, counts=_counts(run, tally))
        import_state.accept(run=run, by=by, accepted=accepted)
        with _importing(run, by):
            if not tally.changes_nothing:
                written = _written(run, path, by, progress, lambda planned: _write_lines(run, planned))
                if written.preview_sha256 != tally.preview_sha256:
                    raise ImportRefused(
                        _("The file or the desk changed while it was read: start again. Nothing was written.")
                    )
            import_state.finish(run=run, at=at)
    return Done(tally, run)


@contextmanager
def _importing(run: ImportRun, by: User | None) -> Iterator[None]:
    """Transaction for one import at a time, whose history records the person and the run."""
    names = {"import_run": run.pk, **({"user": by.pk} if by else {})}
    with pghistory.context(**names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def _written(
    run: ImportRun,
    path: Path,
    by: User | None,
    progress: Progress,
    keep: Callable[[Sequence[Planned]], None] | None = None,
) -> Tally:
    importer = importer_for(run, path, by)
    for chunk in importer.write():
        if keep:
            keep([planned for planned in chunk if planned.outcome != Outcome.UNCHANGED])
        progress(_rows(chunk))
    return importer.tally


def _rows(chunk: Sequence[Planned]) -> int:
    """Number of rows of the file in the chunk; events missing from the file do not count."""
    return sum(1 for planned in chunk if planned.line)


def _counts(run: ImportRun, tally: Tally) -> dict[str, Any]:
    return {
        "options": {**run.options, "added_columns": tally.added_columns, "other_sheets": tally.other_sheets},
        **{outcome.value: tally[outcome] for outcome in Outcome},
        "rows": tally.rows,
        "columns_changed": dict(tally.columns),
        "questions": {code: stored(question) for code, question in tally.questions.items()},
        "filed": dict(tally.filed),
        "header": tally.header if tally[Outcome.REFUSED] and not tally.is_broken else [],
        "preview_sha256": tally.preview_sha256,
    }


def _write_lines(run: ImportRun, planned: Sequence[Planned]) -> None:
    columns = ("run_id", "line", "outcome", "external_id", "title", "column", "reason", "changes", "cells")
    bulk_copy.insert(ImportLine, columns, (_line(run, one) for one in planned))


def _line(run: ImportRun, planned: Planned) -> tuple[int | str | None, ...]:
    problem = planned.problem
    return (
        *(run.pk, planned.line, planned.outcome.value, planned.external_id[:MESSAGES], planned.title[:MESSAGES]),
        *(problem.column[:200] if problem else "", stored(problem.reason if problem else planned.note)),
        msgspec.json.encode(planned.changes).decode(),
        msgspec.json.encode(planned.cells).decode(),
    )


def _write_mentions(run: ImportRun, mentions: Sequence[Mention]) -> None:
    columns = (
        *("run_id", "kind", "name_key", "name", "detail", "rows", "match", "found_by", "similar", "is_decided"),
        *("latitude", "longitude"),
    )
    bulk_copy.insert(
        ImportMention,
        columns,
        (
            (
                *(run.pk, one.kind, one.name_key[:300], one.name[:300], stored(one.detail), one.rows, one.match),
                *(one.found_by, msgspec.json.encode(one.similar).decode(), one.is_decided),
                *(one.point or (None, None)),
            )
            for one in mentions
        ),
    )


def events_of(run: ImportRun, outcomes: Collection[Outcome] = (Outcome.NEW, Outcome.CHANGED)) -> "QuerySet[Event]":
    """Events that this import created or changed and that are still on the desk."""
    touched = run.lines.filter(outcome__in=outcomes).values("external_id")
    known = ExternalId.objects.filter(dataset=run.source, external_id__in=touched)
    return Event.objects.filter(pk__in=known.values("event"))  # type: ignore[no-any-return]


def entries_of(run: ImportRun, outcomes: Collection[Outcome] = (Outcome.NEW, Outcome.CHANGED)) -> list[str]:
    """Keys of the run's events, for proposing them for review."""
    return list(events_of(run, outcomes).order_by("key").values_list("key", flat=True))
