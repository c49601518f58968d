"""Witness of another site's log: signs the head of a verified copy, and sends the note to the site."""

import urllib.error
import urllib.request
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from conflict import signed_notes
from conflict.ops.replica_client import LONGEST_WAIT, Replica
from conflict.signed_notes import Checkpoint

NOTES = "/verify/witnesses/"


class NoteRefused(ValueError):
    """The site did not take the note; the message is its own."""


def note(replica: Replica, name: str, key: Ed25519PrivateKey, at: datetime) -> str:
    """Signed note on the head of the copy, every step of which was verified when it was taken."""
    return signed_notes.cosigned(Checkpoint(replica.first_sha256, replica.number, replica.sha256), name, key, at)


def send(site: str, note: str) -> str:
    """Send the note to the site; returns what it says. Raises NoteRefused."""
    address = f"{site.rstrip('/')}{NOTES}"
    request = urllib.request.Request(address, note.encode(), {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310  # checked by the replica
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_WAIT) as answer:  # noqa: S310
            body: bytes = answer.read(4096)
            return body.decode().strip()
    except urllib.error.HTTPError as refusal:
        raise NoteRefused(refusal.read(4096).decode(errors="replace").strip()) from refusal
