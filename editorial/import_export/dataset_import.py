"""The verbs of importing a data set: preview and confirm. What is confirmed is exactly what was previewed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pghistory
from django.db import connection, transaction

from conflict.models import Event, Period
from editorial.import_export import bulk_copy, files, import_state
from editorial.import_export.dataset import Dataset
from editorial.import_export.datasets import DATASETS
from editorial.import_export.exceptions import ImportRefused
from editorial.import_export.matching import Matching
from editorial.import_export.plan import Outcome, Plan, Planned, Tally
from editorial.import_export.writer import Writer
from editorial.models import ImportLine, ImportRun, User

Progress = Callable[[int], None]
LOCK = 0x494D504F5254  # one import at a time: two that make the same actors would wait for each other in the end
MESSAGES = 300


@dataclass(slots=True)
class Work:
    """What to import and how; the same for the preview and for what is confirmed."""

    dataset: Dataset
    path: Path
    release: str = ""
    period: Period | None = None
    left_out: Collection[str] = ()
    file_name: str = ""

    def plan(self, *, locking: bool = False) -> Plan:
        return Plan(self.dataset, self.path, Matching.with_desk(), self.left_out, locking=locking)


@dataclass(slots=True)
class Done:
    """What was carried out, and the run that keeps it."""

    tally: Tally
    run: ImportRun | None = None


def no_progress(rows: int) -> None: ...


def look(work: Work, seen: Callable[[Planned], None], progress: Progress = no_progress) -> Tally:
    """Read the whole file against the desk; nothing is written. `seen` is handed every line."""
    plan = work.plan()
    for chunk in plan.chunks():
        for planned in chunk:
            seen(planned)
        progress(_rows(chunk))
    return plan.tally


def preview(*, work: Work, by: User | None, at: datetime) -> ImportRun:
    """Keep what the file would do, line by line, for somebody to confirm. Raises FileRefused."""
    with transaction.atomic():
        run = begin(work=work, by=by, at=at)
        read(run=run, path=work.path)
    return run


@transaction.atomic
def read(*, run: ImportRun, path: Path, progress: Progress = no_progress) -> None:
    """Fill a new run with what its file would do. Raises FileRefused."""
    waiting: list[Planned] = []

    def keep(planned: Planned) -> None:
        waiting.append(planned)
        if len(waiting) >= 1000:
            _write_lines(run, waiting)
            waiting.clear()

    tally = look(_work_of(run, path), keep, progress)
    _write_lines(run, waiting)
    import_state.show(
        run=run, counts={**_counts(tally), "options": {**run.options, "added_columns": tally.added_columns}}
    )


def confirm(*, run: ImportRun, path: Path, by: User | None, at: datetime) -> Done:
    """Do what was previewed, all or nothing. Raises ImportRefused where it would be anything else."""
    import_state.accept(run=run, by=by)
    return carry_out(run=run, path=path, at=at)


def carry_out(*, run: ImportRun, path: Path, at: datetime, progress: Progress = no_progress) -> Done:
    """Write what somebody confirmed. Raises ImportRefused, and the run waits for confirmation again."""
    try:
        import_state.refuse_another_file(run, path)
        with _importing(run, run.settled_by):
            done = _carry_out(_work_of(run, path), progress)
            if done.tally.preview_sha256 != run.preview_sha256:
                raise ImportRefused(import_state.DESK_CHANGED)
            import_state.finish(run=run, at=at)
    except ImportRefused as refusal:
        import_state.send_back(run=run, why=str(refusal))
        raise
    done.run = run
    return done


def _work_of(run: ImportRun, path: Path) -> Work:
    left_out = run.options.get("left_out", ())
    return Work(DATASETS[run.dataset], path, run.release, run.period, left_out, run.file_name)


def import_now(*, work: Work, tally: Tally, by: User | None, at: datetime, progress: Progress = no_progress) -> Done:
    """Preview was `tally`, of a moment ago and by the same person: carry it out and keep the run."""
    if refused := tally[Outcome.REFUSED]:
        raise ImportRefused(f"{refused} lines are refused: correct the file. Nothing was written.")
    with transaction.atomic():
        run = begin(work=work, by=by, at=at)
        import_state.show(
            run=run, counts={**_counts(tally), "options": {**run.options, "added_columns": tally.added_columns}}
        )
        import_state.accept(run=run, by=by)
        with _importing(run, by):
            if tally[Outcome.UNCHANGED] < tally.outcomes.total():
                done = _carry_out(work, progress, lambda planned: _write_lines(run, planned))
                if done.tally.preview_sha256 != tally.preview_sha256:
                    raise ImportRefused(
                        "The file or the desk changed while it was read: start again. Nothing was written."
                    )
            import_state.finish(run=run, at=at)
    return Done(tally, run)


@contextmanager
def _importing(run: ImportRun, by: User | None) -> Iterator[None]:
    """One transaction, one import at a time, and a history that names who did it and by which run."""
    names = {"import_run": run.pk, **({"user": by.pk} if by else {})}
    with pghistory.context(**names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        with bulk_copy.many_chunks():
            yield


def _carry_out(work: Work, progress: Progress, keep: Callable[[Sequence[Planned]], None] | None = None) -> Done:
    plan = work.plan(locking=True)
    writer = Writer(work.dataset, plan.matching, work.dataset.source_of_release(work.release), work.period)
    for chunk in plan.chunks():
        writer.write(chunk)
        if keep:
            keep([planned for planned in chunk if planned.outcome != Outcome.UNCHANGED])
        progress(_rows(chunk))
    return Done(plan.tally)


def _rows(chunk: Sequence[Planned]) -> int:
    """How many of these are rows of the file; what it no longer has is none."""
    return sum(1 for planned in chunk if planned.line)


def begin(*, work: Work, by: User | None, at: datetime, stored_as: str = "") -> ImportRun:
    """A run for this file, of which nothing is read yet."""
    return ImportRun.objects.create(
        dataset=work.dataset.name,
        release=work.release,
        period=work.period,
        options={"left_out": sorted(work.left_out)},
        file_name=(work.file_name or work.path.name)[-200:],
        file_sha256=files.sha256_of(work.path),
        stored_as=stored_as,
        previewed_by=by,
        previewed_at=at,
    )


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        **{outcome.value: tally[outcome] for outcome in Outcome},
        "rows": tally.rows,
        "columns_changed": dict(tally.columns),
        "preview_sha256": tally.preview_sha256,
    }


def _write_lines(run: ImportRun, planned: Sequence[Planned]) -> None:
    columns = ("run_id", "line", "outcome", "external_id", "title", "column", "reason", "changes")
    bulk_copy.insert(ImportLine, columns, (_line(run, one) for one in planned))


def _line(run: ImportRun, planned: Planned) -> tuple[int | str | None, ...]:
    problem = planned.problem
    said = problem.reason if problem else _in_short(planned)
    return (
        *(run.pk, planned.line, planned.outcome.value, planned.external_id[:MESSAGES], planned.title[:MESSAGES]),
        *(problem.column[:200] if problem else "", said),
        msgspec.json.encode(planned.changes).decode(),
    )


def _in_short(planned: Planned) -> str:
    """When and where a new event was, and how many died, for whoever reads the preview."""
    draft = planned.draft
    if planned.outcome != Outcome.NEW or draft is None:
        return ""
    figures = ", ".join(claim.as_worded for claim in draft.claims if claim.cites_reports)
    return f"{draft.days.text} · {draft.place.name}, {draft.country} · {figures}"


def entries_of(run: ImportRun, outcomes: Collection[Outcome] = (Outcome.NEW, Outcome.CHANGED)) -> list[str]:
    """Keys of the events that this import made or changed; for whoever proposes them for review."""
    touched = run.lines.filter(outcome__in=outcomes).values("external_id")
    events = Event.objects.filter(external_ids__dataset=run.dataset, external_ids__external_id__in=touched)
    return list(events.in_key_order().values_list("key", flat=True))
