"""Signature of a release by an Ed25519 key, in the format of OpenSSH, so that verifying it takes no software of ours.

`ssh-keygen -Y verify -f SIGNERS -I releases -n conflict-chronology-release -s SHA256SUMS.sig < SHA256SUMS`
"""

import base64
import hashlib
import struct
import textwrap
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

NAMESPACE, IDENTITY = "conflict-chronology-release", "releases"
MAGIC, VERSION, HASH = b"SSHSIG", 1, "sha512"


class UnusableKey(ValueError):
    """The file is not a usable signing key; the message gives the reason."""


def key_in(path: Path) -> Ed25519PrivateKey:
    """Private key in this file, in the format of `ssh-keygen -t ed25519 -N ''`. Raises UnusableKey."""
    how = "Make one with: ssh-keygen -t ed25519 -N '' -f FILE."
    try:
        key = load_ssh_private_key(path.read_bytes(), password=None)
    except OSError as unreadable:
        raise UnusableKey(f"The signing key {path} cannot be read: {unreadable.strerror}. {how}") from unreadable
    except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise UnusableKey(f"{path} is no OpenSSH private key without a passphrase. {how}") from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(f"{path} holds no Ed25519 key. {how}")
    return key


def public_line(key: Ed25519PrivateKey) -> str:
    """Public key as in a .pub file: `ssh-ed25519 AAAA…`."""
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def signers(key: Ed25519PrivateKey) -> str:
    """Contents of the allowed signers file that `ssh-keygen -Y verify` needs."""
    return f'{IDENTITY} namespaces="{NAMESPACE}" {public_line(key)}\n'


def signature(message: bytes, key: Ed25519PrivateKey) -> str:
    """Armoured signature; deterministic for the same message and key (OpenSSH's PROTOCOL.sshsig, version 1)."""
    covered = (NAMESPACE.encode(), b"", HASH.encode())
    signed = MAGIC + b"".join(map(_string, (*covered, hashlib.sha512(message).digest())))
    sealed = _string(b"ssh-ed25519") + _string(key.sign(signed))
    public = base64.b64decode(public_line(key).split()[1])
    blob = MAGIC + struct.pack(">I", VERSION) + b"".join(map(_string, (public, *covered, sealed)))
    lines = textwrap.wrap(base64.b64encode(blob).decode(), 70)
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def _string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value
