"""Jobs for uploaded imports: small ones are read and written within the request, large ones by the worker.

Waiting is a stage of the import itself, so nothing is lost when a worker is killed: the next one
finds the import as it was before, since each is written whole or not at all.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import OperationalError, connections, transaction
from django.utils.translation import override
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from conflict.message import gettext as _
from conflict.message import joined, ngettext
from conflict.models import Period
from conflict.record.publisher import PublishingRefused
from editorial.import_export import import_state, imports, proposals, uploads
from editorial.import_export.datasets import DATASETS
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.models import ImportRun, SheetMapping, User
from editorial.webhooks.queue import AFTER_PUBLISHING, IMPORT
from editorial.workflow import permissions
from editorial.workflow.exceptions import FAULT, WorkflowRefused
from editorial.workflow.submissions import refuse_without_reason

AT_ONCE = 1024 * 1024  # bytes of a file, some 1,500 events: a few seconds
MOST_TRIES = 3  # of one that ends its worker
PROPOSED_AT_ONCE = 300  # events handled in a request; more are left to the worker
TELL_EVERY = 1.0  # seconds
WORKING = 0x494D504A4F42  # one process at a time imports, the worker or a request
log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def receive(
    *,
    upload: Any,
    holds: str | SheetMapping,
    release: str,
    period: Period | None,
    left_out: frozenset[str],
    by: User,
    at: datetime,
) -> ImportRun:
    """An import that waits for confirmation or, if it is large, for the worker to read it. Raises FileRefused."""
    uploads.refuse_too_large(upload.size, is_table=isinstance(holds, str) and holds not in DATASETS)
    file = uploads.keep(upload)
    try:
        run = imports.new_run(
            holds=holds,
            path=file,
            file_name=upload.name,
            release=release,
            period=period,
            left_out=left_out,
            by=by,
            at=at,
            stored_as=file.name,
        )
        with transaction.atomic():
            run.save()
            _read_soon(run)
    except BaseException:
        uploads.forget(file)
        raise
    return run


def read_again(run: ImportRun) -> None:
    """Read the file again after a decision that changes its effect. Raises ImportRefused."""
    uploads.stored_path(run)
    with transaction.atomic():
        import_state.read_again(run=run)
        _read_soon(run)


def confirm(*, run: ImportRun, by: User, at: datetime, accepted: Collection[str] = ()) -> None:
    """Confirm a preview. The worker writes a large import, or any while it is at another. Raises ImportRefused."""
    small = is_small(run)
    with transaction.atomic():
        import_state.accept(run=run, by=by, accepted=accepted)
        if not small:
            _wake_the_worker()
    if small:
        with _alone() as alone:
            _carry_out(run, at) if alone else _wake_the_worker()


def propose(*, run: ImportRun, by: User, at: datetime, reason: str, what: str) -> proposals.Proposed | None:
    """Propose the imported events; None if it is left to the worker for size. Raises ImportRefused, WorkflowRefused."""
    if imports.events_of(run, proposals.WHAT[what]).count() <= PROPOSED_AT_ONCE:
        return proposals.propose(run=run, by=by, at=at, reason=reason, what=what)
    permissions.require(permissions.may_submit(by), by, _("submit entries for review"))
    refuse_without_reason(reason)
    with transaction.atomic():
        run.proposing, run.failure = {"by": by.pk, "reason": reason, "what": what}, ""
        run.save(update_fields=["proposing", "failure"])
        _wake_the_worker()
    return None


def abandon(*, run: ImportRun, by: User, at: datetime) -> None:
    import_state.abandon(run=run, by=by, at=at)
    _forget_file(run)


def is_small(run: ImportRun) -> bool:
    return uploads.size(run) <= AT_ONCE


def _read_soon(run: ImportRun) -> None:
    if is_small(run):
        _read(run)
    else:
        _wake_the_worker()


def _wake_the_worker() -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(IMPORT, queueing_lock=IMPORT, priority=AFTER_PUBLISHING).defer(timestamp=0)


def work_off(*, clock: Clock) -> None:
    """Read and write waiting imports, oldest first, unless another worker already does."""
    with _alone() as alone:
        while alone and (run := ImportRun.objects.underway().order_by("previewed_at", "pk").first()):
            _work(run, clock)
        while alone and (run := ImportRun.objects.exclude(proposing={}).order_by("pk").first()):
            _propose_more(run, clock())


def _propose_more(run: ImportRun, at: datetime) -> None:
    """Propose the next batches, a few at a time, so that nothing is held up for long and a failure costs little."""
    asked, done = run.proposing, None
    by = User.objects.filter(pk=asked["by"]).first()
    try:
        if by is not None:
            done = proposals.propose(
                run=run, by=by, at=at, reason=asked["reason"], what=asked["what"], most=PROPOSED_AT_ONCE
            )
    except OperationalError:
        raise
    except (ImportRefused, WorkflowRefused, PublishingRefused) as refusal:
        run.failure = str(refusal)
    except Exception as fault:
        log.exception("What import %s brought could not be proposed.", run.pk)
        run.failure = _(FAULT) % {"fault": type(fault).__name__}
    if done and done.not_ready:
        key, missing = next(iter(done.not_ready.items()))
        count = len(done.not_ready)
        run.failure = ngettext(
            "%(count)s event stays a draft, %(key)s: %(missing)s",
            "%(count)s events stay drafts, such as %(key)s: %(missing)s",
            count,
        ) % {"count": f"{count:,}", "key": key, "missing": joined(missing)}
    if done is None or not done.waiting:
        run.proposing = {}
    run.save(update_fields=["proposing", "failure"])


def _work(run: ImportRun, clock: Clock) -> None:
    reads = run.stage == ImportRun.Stage.READING
    try:
        if run.tries >= MOST_TRIES:
            raise ImportRefused(
                _("It was begun %(tries)s times and ended the worker each time; the server's log has more.")
                % {"tries": run.tries}
            )
        run.tries += 1
        run.save(update_fields=["tries"])
        with _telling(run) as tell:
            _read(run, tell) if reads else _carry_out(run, clock(), tell)
        return
    except (FileRefused, ImportRefused) as refusal:
        why = str(refusal)
    except OperationalError:
        raise  # the database is away: tried again
    except Exception as fault:
        # One that cannot be imported must not keep the others waiting for ever.
        log.exception("Import %s could not be carried out.", run.pk)
        why = _(FAULT) % {"fault": type(fault).__name__}
    run.refresh_from_db()
    if run.stage == ImportRun.Stage.READING:
        import_state.fail(run=run, at=clock(), why=why)
        _forget_file(run)
    elif run.stage == ImportRun.Stage.IMPORTING:
        import_state.send_back(run=run, why=why)


@override("en")  # what has no msgid is stored as it is said to everybody
def _read(run: ImportRun, tell: imports.Progress = imports.no_progress) -> None:
    imports.read(run=run, path=uploads.stored_path(run), progress=tell)
    if run.refused and not run.header:
        _forget_file(run)  # it can only be corrected and uploaded again


@override("en")
def _carry_out(run: ImportRun, at: datetime, tell: imports.Progress = imports.no_progress) -> None:
    imports.carry_out(run=run, path=uploads.stored_path(run), at=at, progress=tell)
    _forget_file(run)


def _forget_file(run: ImportRun) -> None:
    if run.stored_as:
        uploads.forget(uploads.FOLDER / Path(run.stored_as).name)
        ImportRun.objects.filter(pk=run.pk).update(stored_as="")


@contextmanager
def _alone() -> Iterator[bool]:
    """Advisory lock: yields True if no other process is importing; released if the worker dies.

    Held by a transaction of its own, which does nothing else: a lock of a session would be lost behind a pgbouncer.
    """
    beside = connections.create_connection("default")
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [WORKING])
            got = bool(cursor.fetchone()[0])
        yield got
    finally:
        beside.close()


@contextmanager
def _telling(run: ImportRun) -> Iterator[imports.Progress]:
    """Progress reported on a separate connection, visible while the import's own transaction is still open."""
    beside = connections.create_connection("default")
    rows, told_at = 0, time.monotonic()

    def tell(more: int) -> None:
        nonlocal rows, told_at
        rows += more
        if time.monotonic() - told_at >= TELL_EVERY:
            with beside.cursor() as cursor:
                _say(cursor, run, rows)
            told_at = time.monotonic()

    try:
        yield tell
    finally:
        beside.close()


def _say(cursor: Any, run: ImportRun, rows: int) -> None:
    cursor.execute("UPDATE editorial_importrun SET rows_done = %s WHERE id = %s", [rows, run.pk])
