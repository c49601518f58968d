"""What was published in an emergency waits until a second person has read it, and somebody is made to see to that."""

from datetime import timedelta

import pytest

from conflict.documents import sha256
from conflict.models import Event
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication, Tombstone
from conflict.vocabulary import ChangeKind, EntryKind, ReviewState
from editorial.accounts.roles import Role
from editorial.models import Ground
from editorial.models.stages import DisputeStage
from editorial.workflow import disputes, emergencies, readings, review, scheduled_publication, submissions
from editorial.workflow.exceptions import FourEyes, Held, WorkflowRefused
from editorial.workflow.readings import Read
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, just_signed_in, person

NOON = MORNING + timedelta(hours=3)
TOO_LATE = NOON + emergencies.READ_WITHIN + timedelta(minutes=1)
KEY = "2013-01-10-konna"


@pytest.fixture
def second_chief(db):
    return person("second", Role.MANAGING_EDITOR)


def propose(chief, title, at=NOON, **options):
    with at_the_desk_of(chief):
        Event.objects.filter(key=KEY).update(title=title)
    return submissions.submit(
        entries=[EntryChange("event", KEY)],
        by=chief,
        at=at,
        title="",
        reason="Lives.",
        change_kind=ChangeKind.CORRECTION,
        **options,
    )


def hurry(chief, title, at=NOON):
    return review.publish_in_emergency(submission=propose(chief, title, at), by=chief, at=at, why="Lives.")


def all_read(by, at):
    found = [
        Read(one.kind, one.key, Publication.objects.get(number=one.number).sha256 if one.is_withdrawn else digest(one))
        for one in readings.unread()
    ]
    return readings.stand_by(entries=found, by=by, at=at)


def digest(one):
    return sha256(Publication.objects.get(number=one.number).document)


class TestAPublicationInAnEmergency:
    def test_waits_until_a_second_person_has_read_all_of_it(self, published, chief, second_chief):
        hurry(chief, "Konna is taken")
        assert [one.pk for one in emergencies.waiting_of(chief)] == [submissions.Submission.objects.latest("pk").pk]
        with pytest.raises(FourEyes):
            all_read(chief, NOON)

        all_read(second_chief, NOON)

        assert not emergencies.waiting()

    def test_unread_for_too_long_stops_its_publisher_from_publishing_anything(
        self, published, chief, reviewer, second_chief, author
    ):
        hurry(chief, "Konna is taken")
        with at_the_desk_of(author):
            other = an_event("2013-01-11-konna")
        ordinary = submissions.submit(
            entries=[EntryChange("event", other.key)],
            by=author,
            at=NOON,
            title="",
            reason="Read.",
            change_kind=ChangeKind.NEW,
        )
        review.approve(submission=ordinary, by=reviewer, at=NOON)
        scheduled_publication.schedule(submission=ordinary, by=chief, at=NOON, publish_at=TOO_LATE)

        for verb in (
            lambda: review.publish(submission=ordinary, by=chief, at=TOO_LATE),
            lambda: scheduled_publication.schedule(
                submission=ordinary, by=chief, at=TOO_LATE, publish_at=TOO_LATE + NOON.resolution
            ),
        ):
            with pytest.raises(Held, match="until somebody has"):
                verb()
        scheduled_publication.publish_due(at=TOO_LATE)
        ordinary.refresh_from_db()
        assert "in an emergency" in ordinary.failure

        assert review.publish(submission=ordinary, by=second_chief, at=TOO_LATE)

    def test_unread_for_too_long_stops_everybody_from_another_until_it_is_read(self, published, chief, second_chief):
        hurry(chief, "Konna is taken")
        with at_the_desk_of(second_chief):
            an_event("2013-01-11-konna")
        urgent = submissions.submit(
            entries=[EntryChange("event", "2013-01-11-konna")],
            by=second_chief,
            at=TOO_LATE,
            title="",
            reason="Lives.",
            change_kind=ChangeKind.NEW,
        )
        with pytest.raises(Held, match="read it first"):
            review.publish_in_emergency(submission=urgent, by=second_chief, at=TOO_LATE, why="Lives.")

        all_read(second_chief, TOO_LATE)

        assert review.publish_in_emergency(submission=urgent, by=second_chief, at=TOO_LATE, why="Lives.")

    def test_is_one_of_few_that_a_person_may_have_waiting(self, published, chief):
        for number in range(emergencies.MOST_WAITING):
            hurry(chief, f"Konna, {number}")

        with pytest.raises(Held, match="wait to be read"):
            hurry(chief, "Konna, once more")

    def test_is_not_taken_out_of_the_queue_by_a_dispute_withdrawn(self, published, chief, reviewer):
        opened = disputes.dispute(kind="event", key=KEY, by=chief, at=NOON, ground=Ground.OTHER, statement="Wrong.")
        with at_the_desk_of(chief):
            opened.notice.reason = "Alone."
            opened.notice.save()
        alone = submissions.submit(
            entries=[EntryChange("notice", opened.notice.key)],
            by=chief,
            at=NOON,
            title="",
            reason="Alone.",
            change_kind=ChangeKind.CORRECTION,
        )
        review.publish_in_emergency(submission=alone, by=chief, at=NOON, why="Lives.")
        disputes.settle_dispute(dispute=opened, by=chief, at=NOON, outcome=DisputeStage.WITHDRAWN)

        assert [one.pk for one in emergencies.waiting()] == [alone.pk]

    def test_leads_the_front_page_with_its_age(self, published, chief, reviewer, client):
        hurry(chief, "Konna is taken", at=NOON)
        client.force_login(reviewer)
        just_signed_in(client, reviewer)

        page = client.get("/admin/").content.decode()

        assert page.index("a second person has to read these") < page.index('aria-label="What waits"')
        assert "nobody may publish in an emergency until it is read" in page  # NOON is long ago


