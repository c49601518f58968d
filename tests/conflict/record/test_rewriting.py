"""The owner rewrites the whole log, every hash consistent: follower, witness and anchor each notice it."""

import shutil
import subprocess
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from conflict.record import log
from conflict.record.models import Cosignature
from tests.rewriting import rewrite_the_log

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="The authority of these tests needs openssl.")
CUT = "cut or rewritten"


def test_a_chain_that_was_rewritten_as_a_whole_is_noticed_by_follower_witness_and_anchor(
    follow, sign, address, authority, verified, tmp_path
):
    follow("follower")
    sign()
    call_command("anchor", stdout=StringIO())
    reader, before = Client(), log.head()
    (anchor,) = reader.get("/verify/anchors.json").json()["results"]
    for file in ("token", "certificates"):  # what an outsider keeps
        (tmp_path / anchor[file].rsplit("/", 1)[1]).write_bytes(reader.get(anchor[file]).content)

    rewrite_the_log()

    after = log.head()
    assert (after.number, after.sha256 != before.sha256) == (before.number, True)
    assert verified()  # the new chain is consistent in itself, and so is the record made from it
    assert "3 new" in follow("newcomer")  # nor can somebody tell who was not there before

    with pytest.raises(CommandError, match=f"its log was {CUT}"):
        follow("follower")

    with pytest.raises(CommandError, match=f"its log was {CUT}"):
        sign()  # the witness signs no other log than the one it knows
    assert Cosignature.objects.count() == 1
    with pytest.raises(CommandError, match=f"which the log no longer has: it was {CUT}"):
        verified("--witnesses")

    with pytest.raises(CommandError, match=f"which the log no longer has: it was {CUT}"):
        verified("--anchors")
    for digest, is_vouched_for in ((before.sha256, True), (after.sha256, False)):
        asked = anchor["verify"].replace(before.sha256, digest).split()
        answer = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ("Verification: OK" in answer.stdout + answer.stderr) == is_vouched_for, answer.stderr
