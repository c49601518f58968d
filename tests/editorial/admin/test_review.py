"""Review entry by entry: read beside a preview, ticked, returned alone, with comments and suggestions at a field."""

import re

import pytest
from django.urls import reverse

from conflict.models import Citation, Claim, Event, Participation, Source
from conflict.vocabulary import ChangeKind
from editorial.models import Comment, Submission
from editorial.models.stages import Stage
from editorial.workflow import permissions, submissions
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, at_the_desk_of
from tests.editorial.admin.test_submissions import do, page_of

pytestmark = pytest.mark.django_db
EVENT = "event:2013-01-10-konna"


@pytest.fixture
def reading(at_desk, reviewer):
    return at_desk(reviewer)


class TestAnEntryOfASubmission:
    def test_is_previewed_as_it_was_proposed_and_not_as_the_desk_stands(self, submission, reading, author, draft):
        with at_the_desk_of(author):
            Event.objects.update(title="Something else")

        page = reading.get(page_of(submission)).content.decode()
        address = f"{reverse('admin:conflict_event_preview', args=[draft.pk])}?submission={submission.pk}"
        preview = reading.get(address)

        assert f'<iframe src="{address}"' in page
        assert "Konna falls" in preview.content.decode()
        assert "Something else" not in preview.content.decode()
        assert preview["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]

    def test_is_previewed_with_the_words_marked_that_change_and_with_links_that_leave_the_frame(
        self, published, reading, author, draft
    ):
        with at_the_desk_of(author):
            Event.objects.update(title="Konna is taken")
            Claim.objects.update(low=48, high=48, statement="48 dead.")
            Participation.objects.all().delete()
            source = Source.objects.create(key="cite-2", kind="news", title="Second", url="https://example.org/second")
            Citation.objects.create(claim=draft.claims.get(), source=source)
        chosen = [EntryChange("event", draft.key), EntryChange("source", "cite-2")]
        made = submissions.submit(
            entries=chosen,
            by=author,
            at=MORNING,
            title="Two more",
            reason="Counted.",
            change_kind=ChangeKind.CORRECTION,
        )
        address = f"{reverse('admin:conflict_event_preview', args=[draft.pk])}?submission={made.pk}"
        page = reading.get(address).content.decode()

        assert "Konna <del>falls</del> <ins>is taken</ins>" in page
        assert "<del>46</del> <ins>48</ins>" in page
        assert re.search("<del>[^<]*Malian Army", page)
        assert f'href="{reverse("admin:conflict_source_change", args=[source.pk])}" rel="noopener noreferrer" target="_blank"' in page  # fmt: skip
        assert 'href="#source-cite-2"' in page
        assert "<ins>" not in reading.get(f"{address}&unmarked=1").content.decode()

    def test_is_ticked_as_read_until_its_text_changes(self, submission, reading, author):
        do(reading, submission, "tick", entry=[EVENT])
        ticked = reading.get(page_of(submission)).content.decode().count("checked disabled")
        with at_the_desk_of(author):
            Event.objects.update(title="Something else")
        submissions.resubmit(submission=submission, by=author, at=MORNING)

        assert ticked == 1
        assert "checked disabled" not in reading.get(page_of(submission)).content.decode()

    def test_is_returned_alone_while_the_rest_goes_on(self, submission, reading, author):
        do(reading, submission, "return_entry", entry=EVENT, note="Who says so?")

        submission.refresh_from_db()
        own = Submission.objects.get(split_from=submission)
        assert (submission.stage, own.stage) == (Stage.OPEN, Stage.RETURNED)
        assert [entry.key for entry in own.entries.all()] == ["2013-01-10-konna"]
        assert not submission.entries.filter(entry_kind="event").exists()
        assert permissions.may_resubmit(author, own)
        assert own.reviews.get().note == "Who says so?"

    def test_shows_what_became_public_once_it_is_published(self, published, desk):
        page = desk.get(page_of(published)).content.decode()

        assert "<ins>Konna falls</ins>" in page
        assert "Nothing differs." not in page

    def test_links_to_the_sources_that_it_cites(self, submission, reading):
        assert 'class="quiet sources"' in reading.get(page_of(submission)).content.decode()


class TestASuggestedText:
    @pytest.fixture
    def suggested(self, submission, reading):
        do(reading, submission, "comment", entry=EVENT, place="title", note="Shorter.", suggestion="Konna taken")
        return Comment.objects.get()

    def test_makes_its_reader_no_author(self, suggested, submission, reviewer, author, at_desk):
        do(at_desk(author), submission, "take_suggestion", comment=suggested.pk)
        do(at_desk(author), submission, "resubmit")

        submission.refresh_from_db()
        assert Event.objects.get().title == "Konna taken"
        assert permissions.may_approve(reviewer, submission)
        assert Comment.objects.get(answers=suggested).is_taken

    def test_is_left_with_a_reason_and_changes_nothing(self, suggested, submission, author, at_desk):
        do(at_desk(author), submission, "decline_suggestion", comment=suggested.pk, note="The source says falls.")

        assert Event.objects.get().title == "Konna falls"
        assert "The source says falls." in at_desk(author).get(page_of(submission)).content.decode()

    def test_is_not_taken_over_what_was_written_meanwhile(self, suggested, submission, author, at_desk):
        with at_the_desk_of(author):
            Event.objects.update(title="Konna is taken")

        page = do(at_desk(author), submission, "take_suggestion", comment=suggested.pk).content.decode()

        assert "The draft says something else by now" in page
        assert Event.objects.get().title == "Konna is taken"

    def test_is_no_way_to_change_anything_but_a_text(self, submission, reading):
        page = do(reading, submission, "comment", entry=EVENT, place="kind", suggestion="attack").content.decode()

        assert "Only a text of an entry" in page
        assert not Comment.objects.exists()
