"""Application server: Granian inside this process, on a public site (`manage.py serve`) and for `make run`.

The application is loaded once, before the workers are forked, so they share its memory, including what keeps the log
from going backwards for a reader (`conflict.postgres.replicas.minimum_head`). `make bench` measures up to twice the
throughput of gunicorn.
"""

import gc
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer as Granian

from conflict.ops import counters, desk_share
from conflict.ops.malloc import keep_one_heap
from conflict.ops.monitor_share import SPARE
from conflict.ops.stalled_requests import StalledRequests, frozen
from conflict.ops.templates import load_templates
from conflict.ops.warm_up import warm_up
from conflict.ops.worker_process import STEP, WorkerProcess, end_with
from conflict.record.projection import version

SILENCE = 30  # seconds without a sign of life after which a worker process is replaced
LATE = 5  # seconds: a look that took so long says nothing about the workers

log = logging.getLogger(__name__)


class ServerOptions(NamedTuple):
    """Address, number of processes, and number of requests that each handles at once."""

    port: int
    host: str = "127.0.0.1"
    workers: int = 2  # one per core of a small machine
    threads: int = 4  # they share the time spent waiting for the database
    seconds_to_finish: int = 30
    seconds_stalled: int = 30  # for which a client may keep a thread waiting


class Server(Granian):
    """Granian server that repeats the stop signal until its workers stop: until they listen, they miss it."""

    def _stop_workers(self) -> None:
        stopped = threading.Event()
        _run(self._tell_again, stopped)
        super()._stop_workers()  # type: ignore[no-untyped-call]
        stopped.set()

    def _tell_again(self, stopped: threading.Event) -> None:
        workers = list(self.wrks)
        while not stopped.wait(5 * STEP):
            for worker in workers:
                worker.terminate()


def serve(shape: ServerOptions, *, when_ready: Callable[[], None], companion: WorkerProcess | None = None) -> None:
    """Serve until stopped by a signal. `companion` is kept running beside the server."""
    keep_one_heap()
    desk_share.threads = shape.threads
    counters.share_between_processes()
    from conflict.wsgi import application  # not at the top: importing it starts the application

    load_templates()
    warm_up()
    version.current()  # of the code that is running, not of what an upgrade puts in its place
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "conflict.wsgi:application",
        address=shape.host,
        port=shape.port,
        interface=Interfaces.WSGI,
        workers=shape.workers,
        blocking_threads=shape.threads + SPARE,
        blocking_threads_idle_timeout=600,  # a thread that ends takes its database connections with it
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=shape.seconds_to_finish,
    )
    parent = os.getpid()
    signs = Path(tempfile.mkdtemp(prefix="workers-"))

    def loaded() -> Any:
        """Load the application in each worker, after the fork.

        A worker whose parent was killed would otherwise hold the port forever.
        """
        # With the parent's handlers, a worker would ignore a termination signal that arrives before Granian installs
        # its own.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # if the terminal closes, the parent ends the workers
        if server.interrupt_signal:
            os._exit(0)
        _run(end_with, parent)
        watched = StalledRequests(
            application, port=shape.port, threads=shape.threads, seconds=shape.seconds_stalled, signs=signs
        )
        watched.start()
        return watched

    def begun() -> None:
        # Granian takes SIGHUP for "reload" and would outlive its terminal.
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
        gc.collect()
        gc.freeze()  # keeps everything loaded so far in memory shared by the workers
        if companion:
            companion.keep_alive()
        _run(_watch, server, when_ready, companion)
        _run(_replace_frozen, server, signs)

    def ended() -> None:
        shutil.rmtree(signs, ignore_errors=True)
        if companion:
            companion.stop()

    server.on_startup(begun)
    server.on_shutdown(ended)
    server.serve(target_loader=loaded, wrap_loader=False)


def _run(what: Callable[..., None], *given: Any) -> None:
    threading.Thread(target=what, args=given, daemon=True).start()


def _watch(server: Any, when_ready: Callable[[], None], companion: WorkerProcess | None) -> None:
    """Wait for the server to listen, then keep the companion running."""
    # Do nothing before all workers are forked: they would inherit locks held by this thread.
    while len(server.wrks) < server.workers or not _listens(server.bind_addr, server.bind_port):
        time.sleep(STEP)
    when_ready()
    while companion:
        time.sleep(1)
        companion.keep_alive()


def _replace_frozen(server: Any, signs: Path) -> None:
    """Kill workers that have stopped doing anything; the server starts others in their place.

    A worker takes a share of all connections, whether it answers them or not.
    """
    looked = time.monotonic()
    while True:
        time.sleep(1)
        late, looked = time.monotonic() - looked > LATE, time.monotonic()
        if late:
            continue  # everything stood still, not only the worker
        for number in frozen(signs, [worker.inner.pid for worker in list(server.wrks)], SILENCE):
            log.error("Worker process %s has stopped doing anything and is replaced.", number)
            (signs / str(number)).unlink(missing_ok=True)
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


def _listens(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        return probe.connect_ex((host, port)) == 0


def addresses() -> list[tuple[str, str]]:
    here = f"http://127.0.0.1:{settings.PORT}"
    return [
        ("Website", f"{here}/"),
        ("Desk", f"{here}/admin/"),
        ("API", f"{here}/api/v1/"),
        ("API, documented", f"{here}/api/v1/docs/"),
    ]
