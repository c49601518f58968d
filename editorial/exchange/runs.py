"""The verbs of importing a data set: preview, confirm, abandon. What is confirmed is exactly what was previewed."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pghistory
from django.db import connection, transaction

from conflict.models import Event, Period
from editorial.exchange import bulk, files
from editorial.exchange.dataset import Dataset
from editorial.exchange.datasets import DATASETS
from editorial.exchange.matching import Matching
from editorial.exchange.planning import Outcome, Plan, Planned, Tally
from editorial.exchange.refusals import ImportRefused
from editorial.exchange.writing import Writer
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


def _no_progress(rows: int) -> None: ...


def look(work: Work, seen: Callable[[Planned], None], progress: Progress = _no_progress) -> Tally:
    """Read the whole file against the desk; nothing is written. `seen` is handed every line that does something."""
    plan = work.plan()
    for chunk in plan.chunks():
        for planned in chunk:
            if planned.outcome != Outcome.UNCHANGED:
                seen(planned)
        progress(len(chunk))
    return plan.tally


@transaction.atomic
def preview(*, work: Work, by: User | None, at: datetime, progress: Progress = _no_progress) -> ImportRun:
    """Keep what the file would do, line by line, for somebody to confirm. Raises FileRefused."""
    run = _new_run(work, by, at)
    waiting: list[Planned] = []

    def keep(planned: Planned) -> None:
        waiting.append(planned)
        if len(waiting) >= 1000:
            _write_lines(run, waiting)
            waiting.clear()

    tally = look(work, keep, progress)
    _write_lines(run, waiting)
    _count(run, tally)
    run.save()
    return run


def confirm(*, run: ImportRun, path: Path, by: User | None, at: datetime, progress: Progress = _no_progress) -> Done:
    """Do what was previewed, all or nothing. Raises ImportRefused where it would be anything else."""
    work = Work(
        DATASETS[run.dataset],
        path,
        run.release,
        run.period,
        run.options.get("left_out", ()),
        run.file_name,
    )
    if run.refused:
        raise ImportRefused(f"{run.refused} lines are refused: correct the file and preview it again.")
    if files.sha256_of(path) != run.file_sha256:
        raise ImportRefused("The file is not the one that was previewed: preview it again.")
    with _importing(run, by):
        current = ImportRun.objects.select_for_update().get(pk=run.pk)
        if current.stage != ImportRun.Stage.PREVIEWED:
            raise ImportRefused(f"This import is settled already: {current.get_stage_display()}.")
        done = _carry_out(work, progress)
        if done.tally.preview_sha256 != run.preview_sha256:
            raise ImportRefused(
                "The desk has changed since the preview, so that the file would now do something else: preview it again. Nothing was written."
            )
        _settle(run, ImportRun.Stage.IMPORTED, by, at)
        done.run = run
    return done


def import_now(*, work: Work, tally: Tally, by: User | None, at: datetime, progress: Progress = _no_progress) -> Done:
    """Preview was `tally`, of a moment ago and by the same person: carry it out and keep the run."""
    if refused := tally[Outcome.REFUSED]:
        raise ImportRefused(f"{refused} lines are refused: correct the file. Nothing was written.")
    with transaction.atomic():
        run = _new_run(work, by, at)
        _count(run, tally)
        run.save()
        with _importing(run, by):
            done = _carry_out(work, progress, lambda planned: _write_lines(run, planned))
            if done.tally.preview_sha256 != tally.preview_sha256:
                raise ImportRefused("The file or the desk changed while it was read: start again. Nothing was written.")
            _settle(run, ImportRun.Stage.IMPORTED, by, at)
            done.run = run
    return done


@transaction.atomic
def abandon(*, run: ImportRun, by: User, at: datetime) -> None:
    """Give the import up. Nothing was written, nothing is."""
    current = ImportRun.objects.select_for_update().get(pk=run.pk)
    if current.stage != ImportRun.Stage.PREVIEWED:
        raise ImportRefused(f"This import is settled already: {current.get_stage_display()}.")
    _settle(run, ImportRun.Stage.ABANDONED, by, at)


@contextmanager
def _importing(run: ImportRun, by: User | None) -> Iterator[None]:
    """One transaction, one import at a time, and a history that names who did it and by which run."""
    names = {"import_run": run.pk, **({"user": by.pk} if by else {})}
    with pghistory.context(**names), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        with bulk.many_chunks():
            yield


def _carry_out(work: Work, progress: Progress, keep: Callable[[Sequence[Planned]], None] | None = None) -> Done:
    plan = work.plan(locking=True)
    writer = Writer(work.dataset, plan.matching, work.dataset.source_of_release(work.release), work.period)
    for chunk in plan.chunks():
        writer.write(chunk)
        if keep:
            keep([planned for planned in chunk if planned.outcome != Outcome.UNCHANGED])
        progress(len(chunk))
    return Done(plan.tally)


def _new_run(work: Work, by: User | None, at: datetime) -> ImportRun:
    return ImportRun.objects.create(
        dataset=work.dataset.name,
        release=work.release,
        period=work.period,
        options={"left_out": sorted(work.left_out)},
        file_name=(work.file_name or work.path.name)[-200:],
        file_sha256=files.sha256_of(work.path),
        previewed_by=by,
        previewed_at=at,
    )


def _count(run: ImportRun, tally: Tally) -> None:
    for outcome in Outcome:
        setattr(run, outcome.value, tally[outcome])
    run.rows, run.columns_changed, run.preview_sha256 = tally.rows, dict(tally.columns), tally.preview_sha256


def _settle(run: ImportRun, stage: ImportRun.Stage, by: User | None, at: datetime) -> None:
    run.stage, run.settled_by, run.settled_at = stage, by, at
    run.save()


def _write_lines(run: ImportRun, planned: Sequence[Planned]) -> None:
    columns = ("run_id", "line", "outcome", "external_id", "title", "column", "reason", "changes")
    bulk.insert(ImportLine, columns, (_line(run, one) for one in planned))


def _line(run: ImportRun, planned: Planned) -> tuple[int | str | None, ...]:
    problem = planned.problem
    return (
        *(run.pk, planned.line, planned.outcome.value, planned.external_id[:MESSAGES], planned.title[:MESSAGES]),
        *(problem.column[:200] if problem else "", problem.reason if problem else ""),
        json.dumps(planned.changes, ensure_ascii=False),
    )


def entries_of(run: ImportRun) -> dict[str, list[str]]:
    """Keys of the events that this import made or changed, by kind; for whoever proposes them for review."""
    touched = run.lines.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED]).values("external_id")
    events = Event.objects.filter(external_ids__dataset=run.dataset, external_ids__external_id__in=touched)
    return {"event": list(events.in_key_order().values_list("key", flat=True))}
