"""A replica maintained from the feed of changes: exact, verified, and never partial."""

import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from conflict.ops import replica_client
from conflict.ops.replica_client import BrokenChain, Replica
from conflict.record.consistency import verification
from conflict.record.models import PUBLISHED, Publication
from conflict.vocabulary import ChangeKind
from tests.documents import actor, claim, event, published, withdrawn

STEPS = int(os.environ.get("REPLICA_STEPS", "120"))  # publications and withdrawals of the random run


@pytest.fixture
def asked(monkeypatch, db):
    """The site under test, asked without a network; the list counts what was asked."""
    urls = []

    def pages(url: str | None) -> Iterator[list[dict[str, Any]]]:
        while url:
            urls.append(url)
            page = Client().get(url).json()
            yield page["results"]
            url = page["next"]

    monkeypatch.setattr(replica_client, "pages", pages)
    return urls


@pytest.fixture
def replica(tmp_path):
    copy = Replica(tmp_path / "replica.sqlite3")
    yield copy
    copy.close()


@pytest.fixture
def steps(asked):
    """Three steps of a log, as the feed gives them."""
    published([actor("a"), actor("b"), event("c")])
    return Client().get("/api/v1/changes/").json()["results"]


def record():
    """All that is public here, as documents."""
    return {
        (kind, row.key): json.loads(row.publication.document or "")
        for kind, table in PUBLISHED.items()
        for row in table._default_manager.select_related("publication")
    }


class TestAReplica:
    def test_equals_the_record_after_any_run_of_publications_and_withdrawals(self, asked, replica):
        dice = random.Random(2012)  # noqa: S311
        at = datetime(2026, 3, 1, tzinfo=UTC)
        public = set()
        for turn in range(STEPS):
            key = f"event-{dice.randrange(25)}"
            moment = at + timedelta(hours=turn)
            if key in public and dice.random() < 0.4:
                withdrawn("event", key, moment)
                public.discard(key)
            else:
                figures = [claim(f"{key}-dead", low=dice.randrange(100))] if dice.random() < 0.7 else []
                published([event(key, f"Turn {turn}", claims=figures)], moment, kind=ChangeKind.CORRECTION)
                public.add(key)
            if dice.random() < 0.1:
                replica.follow("http://testserver")

        replica.follow("http://testserver")

        assert list(verification.faults_in_the_log()) == []
        assert replica.sha256 == Publication.objects.newest_first()[0].sha256
        assert replica.documents() == record()
        assert replica.number == Publication.objects.count() == STEPS

    def test_asks_once_when_nothing_is_new(self, asked, steps, replica):
        assert replica.follow("http://testserver") == 3
        asked.clear()

        assert replica.follow("http://testserver") == 0
        assert asked == ["http://testserver/api/v1/changes/?after=2&page_size=200"]

    @pytest.mark.parametrize("kept", [2, 0], ids=["cut by one step", "emptied"])
    def test_notices_a_log_that_was_cut(self, asked, steps, replica, monkeypatch, kept):
        replica.follow("http://testserver")
        monkeypatch.setattr(replica_client, "pages", lambda url: iter([steps[:kept][2:]]))

        with pytest.raises(BrokenChain, match="cut or rewritten"):
            replica.follow("http://testserver")

        assert replica.number == 3

    def test_notices_a_log_that_was_written_anew_from_the_start(self, asked, steps, replica, monkeypatch):
        replica.follow("http://testserver")
        forged = {**steps[2], "sha256": "0" * 64}
        more = {**steps[2], "number": 4, "prev_sha256": "0" * 64}
        monkeypatch.setattr(replica_client, "pages", lambda url: iter([[forged, more]]))

        with pytest.raises(BrokenChain, match="cut or rewritten"):
            replica.follow("http://testserver")

    def test_goes_on_from_its_file(self, asked, steps, replica, tmp_path):
        replica.follow("http://testserver")

        again = Replica(tmp_path / "replica.sqlite3")

        assert (again.number, again.sha256) == (3, steps[-1]["sha256"])
        assert again.documents() == replica.documents()
        again.close()

    @pytest.mark.parametrize(
        ("what", "tamper", "said"),
        [
            ("a figure", lambda steps: steps[1]["document"].update(name="x"), "document of publication 2 was changed"),
            ("a reason", lambda steps: steps[1].update(reason="x"), "Publication 2 was changed"),
            ("a step left out", lambda steps: steps.pop(1), "Publication 3 came after 1"),
            ("another past", lambda steps: steps[1].update(prev_sha256="1" * 64), "Publication 2 does not continue"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_refuses_what_was_tampered_with_and_says_where(self, steps, replica, what, tamper, said):
        tamper(steps)

        with pytest.raises(BrokenChain, match=said):
            replica.take(steps)

        assert (replica.number, replica.documents()) == (0, {})

    def test_takes_a_redacted_step_whose_text_is_gone(self, steps, replica):
        steps[0]["document"] = None

        replica.take(steps)

        assert ("actor", "a") not in replica.documents()


class TestTheCommand:
    def test_says_how_far_it_came(self, asked, steps, tmp_path, capsys):
        call_command("replicate", "http://testserver", file=tmp_path / "copy.sqlite3")

        assert capsys.readouterr().out.startswith("3 new; the copy stands at publication 3")

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org", "http://127.0.0.1:1"])
    def test_says_in_one_line_why_it_cannot(self, url, tmp_path):
        with pytest.raises(CommandError, match="could not be followed"):
            call_command("replicate", url, file=tmp_path / "copy.sqlite3")
