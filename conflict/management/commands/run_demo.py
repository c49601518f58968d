"""`manage.py run_demo`: set everything up on this machine, step by step, and serve it (used by `make run`)."""

import io
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from rich.console import Console

from conflict.ops import application_server, port_check, static_files, worker_process
from conflict.ops.installer import turn
from conflict.postgres.server import EmbeddedServer, server_in


@dataclass(frozen=True)
class Step:
    """One step before serving; each finds out for itself whether there is anything left to do."""

    doing: str
    run: Callable[[io.TextIOBase], Any]


STEPS = [
    Step("Starting PostgreSQL", lambda said: connections["owner"].ensure_connection()),
    Step("Updating the tables", lambda said: call_command("migrate", database="owner", verbosity=0, interactive=False)),
    Step("Drawing the boundaries between the roles", lambda said: call_command("create_roles", stdout=said)),
    Step("Loading the chronology", lambda said: call_command("load_chronology", stdout=said)),
    Step("Publishing the baseline", lambda said: call_command("publish_baseline", stdout=said)),
    Step("Making demo accounts", lambda said: call_command("create_demo_accounts", stdout=said)),
    Step("Gathering static files", lambda said: static_files.gather()),
]


WAITING = "Another start is under way in this checkout; waiting for it …"


class Command(BaseCommand):
    help = (
        "Starts PostgreSQL, migrates, creates the roles, loads and publishes the chronology, makes demo accounts, "
        "and serves all of it on the loopback. Running it again only does what is left to do."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--serve-only", action="store_true", help="skip the preparation and serve")
        parser.add_argument("--lease", type=int, help="used by run_demo itself: its hold on the embedded server")

    def handle(self, *args: Any, serve_only: bool, lease: int | None, **options: Any) -> None:
        if lease is not None:
            embedded_server().take_over(lease)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if not serve_only:
            refuse_taken_port()
            with turn("start", WAITING):
                prepare(Console(highlight=False))
            become_the_server()
        with ExitStack() as until_ready:
            until_ready.enter_context(turn("start", WAITING))
            refuse_taken_port()
            shape = application_server.ServerOptions(settings.PORT, seconds_to_finish=5)
            ready = partial(self._tell, until_ready)
            application_server.serve(shape, when_ready=ready, companion=worker_process.WorkerProcess())

    def _tell(self, until_ready: ExitStack) -> None:
        until_ready.close()
        self.stdout.write("")
        for name, address in application_server.addresses():
            self.stdout.write(f"{name + ':':<18}{address}")
        if not settings.SECOND_FACTOR:
            self.stdout.write(
                "On trial the desk opens to a password alone; a public site asks for a second factor too."
            )
        self.stdout.write("Ctrl-C stops everything.")
        self.stdout.flush()


def refuse_taken_port() -> None:
    if problem := port_check.problem_with_port(str(settings.PORT)):
        raise CommandError(problem)


def prepare(console: Console) -> None:
    for number, step in enumerate(STEPS, 1):
        begun = time.monotonic()
        output = Indented(console)
        with console.status(f"{step.doing} …"):
            step.run(output)
        output.close()
        console.print(f"[{number}/{len(STEPS)}] {step.doing}: {time.monotonic() - begun:.1f} s", markup=False)


def become_the_server() -> None:
    """Replace this process with the server: loading the chronology leaves behind memory that serving does not need.

    Ctrl-C is held back until the server can handle it.
    """
    connections.close_all()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_demo", "--serve-only"]
    lease = embedded_server().hand_over()
    if lease is not None:
        command += ["--lease", str(lease)]
    sys.stdout.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.execv(sys.executable, command)  # noqa: S606  # the same program, with no shell between


def embedded_server() -> EmbeddedServer:
    where: Any = settings.SERVER
    return server_in(**where)


class Indented(io.TextIOBase):
    """Output stream for a step's command: prints whole lines, indented below the step."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.rest = ""

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).split("\n")
        for line in lines:
            self.console.print(f"      {line}", markup=False, soft_wrap=True)
        return len(text)

    def close(self) -> None:
        if self.rest:
            self.write("\n")
        super().close()
