"""Anchors: the log's head, timestamped by authorities. The one of these tests is OpenSSL on this machine."""

import shutil
import subprocess
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from conflict.record import anchors, log
from conflict.record.models import Anchor
from tests.documents import NOON, actor, published
from tests.timestamp_authority import Authority

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("openssl"), reason="The authority of these tests needs openssl."),
]


@pytest.fixture
def head():
    published([actor("a"), actor("b")])
    return log.head()


class TestAnAnchor:
    def test_is_verified_offline_and_by_openssl_as_the_page_says(self, address, head, tmp_path, monkeypatch, verified):
        call_command("anchor", stdout=StringIO())
        monkeypatch.setattr(anchors, "_asked", None)  # nothing below may ask the authority

        assert f"127.0.0.1 vouches that publication {head.number} was there" in verified("--anchors")
        reader = Client()
        (shown,) = reader.get("/verify/anchors.json").json()["results"]
        page = reader.get("/verify/").content.decode()
        assert (shown["number"], shown["sha256"]) == (head.number, head.sha256)
        assert shown["verify"] in page
        for file in ("token", "certificates"):
            name = shown[file].rsplit("/", 1)[1]
            (tmp_path / name).write_bytes(reader.get(shown[file]).content)
        said = subprocess.run(shown["verify"].split(), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (said.returncode, "Verification: OK" in said.stdout + said.stderr) == (0, True), said.stderr

    def test_is_part_of_a_release(self, address, head, tmp_path, settings):
        settings.RELEASES_DIR = tmp_path
        call_command("release", "2026.1", stdout=StringIO())

        name = Anchor.objects.get().name
        assert (tmp_path / "2026.1" / f"{name}.tsr").read_bytes() == bytes(Anchor.objects.get().token)
        assert f"  {name}.pem" in (tmp_path / "2026.1" / "SHA256SUMS").read_text()
        answer = Client().get(f"/api/v1/releases/2026.1/{name}.tsr")
        answer.close()
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/timestamp-reply")

    def test_is_made_once_for_a_head_and_again_for_the_next(self, address, head):
        for _ in range(2):
            anchors.anchor_head()
        published([actor("c")])
        anchors.anchor_head()

        assert list(Anchor.objects.order_by("pk").values_list("number", flat=True)) == [2, 3]
        assert not anchors.is_due(timezone.now())
        assert anchors.is_due(timezone.now() + timedelta(days=1))

    def test_by_somebody_untrusted_is_refused_and_told(self, address, head, tmp_path, settings):
        settings.TIMESTAMP_ROOTS = str(Authority(tmp_path / "stranger").root)

        with pytest.raises(CommandError, match="lead to no root that is trusted here"):
            call_command("anchor")

        assert not Anchor.objects.exists()

    def test_of_another_hash_is_refused(self, address, head, authority, monkeypatch):
        anchors.anchor_head()
        published([actor("c")])
        old = bytes(Anchor.objects.get().token)
        monkeypatch.setattr(anchors, "_asked", lambda authority, body: old)

        assert isinstance(anchors.anchor_head()[address], anchors.UnusableTimestamp)

    def test_whose_token_was_swapped_does_not_verify(self, address, head, authority):
        anchors.anchor_head()
        anchor = Anchor.objects.get()
        published([actor("c")])
        anchors.anchor_head()
        anchor.token = Anchor.objects.latest("pk").token

        assert ["is of no use" in fault for fault in anchors.faults([anchor])] == [True]


class TestAnAuthorityThatIsAway:
    def test_keeps_nothing_from_going_on_and_is_told(self, address, head, settings):
        settings.TIMESTAMP_AUTHORITIES = ["http://localhost:9/", address]

        outcomes = anchors.anchor_head()

        assert "cannot be reached" in str(outcomes["http://localhost:9/"])
        assert isinstance(outcomes[address], Anchor)
        late = NOON + timedelta(days=3)
        assert anchors.shortcomings(late) == [
            "localhost has not timestamped the log up to publication 2, which is two days old."
        ]
        assert anchors.shortcomings(NOON + timedelta(hours=1)) == []

    def test_that_nobody_named_is_told(self, settings, head):
        settings.TIMESTAMP_AUTHORITIES = []

        assert "at least two" in anchors.shortcomings(NOON)[0]
