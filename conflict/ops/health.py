"""Liveness and readiness of this process, for process managers and monitors; reveals no details."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conflict.ops.worker_state import worker_state
from conflict.postgres.replicas.base import DatabaseWrapper as ReadersServers
from conflict.record import anchors, clock
from conflict.record.models import Publication

PATIENCE = 1.2  # seconds; until a thread is free, up to 0.8 more may pass (conflict.ops.monitor_share)

log = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process responds; does not use the database."""
    return _plain("alive", 200)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if readers can be served; “degraded” if something else is unavailable: the desk, the worker, or one of the
    readers' servers.

    503 if the log cannot be read, or the tables do not match this code. Responds within two seconds, whatever hangs.
    """
    log_is_read, tables, servers, worker, clocks = (question.begin() for question in QUESTIONS)
    problem, lacks = "", []
    try:
        answer_of(log_is_read)
    except Error as error:
        problem = str(error)
    try:
        missing, unknown = answer_of(tables)
        problem, lacks = problem or missing, unknown
    except Error as error:  # readers can be served without the desk
        lacks = [f"The desk's database does not answer: {error}"]
    asked = (
        (servers, "A server of the readers' does not answer"),
        (worker, "No word of the worker"),
        (clocks, "The desk's database does not answer"),
    )
    for question, fault in asked:
        try:
            lacks += answer_of(question)
        except Error as error:
            lacks.append(f"{fault}: {error}")
    for sentence in [problem] if problem else lacks:
        log.warning("Not ready: %s" if problem else "Degraded: %s", sentence)
    if problem:
        return _plain("not ready", 503)
    return _plain("degraded" if lacks else "ready", 200)


class Answer(Future[Any]):
    """Answer to a question that was asked at a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.monotonic()


class Question:
    """A check run in its own thread: callers can give up waiting, and simultaneous callers share one result."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._running: Answer | None = None

    def begin(self) -> Answer:
        with self._lock:
            if (answer := self._running) is None:
                answer = self._running = Answer()
                threading.Thread(target=self._run, args=(answer,), daemon=True).start()
            return answer

    def _run(self, answer: Answer) -> None:
        try:
            states = self._ask()
        except BaseException as error:
            self._running = None
            answer.set_exception(error)
        else:
            self._running = None
            answer.set_result(states)
        finally:
            connections.close_all()  # those opened by this thread


def answer_of(answer: Answer) -> Any:
    """Wait for it as long as PATIENCE lasts; of a question that hangs since longer, no time is lost again."""
    try:
        return answer.result(max(0, answer.began + PATIENCE - time.monotonic()))
    except TimeoutError:
        raise OperationalError(f"no answer within {PATIENCE} s.") from None


def read_the_log() -> None:
    """Raises django.db.Error if readers cannot read the log."""
    Publication.objects.using("public").newest_first().values_list("number").first()


def compare_the_tables() -> tuple[str, list[str]]:
    return compare_migrations(connections["default"])


def compare_migrations(connection: BaseDatabaseWrapper) -> tuple[str, list[str]]:
    """Messages about missing migrations, and about those that this code does not know."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    missing = sorted(newest_migrations() - applied)
    unknown = sorted(name for name in applied - known_migrations() if name[0] in {app for app, _ in known_migrations()})
    return (
        f"the migration {'.'.join(missing[0])} has not been applied." if missing else "",
        [f"The tables are newer than this code: it does not know {'.'.join(unknown[0])}."] if unknown else [],
    )


def unreachable_parts() -> list[str]:
    """One sentence for each reader's server that is out of service."""
    public = connections["public"]
    return public.out_of_service() if isinstance(public, ReadersServers) else []


def missing_worker() -> list[str]:
    """A sentence if no worker has reported lately."""
    state = worker_state()
    return [state.warning] if state.is_silent else []


def clock_and_anchors() -> list[str]:
    """Sentences on clocks that differ, and on configured authorities that have not timestamped the log for two days."""
    wrong = [fault] if (fault := clock.fault()) else []
    return wrong + (anchors.shortcomings(timezone.now()) if settings.TIMESTAMP_AUTHORITIES else [])


# Called through lambdas, so that the functions are looked up on each call.
QUESTIONS = [
    Question(lambda: read_the_log()),
    Question(lambda: compare_the_tables()),
    Question(lambda: unreachable_parts()),
    Question(lambda: missing_worker()),
    Question(lambda: clock_and_anchors()),
]


@cache
def newest_migrations() -> set[tuple[str, str]]:
    """Last migration of every app in the code; constant while the process runs."""
    return set(MigrationLoader(None).graph.leaf_nodes())


@cache
def known_migrations() -> set[tuple[str, str]]:
    """All migrations in the code, including those replaced by squashed ones."""
    migrations = MigrationLoader(None).disk_migrations
    return {*migrations, *(replaced for one in migrations.values() for replaced in one.replaces)}


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
