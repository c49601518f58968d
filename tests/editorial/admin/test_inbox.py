"""What an editor keeps an eye on: watched entries, saved filters, the inbox, and its e-mail."""

from datetime import timedelta

import pgtrigger
import pytest
from django.contrib import admin
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from conflict.models import Citation, Claim, ClaimParty, Event, Source
from editorial.admin import inbox_mail
from editorial.models import Inbox, SavedFilter, Watch
from editorial.workflow import remarks, review
from editorial.workflow.edit_history import history_of
from tests.desk import at_the_desk_of

pytestmark = pytest.mark.django_db
INBOX, EVENTS = "/admin/inbox/", "/admin/conflict/event/"


@pytest.fixture
def begun(author):
    """The author's inbox, read an hour ago."""
    return Inbox.objects.create(user=author, read_until=timezone.now() - timedelta(hours=1))


class TestTheInbox:
    def test_tells_of_a_return_and_of_comments_until_they_are_read(self, begun, submission, reviewer, desk):
        at = timezone.now()
        remarks.comment(submission=submission, by=reviewer, at=at, text="Who counted?")
        review.return_for_revision(submission=submission, by=reviewer, at=at, note="Name the source.")

        before = desk.get(INBOX).content.decode()
        desk.post("/admin/inbox/read/")
        after = desk.get(INBOX).content.decode()

        assert [words in before for words in ("Who counted?", "Name the source.", "Returned to you for revision")] == [
            True
        ] * 3
        assert "Nothing new." in after

    def test_tells_who_may_review_of_what_others_submit(self, submission, reviewer, author, at_desk):
        for person in (author, reviewer):
            Inbox.objects.create(user=person, read_until=submission.submitted_at - timedelta(hours=1))

        assert "Waits for a review" in at_desk(reviewer).get(INBOX).content.decode()
        assert "Waits for a review" not in at_desk(author).get(INBOX).content.decode()

    def test_tells_somebody_who_is_named_in_a_comment_elsewhere(self, submission, reviewer, chief, author, at_desk):
        for person in (chief, reviewer):
            Inbox.objects.create(user=person, read_until=timezone.now() - timedelta(hours=1))
        remarks.comment(submission=submission, by=author, at=timezone.now(), text="See p. 4, @Chief: is it so? @chiefs")
        remarks.comment(submission=submission, by=author, at=timezone.now(), text="a@reviewer.org, @reviewers")

        assert "You are asked" in at_desk(chief).get(INBOX).content.decode()
        assert "You are asked" not in at_desk(reviewer).get(INBOX).content.decode()

    def test_tells_of_a_watched_entry_that_somebody_else_changed(self, begun, draft, desk, author, reviewer):
        desk.post("/admin/watch/", {"kind": "event", "key": draft.key})
        Watch.objects.update(since=begun.read_until)  # the database's clock stands still within a test
        with at_the_desk_of(author):
            Event.objects.update(summary="One's own.")
        own = desk.get(INBOX).content.decode()
        with at_the_desk_of(reviewer):
            Event.objects.update(summary="Somebody else's.")

        assert "Changed at the desk" not in own
        assert "Changed at the desk" in desk.get(INBOX).content.decode()

    def test_takes_no_watch_of_a_source_that_the_person_may_not_see(self, begun, desk):
        Source.objects.create(key="secret", title="Secret memo", kind="report", access="restricted")

        page = desk.post("/admin/watch/", {"kind": "source", "key": "secret"}, follow=True).content.decode()

        assert "There is no such entry." in page
        assert "Secret memo" not in page

    def test_stops_when_the_watch_is_taken_back(self, draft, desk):
        for _ in range(2):
            desk.post("/admin/watch/", {"kind": "event", "key": draft.key})

        assert not Watch.objects.exists()

    def test_is_sent_once_to_who_asked_for_it_with_titles_only(self, settings, begun, submission, reviewer, author):
        settings.EMAIL_HOST = "mail.example"
        author.email, author.language = "author@example.org", "fr"
        author.save()
        Inbox.objects.update(by_email=True)
        remarks.comment(submission=submission, by=reviewer, at=timezone.now(), text="A secret informant.")

        sent = [inbox_mail.send_inboxes(admin.site, timezone.now()) for _ in range(2)]

        assert sent == [1, 0]
        assert mail.outbox[0].to == ["author@example.org"]
        assert "Commentaire\u00a0: Konna" in mail.outbox[0].body
        assert "informant" not in mail.outbox[0].body


