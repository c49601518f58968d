"""The worker that runs what is due at a time, and keeping one beside the application server of `make run`."""

import asyncio
import os
import signal
import time

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

PATIENCE_IN_SECONDS = 5


def work() -> None:
    """Run tasks until a signal ends it, with few connections: times are in minutes here.

    A few at once: what waits for somebody else's server keeps nothing else from its time.
    """
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
                shutdown_graceful_timeout=PATIENCE_IN_SECONDS,
            )


class WorkerProcess:
    """A worker as a child of this process: forked from the loaded application, it shares most of its memory."""

    def __init__(self) -> None:
        self.number: int | None = None

    def keep_alive(self) -> None:
        """Start it unless it runs."""
        if self.number is not None and _exists(self.number):
            return
        parent = os.getpid()
        self.number = os.fork()
        if self.number == 0:
            code = 1
            try:
                _become_a_worker(parent)
                code = 0
            finally:
                os._exit(code)  # nothing the parent registered to do at its end is the child's to do

    def stop(self) -> None:
        if self.number is None or not _exists(self.number):
            return
        os.kill(self.number, signal.SIGTERM)
        give_up_at = time.monotonic() + PATIENCE_IN_SECONDS
        while time.monotonic() < give_up_at:
            if not _exists(self.number):
                return
            time.sleep(0.05)
        os.kill(self.number, signal.SIGKILL)


def _become_a_worker(parent: int) -> None:
    for name in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGCHLD, signal.SIGWINCH):
        signal.signal(name, signal.SIG_DFL)  # the parent's mean nothing here

    async def watch() -> None:
        while os.getppid() == parent:
            await asyncio.sleep(1)
        os._exit(1)  # the parent was killed: whoever starts it again starts a worker with it

    async def both() -> None:
        watching = asyncio.create_task(watch())
        await _work()
        watching.cancel()

    asyncio.run(both())


def _exists(number: int) -> bool:
    """True while the child runs. One that has ended is collected here, unless somebody else was faster."""
    try:
        return os.waitpid(number, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False
