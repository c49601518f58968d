"""Worker for scheduled tasks, and its supervision beside the application server of `make run`."""

import asyncio
import logging
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import psycopg
from django.conf import settings
from django.db import DatabaseError
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

PATIENCE_IN_SECONDS = 5
STEP = 0.1  # seconds between checks that the parent is alive
HEARTBEAT = 30  # seconds
SILENT_AFTER = 4 * HEARTBEAT  # deploy/alerts.yml waits as long
TRIED_AGAIN_AFTER = 5  # seconds, while the database is away
LOGGED_EVERY = 60  # seconds

log = logging.getLogger(__name__)


def work(beside: int | None = None) -> None:
    """Run tasks until stopped by a signal, or until the parent process is gone.

    Uses few connections, because schedules are accurate to minutes. It runs several tasks at once, so that waiting for
    another server delays nothing else.
    """
    if beside is not None:
        threading.Thread(target=end_with, args=(beside,), daemon=True).start()
    asyncio.run(_work())


async def _work() -> None:
    """Run tasks until a signal; through outages of the database, however long they last."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    outage = Outage()
    while not stopped.is_set():
        try:
            await _run_tasks(stopped, outage)
        except (DatabaseError, psycopg.Error, ConnectorException) as fault:
            outage.goes_on(fault)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), TRIED_AGAIN_AFTER)


async def _run_tasks(stopped: asyncio.Event, outage: "Outage") -> None:
    """Run tasks until stopped, or until the database is away: then it returns or raises."""
    parameters = connector_params()  # starts the embedded server
    async with await psycopg.AsyncConnection.connect(**parameters):
        outage.is_over()  # asked without the pool, which would wait for half a minute
    connector = PsycopgConnector(kwargs=parameters, min_size=1, max_size=2, timeout=3)
    with app.replace_connector(connector):
        async with app.open_async():
            running = asyncio.create_task(
                app.run_worker_async(
                    concurrency=3,
                    listen_notify=False,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=SILENT_AFTER,
                    shutdown_graceful_timeout=PATIENCE_IN_SECONDS - 1,
                )
            )
            stopping = asyncio.create_task(stopped.wait())
            await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if stopped.is_set():
                running.cancel()  # it finishes what it is doing
                await asyncio.wait([running], timeout=2 * PATIENCE_IN_SECONDS)  # the database may hang
            elif fault := running.exception():
                raise fault


class Outage:
    """Tells the log once when the database goes away, once a minute while it stays away, and when it is back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began_at: float | None = None
        self._logged_at = -math.inf

    def goes_on(self, fault: BaseException) -> None:
        now = self._clock()
        if self._began_at is None:
            self._began_at = now
        if now - self._logged_at < LOGGED_EVERY:
            return
        self._logged_at = now
        log.error(
            "The worker cannot reach the database, for %.0f s now: nothing scheduled is published. "
            "It tries again every %s s. %s",
            now - self._began_at,
            TRIED_AGAIN_AFTER,
            " ".join(str(fault).split()),
        )

    def is_over(self) -> None:
        if self._began_at is None:
            log.info("The worker reaches the database.")
        else:
            log.warning("The worker reaches the database again, after %.0f s.", self._clock() - self._began_at)
        self._began_at, self._logged_at = None, -math.inf


class WorkerProcess:
    """Worker in a separate process, kept running beside this one until it is stopped.

    Not forked: a fork would share this process's lease on the embedded server, and could miss a stop signal and outlive
    it.
    """

    def __init__(self, *, pause: float = 5) -> None:
        self.command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--beside", str(os.getpid())]
        self.process: subprocess.Popen[bytes] | None = None
        self._pause = pause  # seconds between restarts if it fails
        self._started_at = -math.inf
        self._stopped = False
        self._turn = threading.Lock()

    def keep_alive(self) -> None:
        """Start the worker unless it is running or was stopped for good."""
        with self._turn:
            if self._stopped or (self.process and self.process.poll() is None):
                return
            if time.monotonic() < self._started_at + self._pause:
                return
            self._started_at = time.monotonic()
            # In a session of its own: Ctrl-C is meant for the server, which stops the worker.
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, start_new_session=True)

    def stop(self) -> None:
        with self._turn:
            self._stopped = True
            if self.process is None or self.process.poll() is not None:
                return
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_IN_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def end_with(parent: int) -> None:
    """End this process as soon as `parent` is gone; to be run in a thread, whatever the other threads are waiting for."""
    while os.getppid() == parent:
        time.sleep(STEP)
    os._exit(1)
