"""Public verification of the log: its chain, its batches, and the number of people behind each step."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from conflict.api import release_builder
from conflict.record import log
from conflict.record.consistency import verification
from conflict.record.models import Publication
from conflict.record.review_state import review_state
from conflict.vocabulary import ChangeKind, ReviewState
from editorial.analysis import log_traces
from editorial.models import Ground, HistoryCheckpoint, Submission
from editorial.workflow import disputes, publisher, readings, review
from editorial.workflow.readings import Read
from tests.desk import MORNING, an_event

pytestmark = pytest.mark.django_db


def as_written_before(number: int) -> None:
    """Make the log's steps what an earlier version wrote: headers of schema 1, which say nothing of people."""
    previous = "0" * 64
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE record_publication DISABLE TRIGGER USER")
        Publication.objects.update(schema=1, writers=None, readers=None, publishers=None)
        for step in Publication.objects.exclude(document=None):
            Publication.objects.filter(pk=step.pk).update(salt="", document_sha256=log.sha256(step.document))
        for step in Publication.objects.in_order():
            step.prev_sha256 = previous
            step.sha256 = previous = log.chained_sha256(step)
            Publication.objects.filter(pk=step.pk).update(prev_sha256=step.prev_sha256, sha256=step.sha256)
        cursor.execute("ALTER TABLE record_publication ENABLE TRIGGER USER")
    assert log.head().number == number


class TestTheChain:
    def test_goes_on_over_headers_of_an_earlier_schema(self, published, draft, chief, reviewer):
        as_written_before(5)
        assert "writers" not in log.header(Publication.objects.get(number=1))

        disputes.dispute(
            kind="event", key=draft.key, by=chief, at=MORNING.replace(hour=20), ground=Ground.OTHER, statement="Wrong."
        )

        assert list(verification.faults_in_the_log()) == []
        assert set(log.header(log.head())) >= {"writers", "readers", "publishers"}
        assert review_state(Publication.objects.get(number=1)) == ReviewState.REVIEWED

    def test_covers_how_many_people_there_were(self, published):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE record_publication DISABLE TRIGGER USER")
            Publication.objects.filter(number=2).update(readers=2)
            cursor.execute("ALTER TABLE record_publication ENABLE TRIGGER USER")

        assert any("Publication 2" in fault and "altered" in fault for fault in verification.faults_in_the_log())


class TestEyes:
    def test_are_counted_over_the_whole_log(self, author, reviewer, chief):
        event = an_event()
        publisher.publish_baseline(at=MORNING)
        text = publisher.public_texts([("event", event.key)])["event", event.key]
        readings.stand_by(
            entries=[Read("event", event.key, log.sha256(text))], by=reviewer, at=MORNING.replace(hour=10)
        )
        disputes.dispute(
            kind="event", key=event.key, by=author, at=MORNING.replace(hour=11), ground=Ground.OTHER, statement="Wrong."
        )

        found = verification.eyes()

        assert (found.read, found.untold, found.faults) == (1, 0, [])
        assert dict(found.unread) == {"initial load": 5, "dispute opened": 1}
        assert found.read_since == 1

    def test_find_a_step_that_one_person_alone_published(self, draft):
        publisher.publish_baseline(at=MORNING)
        draft.title = "By one person alone"
        draft.save()
        publisher.publish_entry(entry=draft, change_kind=ChangeKind.CORRECTION, reason="A slip.", at=MORNING)

        with pytest.raises(CommandError, match="read by 0 others, and does not say why"):
            call_command("verify_record", "--eyes", stdout=StringIO(), stderr=StringIO())

    def test_are_told_by_the_command(self, submission, chief):
        review.publish_in_emergency(submission=submission, by=chief, at=MORNING, why="Lives.")
        said = StringIO()

        call_command("verify_record", "--eyes", stdout=said, stderr=StringIO())

        assert "5 were public before anybody else had read them, and say so: an emergency." in said.getvalue()


class TestTracesAtTheDesk:
    def test_that_do_not_fit_the_log_are_named(self, published):
        assert list(log_traces.faults()) == []
        sound = HistoryCheckpoint.objects.get()
        table, row = next((table, row) for table, row in sound.last_rows.items() if row)
        HistoryCheckpoint.objects.create(batch=99, last_rows={**sound.last_rows, table: row + 1000})
        HistoryCheckpoint.objects.create(batch=100, last_rows={**sound.last_rows, table: row - 1})
        Submission.objects.update(batch=7)

        found = "\n".join(log_traces.faults())

        assert "checkpoint of batch 99 belongs to nothing in the log" in found
        assert f"checkpoint of batch 99 stands at row {row + 1000} of the history of {table}, which ends at" in found
        assert f"checkpoint of batch 100 stands before an earlier one in the history of {table}" in found
        assert "was published as batch 7, which the log does not have" in found

    def test_are_looked_at_by_the_command(self, published):
        HistoryCheckpoint.objects.create(batch=99, last_rows={})

        with pytest.raises(CommandError, match="belongs to nothing in the log"):
            call_command("verify_record", stdout=StringIO(), stderr=StringIO())


class TestTheClockOfTheLog:
    def test_is_looked_at(self, published, monkeypatch):
        monkeypatch.setattr(verification.timezone, "now", lambda: MORNING)  # the log was written twenty minutes later

        assert any("which is yet to come" in fault for fault in verification.faults_in_the_log())


class TestReleases:
    def test_whose_files_were_changed_are_noticed(self, published, tmp_path):
        release_builder.build("2026.1", tmp_path)
        assert list(verification.faults_in_releases(tmp_path)) == []
        (tmp_path / "2026.1" / "events.csv").write_text("Nothing happened.")
        (tmp_path / "2026.1" / "actors.csv").unlink()

        assert sorted(verification.faults_in_releases(tmp_path)) == [
            "The release 2026.1 has another file events.csv than the one released.",
            "The release 2026.1 lacks its file actors.csv.",
        ]

    def test_of_another_log_are_noticed(self, published, tmp_path, settings):
        folder = tmp_path / "forged"
        folder.mkdir()
        head = {"number": 5, "sha256": "0" * 64}
        (folder / "datapackage.json").write_text(json.dumps({"version": "forged", "head": head, "resources": []}))

        assert ["which the log does not have" in fault for fault in verification.faults_in_releases(tmp_path)] == [True]
