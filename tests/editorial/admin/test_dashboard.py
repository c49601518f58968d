"""The dashboard: open tasks per person, and gaps whose number matches the linked list."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conflict.models import ENTRIES, Citation, Claim, Event, Location, Notice, Period, Source
from conflict.vocabulary import ChangeKind
from editorial.analysis import coverage
from editorial.dashboard import front_page
from editorial.workflow import review, scheduled_publication, submissions
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def lines(page):
    return {line.label: line.count for line in (*page.waiting, *page.gaps)}


class TestWhatWaits:
    def test_for_the_author_is_what_was_returned(self, submission, author, reviewer):
        review.return_for_revision(submission=submission, by=reviewer, at=MORNING, note="Name the witness.")

        assert lines(front_page(author, NOW))["returned to you for revision"] == 1

    def test_for_a_reviewer_is_what_others_proposed_oldest_first(self, submission, author, reviewer):
        page = front_page(reviewer, NOW)

        assert page.to_review == [submission]
        assert front_page(author, NOW).to_review == []

    def test_for_a_managing_editor_is_what_was_approved(self, approved, chief):
        assert lines(front_page(chief, NOW))["approved, to be published"] == 1

    def test_are_notices_past_their_review_date(self, author):
        Notice.objects.create(
            key="old", kind="needs_update", whole_chronology=True, reason="Old.", review_by="2026-11-22"
        )
        Notice.objects.create(
            key="new", kind="needs_update", whole_chronology=True, reason="New.", review_by="2026-11-23"
        )

        assert lines(front_page(author, NOW))["notices past their review date"] == 1

    def test_is_nothing_for_an_account_without_a_role(self, submission, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        page = front_page(nobody, NOW)

        assert (page.waiting, page.to_review, page.gaps, page.thin_years) == ([], [], [], [])


class TestFirstSteps:
    def test_lead_from_the_file_to_the_first_public_event_and_then_go(self, author, reviewer, chief, client):
        def left(user):
            return [step.title for step in front_page(user, NOW).first_steps if not step.is_done]

        assert left(author) == [
            "Add the first source",
            "Add the first period",
            "Add the first event",
            "Submit them for review",
            "Let a second person approve it",
            "Publish it",
        ]
        client.force_login(author)
        for step in front_page(author, NOW).first_steps:
            assert not step.address or client.get(step.address).status_code == 200, step.title

        with at_the_desk_of(author):
            an_event()
        entries = [
            EntryChange(kind, entry.key) for kind, model in ENTRIES.items() for entry in model.objects.in_key_order()
        ]
        submission = submissions.submit(
            entries=entries, by=author, at=MORNING, title="First", reason="First.", change_kind=ChangeKind.NEW
        )
        assert left(reviewer) == ["Let a second person approve it", "Publish it"]
        review.approve(submission=submission, by=reviewer, at=MORNING)
        assert left(chief) == ["Publish it"]
        review.publish(submission=submission, by=chief, at=MORNING)

        assert front_page(author, NOW).first_steps == []


class TestAlarms:
    def test_tell_that_no_worker_has_ever_run(self, author, client):
        client.force_login(author)

        assert "No worker has ever run here." in client.get(reverse("admin:index")).content.decode()

    def test_tell_how_long_the_worker_has_been_silent(self, author):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '7 minutes')")

        assert "for 7 minutes" in " ".join(front_page(author, NOW).alarms)

    def test_tell_what_should_have_been_published_with_a_worker_or_without(self, approved, chief):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        scheduled_publication.schedule(submission=approved, by=chief, at=MORNING, publish_at=NOW)

        early, late = (" ".join(front_page(chief, NOW + timedelta(minutes=minutes)).alarms) for minutes in (2, 4))

        assert "scheduled submission" not in early
        assert "1 scheduled submission should have been published" in late

    def test_are_for_the_desk_only(self, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        assert front_page(nobody, NOW).alarms == []


def number_listed(answer):
    """Of a list of the admin, or of the queue of what nobody has read."""
    return answer.context["cl"].result_count if "cl" in answer.context else answer.context["number"]


class TestGaps:
    def test_are_counted_from_what_is_there(self, draft, author):
        other = Source.objects.create(key="cite-2", kind="news", title="Two", published_on="2013-01-11")
        placed = Location.objects.create(
            key="gao",
            name="Gao",
            kind="town",
            latitude=16,
            longitude=0,
            coordinate_origin="GeoNames",
            coordinate_precision="settlement",
        )
        well = an_event("2013-03-01-well-cited")
        Event.objects.filter(pk=well.pk).update(location=placed)
        Citation.objects.create(claim=Claim.objects.get(event=well), source=other)
        Event.objects.create(key="bare", title="Bare", kind="battle")
        Claim.objects.create(event=well, key="bare-claim", kind="occurrence", statement="It happened.")

        told = {line: number for line, number in lines(front_page(author, NOW)).items() if "translation" not in line}

        assert told | {"x": 0} == {
            "returned to you for revision": 0,
            "of yours, waiting for a reviewer": 0,
            "disputes open": 0,
            "open notices in your care": 0,
            "proposals of partners, to be taken up or declined": 0,
            "notices past their review date": 0,
            "citations not yet resolved": 1,
            "events resting on a single source": 1,
            "events citing nothing": 1,
            "events without coordinates": 2,
            "events without a date": 1,
            "events whose newest dated source is over 5 years old": 0,
            "claims without citation": 1,
            "claims without claimant": 1,
            "x": 0,
            "reports of readers, not opened yet": 0,
        } | ({"imports in progress": 0} if author.has_perm("editorial.import_dataset") else {})

    def test_name_years_and_periods_with_no_or_few_events(self, draft, author):
        for number in range(3):
            an_event(f"2015-0{number + 1}-01-more")
        Event.objects.exclude(pk=draft.pk).update(when="2015-02-01")
        for event in Event.objects.exclude(pk=draft.pk):
            event.save()
        Period.objects.create(key="quiet", title="Quiet years", position=2)

        page = front_page(author, datetime(2016, 5, 1, tzinfo=UTC))

        assert [(line.label, line.count) for line in page.thin_years] == [("2013", 1), ("2014", 0), ("2016", 0)]
        assert [(line.label, line.count) for line in page.thin_periods] == [("Quiet years", 0)]

    def test_lead_each_to_a_list_as_long_as_its_number(self, submission, author, chief, at_desk):
        an_event("2014-05-01-more")
        page = front_page(chief, NOW)
        desk = at_desk(chief)

        found = {
            line.label: desk.get(line.address)
            for line in (*page.waiting, *page.gaps, *page.thin_years, *page.thin_periods)
        }

        assert {label: answer.status_code for label, answer in found.items()} == dict.fromkeys(found, 200)
        counted = {line.label: line.count for line in (*page.waiting, *page.gaps, *page.thin_years, *page.thin_periods)}
        assert {label: number_listed(answer) for label, answer in found.items()} == counted

    def test_an_unknown_one_is_refused(self, draft, desk):
        answer = desk.get(reverse("admin:conflict_event_changelist"), {"gap": "none-such"})

        assert answer.status_code == 302
        assert "e=1" in answer.url


class TestCountingThatTakesLong:
    """In 350,000 events what is rare is found by reading all: it is not read for every visit."""

    def test_is_kept_for_a_while_and_says_from_when(self, draft, author, monkeypatch):
        monkeypatch.setattr(coverage, "QUICK", -1)
        monkeypatch.setattr(coverage, "TIMES_KEPT", 10**6)
        before = front_page(author, MORNING)
        an_event("2014-05-01-more")

        after = front_page(author, NOW)

        assert lines(after)["events without coordinates"] == lines(before)["events without coordinates"] == 1
        assert (before.counted_at, after.counted_at) == (None, MORNING)

    def test_is_done_anew_where_it_takes_a_moment_only(self, draft, author, monkeypatch):
        monkeypatch.setattr(coverage, "QUICK", 10**6)
        front_page(author, MORNING)
        an_event("2014-05-01-more")

        assert lines(front_page(author, NOW))["events without coordinates"] == 2


class TestRowsThatAreFound:
    @pytest.fixture(autouse=True)
    def take_a_moment(self, draft, monkeypatch):
        monkeypatch.setattr(coverage, "AT_ONCE", -1)
        monkeypatch.setattr(coverage, "QUICK", 10**6)

    def test_are_kept_while_nothing_is_edited(self):
        found = coverage.found("events", Event.objects.all())

        assert coverage.found("events", Event.objects.none()) == found
        assert len(found) == 1

    def test_are_found_anew_after_an_edit(self):
        coverage.found("events", Event.objects.all())
        an_event("2014-05-01-more")

        assert len(coverage.found("events", Event.objects.all())) == 2


class TestThePage:
    def test_shows_the_numbers(self, submission, reviewer, at_desk):
        page = at_desk(reviewer).get(reverse("admin:index")).content.decode()

        assert "open for your review" in page
        assert submission.title in page
        assert "citations not yet resolved" in page

    def test_asks_no_more_of_many_entries_than_of_few(self, draft, author, desk, monkeypatch):
        monkeypatch.setattr(coverage, "QUICK", 10**6)  # on a busy machine, too, nothing is kept
        desk.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as few:
            desk.get(reverse("admin:index"))
        for number in range(10):
            an_event(f"2014-05-{number + 1:02}-more")

        with CaptureQueriesContext(connection) as many:
            desk.get(reverse("admin:index"))

        assert len(many) == len(few) <= 44
