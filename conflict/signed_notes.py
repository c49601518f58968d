"""Signed notes: the head of a log as text, with Ed25519 signatures of witnesses (C2SP signed-note, tlog-cosignature).

The text has three lines: the log's origin, the number of its head, and the head's hash in base64. C2SP describes trees;
here the hash is that of the last link of a chain, which covers everything before it just the same.
"""

import base64
import binascii
import hashlib
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORIGIN = "conflict-chronology"
COSIGNATURE = 4  # the C2SP number of timestamped Ed25519 cosignatures
NAME = re.compile(r"[^\s+]{1,200}")
LARGEST = 4096  # bytes of a note


class UnusableNote(ValueError):
    """The note or key cannot be read or does not verify; the message gives the reason."""


class Checkpoint(NamedTuple):
    """Head of a log, which its first hash tells from all others."""

    first_sha256: str
    number: int
    sha256: str

    @property
    def text(self) -> str:
        """Signed text of the note."""
        digest = base64.b64encode(bytes.fromhex(self.sha256)).decode()
        return f"{ORIGIN}/{self.first_sha256}\n{self.number}\n{digest}\n"


@dataclass(frozen=True)
class VerifierKey:
    """Public key of a witness, written `name+id+key` as in C2SP."""

    name: str
    public: Ed25519PublicKey

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """The key as it is written in one line. Raises UnusableNote."""
        name, _, rest = text.partition("+")
        identity, _, encoded = rest.partition("+")
        try:
            kind, *raw = base64.b64decode(encoded, validate=True)
            key = cls(name, Ed25519PublicKey.from_public_bytes(bytes(raw)))
        except ValueError as wrong:
            raise UnusableNote(f"{text} is no key of a witness: its last part is no Ed25519 key.") from wrong
        if kind != COSIGNATURE or not NAME.fullmatch(name) or key.identity.hex() != identity:
            raise UnusableNote(f"{text} is no key of a witness: it was not copied whole, or is for something else.")
        return key

    @property
    def _raw(self) -> bytes:
        return bytes([COSIGNATURE]) + self.public.public_bytes_raw()

    @property
    def identity(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + self._raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.identity.hex()}+{base64.b64encode(self._raw).decode()}"

    def signed_at(self, note: str) -> datetime:
        """Time of this witness's signature under the note. Raises UnusableNote unless it is there and valid."""
        text, _, lines = note.partition("\n\n")
        for line in lines.splitlines():
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            try:
                signature = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                continue
            if (dash, name, signature[:4]) != ("—", self.name, self.identity) or len(signature) != 4 + 8 + 64:
                continue
            (seconds,) = struct.unpack(">Q", signature[4:12])
            try:
                self.public.verify(signature[12:], _message(f"{text}\n", seconds))
                return datetime.fromtimestamp(seconds, UTC)
            except (InvalidSignature, OverflowError, OSError, ValueError) as wrong:
                raise UnusableNote(f"The signature of {self.name} does not fit the note.") from wrong
        raise UnusableNote(f"The note is not signed by {self.name} with the key {self.identity.hex()}.")


def cosigned(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, at: datetime) -> str:
    """Note with the checkpoint and this witness's signature."""
    if not NAME.fullmatch(name):
        raise UnusableNote(f"“{name}” is no name for a witness: it must be one word without a plus sign.")
    seconds = int(at.timestamp())
    signature = key.sign(_message(checkpoint.text, seconds))
    whole = VerifierKey(name, key.public_key()).identity + struct.pack(">Q", seconds) + signature
    return f"{checkpoint.text}\n— {name} {base64.b64encode(whole).decode()}\n"


def read(note: str) -> Checkpoint:
    """Checkpoint that the note is about, whoever signed it. Raises UnusableNote."""
    try:
        text, _, _ = note.partition("\n\n")
        origin, number, digest = text.split("\n")
        name, _, first = origin.partition("/")
        found = Checkpoint(first, int(number), base64.b64decode(digest, validate=True).hex())
    except ValueError as wrong:
        raise UnusableNote(
            "The note does not begin with origin, number and hash, each on a line of its own."
        ) from wrong
    if name != ORIGIN or not note.startswith(f"{found.text}\n"):
        raise UnusableNote("The note is about another kind of log.")
    return found


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
