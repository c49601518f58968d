"""`manage.py replicate URL`: keep an exact, verified copy of another site's record in one file."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.error import URLError

from django.core.management.base import BaseCommand, CommandError

from conflict.ops.replica_client import BrokenChain, Replica


class Command(BaseCommand):
    help = "Copy the record of another site into a SQLite file, and verify every link of its publication log."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="The site, for example https://chronology.example")
        parser.add_argument("--file", type=Path, default=Path("replica.sqlite3"), help="Where the copy is kept.")
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on asking; without it, ask once.")

    def handle(self, *args: Any, url: str, file: Path, every: int | None, **options: Any) -> None:
        replica = Replica(file)
        try:
            while True:
                self._ask(replica, url)
                if not every:
                    return
                time.sleep(every)
        except KeyboardInterrupt:
            self.stdout.write("Stopped; the copy is whole.")
        finally:
            replica.close()

    def _ask(self, replica: Replica, url: str) -> None:
        try:
            taken = replica.follow(url)
        except BrokenChain as broken:
            raise CommandError(f"{broken} The copy stands at publication {replica.number}.") from broken
        except (URLError, TimeoutError, ValueError) as unreachable:
            raise CommandError(f"{url} could not be followed: {unreachable}") from unreachable
        self.stdout.write(f"{taken} new; the copy stands at publication {replica.number}, {replica.sha256[:16]}…")
