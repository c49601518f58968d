"""The application server of `make run`: gunicorn inside this process, ended by any of the usual signals.

A worker for what is due at a time runs beside it as one more child.
A public site runs gunicorn itself, see README.md; this is for one machine and says where it can be found.
"""

import gc
import signal
from collections.abc import Callable
from typing import Any

from django.conf import settings
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from conflict.management.scheduling import Companion

# One worker per core of a small machine. The application is loaded once, before the workers are forked,
# so they share its memory; threads wait for the database together.
WORKERS = 2
THREADS = 4


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def __init__(self, port: int, when_ready: Callable[[], None]) -> None:
        self.port = port
        self.tell = when_ready
        self.companion = Companion()
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"127.0.0.1:{self.port}",
            "worker_class": "gthread",
            "workers": WORKERS,
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,  # it lies in the home folder: two checkouts would share it
            "when_ready": self._when_ready,
            "on_exit": lambda arbiter: self.companion.stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from conflict.wsgi import application  # not at the top: importing it starts the application

        return application

    def run(self) -> None:
        Foreman(self).run()

    def _when_ready(self, arbiter: Any) -> None:
        # gunicorn takes a hang-up for "reload" and would outlive the terminal it was started in.
        signal.signal(signal.SIGHUP, lambda number, frame: arbiter.signal(signal.SIGTERM, frame))
        gc.collect()
        gc.freeze()  # what is loaded so far stays in memory the workers share
        self.tell()


class Foreman(Arbiter):  # type: ignore[misc]  # gunicorn carries no types
    """Gunicorn's master, which looks after the companion as it does after its own workers."""

    def manage_workers(self) -> None:
        super().manage_workers()
        self.app.companion.keep_alive(self._leave_behind)

    def _leave_behind(self) -> None:
        for listener in self.LISTENERS:
            listener.sock.close()
        for worker in self.WORKERS.values():
            worker.tmp.close()


def serve(port: int, when_ready: Callable[[], None]) -> None:
    """Serve until a signal ends it; does not return."""
    Server(port, when_ready).run()


def addresses() -> list[tuple[str, str]]:
    here = f"http://127.0.0.1:{settings.PORT}"
    return [
        ("Website", f"{here}/"),
        ("Desk", f"{here}/admin/"),
        ("API", f"{here}/api/v1/"),
        ("API, documented", f"{here}/api/v1/docs/"),
    ]
