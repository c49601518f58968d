"""`manage.py verify_record`: verify the publication log, and that the record matches it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.record import anchors as proof_by_authorities
from conflict.record import log
from conflict.record import witnesses as proof_by_witnesses
from conflict.record.consistency import rebuild, verification
from conflict.record.consistency.rebuild import PROGRESS
from conflict.record.models import Anchor, Cosignature, Publication
from conflict.record.timestamp_tokens import UnusableTimestamp


class Command(BaseCommand):
    help = "Check every number and hash of the publication log, then the record against it. Exit code 1 if anything is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--eyes",
            action="store_true",
            help="Say how many people stood behind each step, and what nobody else has read.",
        )

        parser.add_argument(
            "--anchors", action="store_true", help="Verify the timestamps of authorities, without asking them."
        )
        parser.add_argument("--witnesses", action="store_true", help="Verify the signatures of witnesses.")

    def handle(self, *args: Any, eyes: bool, anchors: bool, witnesses: bool, **options: Any) -> None:
        faults = list(verification.faults_in_the_log(self._seen))
        faults += verification.faults_in_releases(settings.RELEASES_DIR)
        faults += (fault for check in verification.MORE for fault in check())
        if anchors:
            faults += self._anchors()
        if witnesses:
            faults += self._witnesses()
        if eyes and not faults:
            faults = self._eyes()
        if not faults:
            faults = list(rebuild.differences(self.stderr.write))
        if faults:
            raise CommandError("\n".join(faults[:50]))
        head = log.head()
        if head is None:
            self.stdout.write("The log is empty.")
            return
        self.stdout.write(f"{head.number} publications verified, and the record against them. Head: {head.sha256}")

    def _anchors(self) -> list[str]:
        """Print how far authorities vouch for the log; returns faults of the timestamps."""
        try:
            faults = list(proof_by_authorities.faults())
        except UnusableTimestamp as unusable:
            return [str(unusable)]
        for anchor in Anchor.objects.order_by("authority", "-number").distinct("authority"):
            self.stdout.write(
                f"{anchor.authority} vouches that publication {anchor.number} was there at "
                f"{anchor.stamped_at:%Y-%m-%d %H:%M:%S} UTC. Root certificate: {proof_by_authorities.fingerprint(anchor)}"
            )
        if not faults and not Anchor.objects.exists():
            self.stdout.write("No authority has timestamped the log.")
        return faults

    def _witnesses(self) -> list[str]:
        """Print how far witnesses vouch for the log; returns faults of their signatures."""
        faults = list(proof_by_witnesses.faults())
        for signed in Cosignature.objects.latest_of_each():
            self.stdout.write(
                f"{signed.witness} has verified everything up to publication {signed.number}, as of "
                f"{signed.signed_at:%Y-%m-%d %H:%M:%S} UTC."
            )
        if not faults and not Cosignature.objects.exists():
            self.stdout.write("No witness has signed the log.")
        return faults

    def _eyes(self) -> list[str]:
        """Print how many log steps had a second reader; returns violations of that promise."""
        found = verification.eyes()
        self.stdout.write(f"{found.read} publications were read by a second person, who wrote none of it.")
        if found.untold:
            self.stdout.write(f"{found.untold} are of before the log said how many people stood behind a step.")
        for why, number in sorted(found.unread.items()):
            self.stdout.write(f"{number} were public before anybody else had read them, and say so: {why}.")
        self.stdout.write(f"Of these, {found.read_since} have been read, replaced or withdrawn since.")
        return found.faults

    def _seen(self, publication: Publication) -> None:
        if publication.number % PROGRESS == 0:
            self.stderr.write(f"{publication.number:,} publications verified")
