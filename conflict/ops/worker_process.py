"""Worker for scheduled tasks, and its supervision beside the application server of `make run`."""

import asyncio
import math
import os
import subprocess
import sys
import threading
import time

from django.conf import settings
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

PATIENCE_IN_SECONDS = 5
STEP = 0.1  # seconds between checks that the parent is alive


def work(beside: int | None = None) -> None:
    """Run tasks until stopped by a signal, or until the parent process is gone.

    Uses few connections, because schedules are accurate to minutes. It runs several tasks at once, so that waiting for
    another server delays nothing else.
    """
    if beside is not None:
        threading.Thread(target=end_with, args=(beside,), daemon=True).start()
    asyncio.run(_work())


async def _work() -> None:
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2)
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=3,
                listen_notify=False,
                delete_jobs="successful",
                update_heartbeat_interval=30,
                stalled_worker_timeout=120,
                shutdown_graceful_timeout=PATIENCE_IN_SECONDS - 1,
            )


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
