"""Witnesses: they copy the log, verify it and sign its head; the site keeps and shows what they signed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError
from django.test import Client

from conflict import signed_notes
from conflict.ops import witness
from conflict.record import log
from conflict.record.models import Cosignature
from conflict.signed_notes import Checkpoint, UnusableNote, VerifierKey
from tests.conflict.record.conftest import KEY, NAME

NOW = datetime(2026, 3, 1, 13, tzinfo=UTC)


class TestAWitness:
    def test_signs_the_head_it_has_verified_and_is_shown_with_it(self, sign, verified):
        assert "Publication 3, signed by archive.example: kept." in sign()

        assert "archive.example has verified everything up to publication 3" in verified("--witnesses")
        page = Client().get("/verify/").content.decode()
        assert NAME in page
        assert log.head().sha256 in page.split('id="witnesses"')[1]
        note = Client().get(witness.NOTES).content.decode()
        assert signed_notes.read(note).sha256 == log.head().sha256
        assert VerifierKey(NAME, KEY.public_key()).signed_at(note)

    def test_whose_key_nobody_configured_is_told_it(self, sign, settings):
        settings.WITNESSES = []

        with pytest.raises(CommandError, match=r"by no witness of this site.* archive\.example\+[0-9a-f]{8}\+"):
            sign()

    def test_is_refused_a_head_of_another_log(self, site):
        note = signed_notes.cosigned(Checkpoint("1" * 64, 3, "2" * 64), NAME, KEY, NOW)

        answer = Client().post(witness.NOTES, note, content_type="text/plain")

        assert (answer.status_code, Cosignature.objects.count()) == (409, 0)
        assert Client().post(witness.NOTES, b"x" * 5000, content_type="text/plain").status_code == 413

    def test_cannot_sign_for_a_later_time(self, site):
        head = log.head()
        first = log.Publication.objects.get(number=1).sha256
        late = datetime.now(UTC) + timedelta(days=1)
        note = signed_notes.cosigned(Checkpoint(first, head.number, head.sha256), NAME, KEY, late)

        answer = Client().post(witness.NOTES, note, content_type="text/plain")

        assert (answer.status_code, "yet to come" in answer.content.decode()) == (403, True)


class TestASignedNote:
    CHECKPOINT = Checkpoint("ab" * 32, 7, "cd" * 32)

    def test_has_the_lines_of_c2sp(self):
        note = signed_notes.cosigned(self.CHECKPOINT, NAME, KEY, NOW)

        origin, number, digest, empty, signature = note.splitlines()
        assert (origin, number, empty) == (f"conflict-chronology/{'ab' * 32}", "7", "")
        assert digest == "zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0="
        assert signature.startswith(f"— {NAME} ")
        key = VerifierKey(NAME, KEY.public_key())
        assert VerifierKey.parse(str(key)) == key
        assert key.signed_at(note) == NOW
        assert signed_notes.read(note) == self.CHECKPOINT

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda note: note.replace("\n7\n", "\n8\n"),
            lambda note: note.replace("zc3N", "zc3O"),
            lambda note: note[:-9] + "AAAAAAA=\n",
            lambda note: note.replace(NAME, "somebody.else"),
        ],
        ids=["another number", "another hash", "another signature", "another name"],
    )
    def test_that_was_changed_does_not_verify(self, spoil):
        note = spoil(signed_notes.cosigned(self.CHECKPOINT, NAME, KEY, NOW))

        with pytest.raises(UnusableNote):
            VerifierKey(NAME, KEY.public_key()).signed_at(note)

    @pytest.mark.parametrize("text", ["", "archive.example", "a+00000000+BAAA", "a b+c+d", "a++"])
    def test_needs_a_whole_key(self, text):
        with pytest.raises(UnusableNote):
            VerifierKey.parse(text)
