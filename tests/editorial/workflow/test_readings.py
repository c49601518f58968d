"""Readings: a second person confirms a public entry unchanged, and readers can see it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from conflict.documents import sha256
from conflict.models import Event
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication, PublishedEvent, PublishedLocation
from conflict.vocabulary import ChangeKind, EntryKind, ReviewState
from editorial.accounts.roles import Role
from editorial.models import Ground
from editorial.workflow import disputes, publisher, readings, review
from editorial.workflow.edit_history import authors_of
from editorial.workflow.exceptions import FourEyes, NotPermitted, ReadOtherTexts, WorkflowRefused
from editorial.workflow.readings import Read
from tests.desk import MORNING, an_event, at_the_desk_of, just_signed_in, person

NOON = MORNING + timedelta(hours=3)


@pytest.fixture
def baseline(db):
    event = an_event()
    publisher.publish_baseline(at=MORNING)
    return event


def read(kind: EntryKind, key: str) -> Read:
    text = publisher.public_texts([(kind, key)])[kind, key]
    return Read(kind, key, sha256(text))


def state_of(key: str) -> tuple[str, str | None]:
    row = PublishedEvent.objects.get(key=key)
    return row.review_state, row.reviewed_on and row.reviewed_on.isoformat()


class TestReading:
    def test_is_a_step_of_the_log_without_a_name(self, baseline, reviewer):
        before = Publication.objects.of("event", baseline.key).get()

        readings.stand_by(entries=[read(EntryKind.EVENT, baseline.key)], by=reviewer, at=NOON)

        step = Publication.objects.newest_first().first()
        assert (step.change_kind, step.version, step.document) == (ChangeKind.REVIEWED, 2, before.document)
        assert (step.writers, step.readers, step.publishers) == (0, 1, 1)
        assert "reviewer" not in step.reason
        assert state_of(baseline.key) == (ReviewState.REVIEWED, "2026-03-01")
        assert '"review":{"state":"reviewed","on":"2026-03-01"}' in PublishedEvent.objects.get().body

    def test_does_not_move_the_day_of_the_last_change(self, baseline, reviewer):
        readings.stand_by(entries=[read(EntryKind.EVENT, baseline.key)], by=reviewer, at=NOON)

        assert PublishedEvent.objects.get().changed_at == MORNING

    def test_takes_several_at_once_and_leaves_log_and_record_sound(self, baseline, reviewer):
        found = [Read(entry.kind, entry.key, read(entry.kind, entry.key).digest) for entry in readings.unread()]

        readings.stand_by(entries=found, by=reviewer, at=NOON)

        assert readings.unread() == []
        assert [*verification.faults_in_the_log(), *rebuild.differences()] == []

    def test_of_another_text_than_is_public_is_refused(self, baseline, reviewer):
        with pytest.raises(ReadOtherTexts, match="says something else since"):
            readings.stand_by(entries=[Read(EntryKind.EVENT, baseline.key, "0" * 64)], by=reviewer, at=NOON)

    def test_is_not_done_twice(self, baseline, reviewer):
        wanted = [read(EntryKind.EVENT, baseline.key)]
        readings.stand_by(entries=wanted, by=reviewer, at=NOON)

        with pytest.raises(WorkflowRefused, match="has read the event"):
            readings.stand_by(entries=wanted, by=reviewer, at=NOON)

    def test_is_refused_to_a_contributor(self, baseline, author):
        with pytest.raises(NotPermitted):
            readings.stand_by(entries=[read(EntryKind.EVENT, baseline.key)], by=author, at=NOON)

    def test_of_what_was_published_in_an_emergency_is_for_somebody_else(self, submission, draft, chief, author):
        author.groups.add(person("second", Role.REVIEWER).groups.get())
        author = type(author).objects.get(pk=author.pk)
        review.publish_in_emergency(submission=submission, by=chief, at=NOON, why="Lives.")
        assert state_of(draft.key) == (ReviewState.EMERGENCY, None)
        wanted = [read(EntryKind.EVENT, draft.key)]
        with pytest.raises(FourEyes):
            readings.stand_by(entries=wanted, by=author, at=NOON)

        readings.stand_by(entries=wanted, by=chief, at=NOON)

        assert state_of(draft.key) == (ReviewState.REVIEWED, "2026-03-01")
        assert authors_of([("event", draft.key)]) == set()

    def test_does_not_count_what_is_drafted_meanwhile_as_read(self, baseline, author, reviewer):
        with at_the_desk_of(author):
            Event.objects.update(summary="A draft.")

        readings.stand_by(entries=[read(EntryKind.EVENT, baseline.key)], by=reviewer, at=NOON)

        assert authors_of([("event", baseline.key)]) == {author.pk}

    def test_of_the_notice_of_a_dispute_is_for_somebody_else_than_who_opened_it(self, baseline, reviewer, chief):
        opened = disputes.dispute(
            kind="event", key=baseline.key, by=reviewer, at=NOON, ground=Ground.OTHER, statement="Wrong."
        )
        wanted = [read(EntryKind.NOTICE, opened.notice.key)]
        with pytest.raises(FourEyes):
            readings.stand_by(entries=wanted, by=reviewer, at=NOON)

        assert readings.stand_by(entries=wanted, by=chief, at=NOON)


class TestTheQueue:
    def test_begins_with_emergencies_then_the_oldest(self, baseline, author, chief):
        assert [entry.number for entry in readings.unread()] == sorted(entry.number for entry in readings.unread())
        PublishedLocation.objects.update(review_state=ReviewState.EMERGENCY)

        assert readings.unread()[0].kind == EntryKind.LOCATION
        assert {entry.kind for entry in readings.unread(period="war")} == {EntryKind.EVENT}

    def test_is_a_page_from_which_entries_are_stood_by(self, baseline, reviewer, client):
        client.force_login(reviewer)
        just_signed_in(client, reviewer)
        address = "/admin/editorial/submission/unread/"
        page = client.get(address).content.decode()
        wanted = read(EntryKind.EVENT, baseline.key)
        value = f"{wanted.kind} {wanted.key} {wanted.digest}"
        assert value in page

        client.post(address, {"read": [value]})

        assert state_of(baseline.key)[0] == ReviewState.REVIEWED
        assert value not in client.get(address).content.decode()

    def test_is_closed_to_contributors(self, baseline, author, client):
        client.force_login(author)

        assert client.get("/admin/editorial/submission/unread/").status_code == 403


class TestReaders:
    def test_are_told_on_every_side_how_much_was_read(self, baseline, reviewer, client):
        def said() -> list[str]:
            return [
                client.get(address).getvalue().decode()
                for address in (
                    "/",
                    reverse("event", args=[baseline.key]),
                    reverse("citation", args=["event", baseline.key, "plain"]),
                    reverse("feed-events"),
                    f"/api/v1/events/{baseline.key}/",
                    "/api/v1/events/?format=csv",
                )
            ]

        for page in said():
            assert "ot yet reviewed" in page or "not_yet_reviewed" in page
        assert "None of the 5 entries has been reviewed by a second person" in said()[0]

        readings.stand_by(entries=[read(EntryKind.EVENT, baseline.key)], by=reviewer, at=NOON)

        for page in said():
            assert "not yet reviewed" not in page
            assert "not_yet_reviewed" not in page
            assert "reviewed" in page.lower()
        assert "1 of 5 entries reviewed" in said()[0]
        assert client.get("/api/v1/").json()["reviewed"] == {"entries": 1, "of": 5}
