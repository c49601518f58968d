"""`manage.py serve`: website, API and desk for the public, behind a proxy that terminates HTTPS."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.ops import application_server, port_check, systemd
from conflict.ops.application_server import ServerOptions

USUAL = ServerOptions._field_defaults


class Command(BaseCommand):
    help = "Serves website, API and desk until a signal ends it. A public site has a proxy in front that speaks HTTPS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=USUAL["host"], help="the address to listen on (%(default)s)")
        parser.add_argument("--port", type=positive, default=8000, help="the port to listen on (%(default)s)")
        parser.add_argument("--workers", type=positive, default=USUAL["workers"], help="processes, as many as cores (%(default)s)")  # fmt: skip
        parser.add_argument("--threads", type=positive, default=USUAL["threads"], help="requests that each answers at once (%(default)s)")  # fmt: skip
        parser.add_argument(
            "--seconds-to-finish",
            type=positive,
            default=USUAL["seconds_to_finish"],
            help="how long a worker that is stopped may go on with what it is answering (%(default)s)",
        )
        parser.add_argument(
            "--seconds-stalled",
            type=positive,
            default=USUAL["seconds_stalled"],
            help="how long a client may keep a thread waiting for what it sends or reads (%(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shape = ServerOptions(*(options[name] for name in ServerOptions._fields))
        if problem := port_check.problem_with_port(str(shape.port), shape.host, another="--port "):
            raise CommandError(problem)  # otherwise the workers would share the port with its present user
        application_server.serve(shape, when_ready=lambda: self.tell(shape))

    def tell(self, shape: ServerOptions) -> None:
        self.stdout.write(f"Serving on {shape.host}:{shape.port}.")
        self.stdout.flush()
        systemd.tell_ready()


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is not a whole number from 1 on.")
    return int(text)