class TestASavedFilter:
    def save(self, desk, **given):
        return desk.post(
            "/admin/filter/save/", {"name": "No date", "listed": "conflict_event", "query": "gap=no-date", **given}
        )

    def test_is_offered_to_its_owner_and_if_shared_to_all(self, desk, at_desk, reviewer, draft):
        self.save(desk)
        own, theirs = desk.get(EVENTS).content.decode(), at_desk(reviewer).get(EVENTS).content.decode()
        self.save(desk, is_shared="on")

        assert 'href="?gap=no-date"' in own
        assert "No date" not in theirs
        assert 'href="?gap=no-date"' in at_desk(reviewer).get(EVENTS).content.decode()

    def test_tells_of_what_came_into_it(self, begun, desk, draft, author):
        self.save(desk)
        desk.post("/admin/watch/", {"saved_filter": SavedFilter.objects.get().pk})
        Watch.objects.update(since=begun.read_until)
        before = desk.get(INBOX).content.decode()
        Event.objects.create(key="undated", title="Some day", kind="attack", when="")

        assert "1 new or changed" not in before
        assert "1 new or changed" in desk.get(INBOX).content.decode()

    def test_of_claims_tells_of_those_changed_alone_or_in_their_parts(self, begun, desk, draft):
        self.save(desk, name="Killed", listed="conflict_claim", query="measure__exact=killed")
        assert "Stop watching" not in desk.get("/admin/conflict/claim/").content.decode()
        desk.post("/admin/watch/", {"saved_filter": SavedFilter.objects.get().pk})
        Watch.objects.update(since=begun.read_until)
        with pgtrigger.ignore():  # the history as of long ago
            for model in (Claim, ClaimParty, Citation):
                history_of(model).update(pgh_created_at=begun.read_until - timedelta(hours=1))
        untouched = desk.get(INBOX).content.decode()
        draft.claims.get().parties.create(role="relay", described_as="a radio")

        assert "new or changed" not in untouched
        assert "1 new or changed" in desk.get(INBOX).content.decode()
        assert "Stop watching" in desk.get("/admin/conflict/claim/").content.decode()

    def test_of_submissions_tells_of_new_ones(self, begun, desk, submission):
        self.save(desk, name="To review", listed="editorial_submission", query="stage__exact=open")
        desk.post("/admin/watch/", {"saved_filter": SavedFilter.objects.get().pk})
        Watch.objects.update(since=begun.read_until)
        type(submission).objects.update(submitted_at=timezone.now())

        assert 'href="?stage__exact=open"' in desk.get("/admin/editorial/submission/").content.decode()
        assert "1 new or changed" in desk.get(INBOX).content.decode()

    def test_is_deleted_by_its_owner_alone(self, desk, at_desk, reviewer, db):
        self.save(desk, is_shared="on")
        given = {"saved_filter": SavedFilter.objects.get().pk}

        at_desk(reviewer).post("/admin/filter/forget/", given)
        kept = SavedFilter.objects.exists()
        desk.post("/admin/filter/forget/", given)

        assert kept
        assert not SavedFilter.objects.exists()


class TestHintsWhileTyping:
    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ({"kind": "event", "title": "The fall of Konna", "when": "10 January 2013"}, "Konna falls"),
            ({"kind": "actor", "name": "malian army"}, "Malian Army"),
            ({"kind": "location", "name": "KONNA"}, "Konna"),
            ({"kind": "event", "title": "The fall of Konna", "when": "2015"}, ""),
        ],
    )
    def test_name_what_may_be_the_same(self, given, found, desk, draft):
        alike = desk.get(reverse("admin:hints"), given).json()["alike"]

        assert [each["label"].partition(" · ")[0] for each in alike] == ([found] if found else [])

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("url", "http://www.example.org/konna/?ref=1"),
            ("look_up_by", "example.org/konna"),
            ("look_up_by", "https://doi.org/10.1007/978-3-0"),
        ],
    )
    def test_find_a_source_by_its_address_or_doi_however_it_is_written(self, field, typed, desk, draft):
        Source.objects.filter(citations__event=draft).update(url="https://example.org/konna", doi="10.1007/978-3-0")

        alike = desk.get(reverse("admin:hints"), {"kind": "source", field: typed}).json()

        assert len(alike["alike"]) == 1

    @pytest.mark.parametrize(
        ("language", "typed", "words"),
        [("en", "8-10 February 2013", "8–10 February 2013"), ("fr", "10/01/2013", "10 janvier 2013")],
    )
    def test_say_how_a_date_is_read(self, language, typed, words, desk, db):
        answer = desk.get(reverse("admin:hints"), {"date": typed}, headers={"accept-language": language})

        assert words in answer.json()["understood"]


class TestAnAddressThatOnlyTakesForms:
    def test_says_so_to_who_opens_it(self, desk, db):
        answer = desk.get("/admin/conflict/event/together/")

        assert answer.status_code == 405
        assert "Nothing was done" in answer.content.decode()
