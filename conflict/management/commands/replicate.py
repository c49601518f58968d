"""`manage.py replicate URL`: keep an exact, verified copy of another site's record in one file."""

import time
from argparse import ArgumentParser
from http.client import HTTPException
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conflict.api import signatures
from conflict.ops import witness
from conflict.ops.replica_client import BrokenChain, Replica
from conflict.signed_notes import UnusableNote, VerifierKey


class Command(BaseCommand):
    help = (
        "Copy the record of another site into a SQLite file, and verify every link of its publication log. "
        "With --sign, also be its witness."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="The site, for example https://chronology.example")
        parser.add_argument("--file", type=Path, default=Path("replica.sqlite3"), help="Where the copy is kept.")
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on asking; without it, ask once.")
        parser.add_argument(
            "--sign", type=Path, metavar="KEY", help="Sign the verified head with this key, and send it."
        )
        parser.add_argument("--name", default="", help="Name of the witness, such as archive.example; with --sign.")

    def handle(
        self, *args: Any, url: str, file: Path, every: int | None, sign: Path | None, name: str, **options: Any
    ) -> None:
        if bool(sign) != bool(name):
            raise CommandError("A witness needs both --sign KEY and --name NAME.")
        try:
            key = signatures.key_in(sign) if sign else None
        except signatures.UnusableKey as unusable:
            raise CommandError(str(unusable)) from unusable
        replica = Replica(file)
        try:
            while True:
                self._ask(replica, url)
                if key:
                    self._sign(replica, url, name, key)
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
        except (OSError, HTTPException, ValueError) as unreachable:
            raise CommandError(f"{url} could not be followed: {unreachable}") from unreachable
        self.stdout.write(f"{taken} new; the copy stands at publication {replica.number}, {replica.sha256[:16]}…")

    def _sign(self, replica: Replica, url: str, name: str, key: Ed25519PrivateKey) -> None:
        try:
            note = witness.note(replica, name, key, timezone.now())
            self.stdout.write(witness.send(url, note))
        except UnusableNote as wrong:
            raise CommandError(str(wrong)) from wrong
        except witness.NoteRefused as refused:
            raise CommandError(
                f"{url} did not take the signature: {refused} Your key, for its setting WITNESSES: "
                f"{VerifierKey(name, key.public_key())}"
            ) from refused
        except (OSError, HTTPException) as unreachable:
            raise CommandError(f"{url} could not be reached: {unreachable}") from unreachable
