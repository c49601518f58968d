"""A site that is asked without a network, a witness of its log, and a timestamp authority of our own."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command
from django.test import Client

from conflict.ops import replica_client, witness
from conflict.signed_notes import VerifierKey
from tests.documents import actor, published
from tests.timestamp_authority import Authority, serving

NAME = "archive.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def site(db, monkeypatch, settings):
    """A site with three publications that knows the witness."""

    def pages(url: str | None) -> Iterator[list[dict[str, Any]]]:
        while url:
            page = Client().get(url).json()
            yield page["results"]
            url = page["next"]

    def send(site: str, note: str) -> str:
        answer = Client().post(witness.NOTES, note, content_type="text/plain")
        if answer.status_code != 200:
            raise witness.NoteRefused(answer.content.decode().strip())
        return answer.content.decode().strip()

    monkeypatch.setattr(replica_client, "pages", pages)
    monkeypatch.setattr(witness, "send", send)
    settings.WITNESSES = [VerifierKey(NAME, KEY.public_key())]
    published([actor("a"), actor("b"), actor("c")])
    return "https://chronology.example"


@pytest.fixture
def follow(site, tmp_path) -> Callable[..., str]:
    """Follow the site with one copy for each name, and sign its head if told so; returns what the command says."""
    key = tmp_path / "key"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))

    def run(copy: str, *, is_witness: bool = False) -> str:
        said = StringIO()
        signing = {"sign": key, "name": NAME} if is_witness else {}
        call_command("replicate", site, file=tmp_path / f"{copy}.sqlite3", stdout=said, stderr=StringIO(), **signing)
        return said.getvalue()

    return run


@pytest.fixture
def sign(follow) -> Callable[[], str]:
    return lambda: follow("witness", is_witness=True)


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "own")


@pytest.fixture
def address(authority, settings):
    with serving(authority) as address:
        settings.TIMESTAMP_AUTHORITIES, settings.TIMESTAMP_ROOTS = [address], str(authority.root)
        yield address


@pytest.fixture
def verified() -> Callable[..., str]:
    """What `verify_record` says with these options."""

    def run(*options: str) -> str:
        said = StringIO()
        call_command("verify_record", *options, stdout=said, stderr=StringIO())
        return said.getvalue()

    return run