class TestAWithdrawalInAnEmergency:
    @pytest.fixture
    def withdrawn(self, published, chief):
        going = submissions.retract(kind="event", key=KEY, by=chief, at=NOON, reason="It names a witness.")
        review.publish_in_emergency(submission=going, by=chief, at=NOON, why="Lives.")

    def said(self, client) -> tuple[str, dict]:
        return (
            client.get(f"/events/{KEY}/").content.decode(),
            client.get(f"/api/v1/events/{KEY}/").json()["review"],
        )

    def test_says_so_until_a_second_person_has_read_it(self, withdrawn, chief, second_chief, client):
        page, review_of_it = self.said(client)
        assert "published in an emergency and not yet reviewed" in page
        assert review_of_it == {"state": "emergency", "on": None}
        stone = Tombstone.objects.values().get(key=KEY)
        with pytest.raises(FourEyes):
            all_read(chief, NOON)

        (step,) = [step for step in all_read(second_chief, NOON) if step.key == KEY]

        assert (step.action, step.change_kind, step.readers) == ("withdraw", ChangeKind.REVIEWED, 1)
        page, review_of_it = self.said(client)
        assert "not yet reviewed" not in page.split("<main")[1]
        assert review_of_it == {"state": "reviewed", "on": "2026-03-01"}
        assert Tombstone.objects.values().get(key=KEY) == stone
        assert [*verification.faults_in_the_log(), *verification.eyes().faults, *rebuild.differences()] == []
        assert not emergencies.waiting()
        assert readings.count_unread(ReviewState.EMERGENCY) == 0

    def test_is_on_the_page_of_what_is_to_be_read(self, withdrawn, reviewer, client):
        client.force_login(reviewer)
        just_signed_in(client, reviewer)
        address = "/admin/editorial/submission/unread/?state=emergency"
        page = client.get(address).content.decode()
        step = Publication.objects.of("event", KEY).newest_first()[0]
        assert "It names a witness." in page
        assert "Konna falls" in page

        client.post(address, {"read": [f"event {KEY} {step.sha256}"]})

        assert not emergencies.waiting()

    def test_of_an_entry_that_is_published_anew_is_read_with_it(self, withdrawn, chief, second_chief):
        with pytest.raises(WorkflowRefused, match="was withdrawn on"):
            propose(chief, "Konna again")
        again = propose(chief, "Konna again", bring_back=True)
        review.approve(submission=again, by=second_chief, at=NOON)
        assert review.publish(submission=again, by=chief, at=NOON)

        assert not emergencies.waiting()
        assert readings.unread(kinds=[EntryKind.EVENT]) == []
