"""A log published by one site is loaded onto the desk of another: identical texts, byte for byte, or nothing."""

import pytest
from django.core.management import CommandError, call_command

from conflict.documents import canonical_text, document, sha256
from conflict.models import ENTRIES
from conflict.record.models import Publication
from tests.documents import (
    actor,
    citation,
    claim,
    event,
    location,
    participant,
    period,
    published,
    ref,
    source,
    withdrawn,
)

pytestmark = pytest.mark.django_db


class TestLoadingWhatAnotherSiteHasPublished:
    @pytest.fixture
    def log(self, client, tmp_path):
        """The log of a site, as it is fetched from it."""
        published(
            [
                period("war", position=1),
                actor("mnla"),
                location("konna"),
                source("cite-1", note="Cited as number 1."),
                event("gone", period="war"),
            ]
        )
        published(
            [
                event(
                    "konna-falls",
                    "Konna falls",
                    period="war",
                    location=ref("location", "konna"),
                    participants=[participant("mnla", "attacker")],
                    claims=[claim("taken", "The town is taken.", citations=[citation("cite-1")])],
                )
            ]
        )
        withdrawn("event", "gone")
        path = tmp_path / "log.jsonl"
        path.write_bytes(client.get("/api/v1/publications/?format=jsonl").getvalue())
        return path

    def test_makes_of_every_entry_the_very_text_that_was_published(self, log):
        call_command("load_chronology", str(log))

        texts = {
            (kind, entry.key): canonical_text(document(kind, entry))
            for kind, model in ENTRIES.items()
            for entry in model.objects.with_children()
        }
        assert texts.keys() == {
            ("period", "war"),
            ("actor", "mnla"),
            ("location", "konna"),
            ("source", "cite-1"),
            ("event", "konna-falls"),
        }
        for (kind, key), text in texts.items():
            last = Publication.objects.filter(entry_kind=kind, key=key).latest("number")
            assert sha256(last.salt + text) == last.document_sha256

    @pytest.mark.parametrize(
        ("spoilt", "said"),
        [
            (lambda line: line[:-20], "line 2: no publication"),
            (lambda line: line.replace('"mnla"', '"aqim"'), "line 2: .*not the one whose hash was published"),
            (lambda line: "[]", "line 2: no publication"),
        ],
        ids=["cut off", "altered", "something else"],
    )
    def test_refuses_a_line_by_its_number_and_loads_nothing(self, log, spoilt, said):
        lines = log.read_text().splitlines()
        log.write_text("\n".join([lines[0], spoilt(lines[1]), *lines[2:]]))

        with pytest.raises(CommandError, match=said):
            call_command("load_chronology", str(log))

        assert not any(model.objects.exists() for model in ENTRIES.values())
