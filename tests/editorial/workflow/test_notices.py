"""Notices: raised, dated for review, narrowed, resolved; and nothing public unread."""

from datetime import date, timedelta

import pytest

from conflict.models import Notice, Period
from conflict.models.notice import past_review
from conflict.record.models import Publication, PublishedNotice
from conflict.vocabulary import Audience, ChangeKind, NoticeKind
from editorial.models import AuditEntry, NoticeAssignment, SubmittedEntry
from editorial.models.stages import Stage
from editorial.workflow import notices, review, submissions
from editorial.workflow.exceptions import FourEyes, NotPermitted, ReadOtherTexts, WorkflowRefused
from tests.desk import MORNING, an_event

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(days=1)
NEXT_YEAR = date(2027, 1, 31)


def read_and_published(submission, reviewer, chief, at=LATER):
    review.approve(submission=submission, by=reviewer, at=at, digest=submission.digest)
    review.publish(submission=submission, by=chief, at=at)


def raised(author, **given):
    said = {"kind": NoticeKind.NEEDS_UPDATE, "on": None, "reason": "Old sources.", "by": author, "at": MORNING}
    return notices.raise_notice(**{**said, **given})


@pytest.fixture
def warning(published, author, reviewer, chief):
    """A public warning on the whole chronology, as the September 2024 one is."""
    notice, submission = raised(author)
    read_and_published(submission, reviewer, chief, MORNING + timedelta(hours=1))
    return notice


@pytest.fixture
def periods(published, reviewer, chief, author):
    """Two public periods beside the one of the event."""
    made = [Period.objects.create(key=key, title=key.title(), position=n) for n, key in enumerate(("early", "late"), 2)]
    submission = submissions.submit(
        entries=[submissions.EntryChange("period", period.key) for period in made],
        by=author, at=MORNING, title="", reason="Phases.", change_kind=ChangeKind.NEW,
    )  # fmt: skip
    read_and_published(submission, reviewer, chief, MORNING + timedelta(hours=1))
    return made


class TestTheWarningOfSeptember2024:
    def test_is_given_a_day_then_narrowed_then_resolved_and_all_of_it_stays_public(
        self, warning, periods, author, reviewer, chief
    ):
        planned = notices.plan_notice_review(
            notice=warning, review_by=NEXT_YEAR, why="Two sources are awaited.", by=author, at=LATER
        )
        read_and_published(planned, reviewer, chief)
        narrowed = notices.narrow_notice(
            notice=warning, periods=periods, why="The rest is up to date.", by=author, at=LATER
        )
        read_and_published(narrowed, reviewer, chief)
        early = Notice.objects.get(period__key="early")
        read_and_published(
            notices.resolve_notice(notice=early, resolution="Eleven sources added.", by=author, at=LATER),
            reviewer,
            chief,
        )

        public = {row.key: row for row in PublishedNotice.objects.all()}
        history = Publication.objects.of("notice", warning.key).order_by("version")
        assert [step.version for step in history] == [1, 2, 3]
        assert "Eleven sources added." in public[early.key].body
        assert "Narrowed to “Early”, “Late”: The rest is up to date." in public[warning.key].body
        assert [key for key, row in public.items() if row.resolved_on is None] == [f"{warning.key}-late"]
        assert public[f"{warning.key}-late"].review_by == NEXT_YEAR

    def test_keeps_the_day_it_was_raised_when_it_is_narrowed(self, warning, periods, author):
        notices.narrow_notice(notice=warning, periods=periods, why="Narrower.", by=author, at=LATER)

        narrower = Notice.objects.filter(period__isnull=False)
        assert {notice.raised_on for notice in narrower} == {MORNING.date().isoformat()}

    def test_is_never_away_from_readers_while_it_is_narrowed(self, warning, periods, author, reviewer, chief):
        submission = notices.narrow_notice(notice=warning, periods=periods, why="Narrower.", by=author, at=LATER)

        assert PublishedNotice.objects.open().count() == 1
        read_and_published(submission, reviewer, chief)
        batches = Publication.objects.filter(entry_kind="notice").values_list("batch", flat=True)
        assert PublishedNotice.objects.open().count() == 2
        assert len(set(batches)) == 2


class TestRaising:
    def test_shows_readers_nothing_before_somebody_else_has_read_it(self, published, reviewer):
        _, submission = raised(reviewer)

        assert not PublishedNotice.objects.exists()
        with pytest.raises(FourEyes):
            review.approve(submission=submission, by=reviewer, at=LATER)

    def test_is_on_an_entry_or_a_claim_that_readers_see(self, published, draft, author):
        on_event, on_claim = raised(author, on=draft), raised(author, on=draft.claims.get())

        assert (on_event.notice.target, on_claim.notice.target) == (draft, draft.claims.get())

    def test_on_a_draft_is_refused_by_name(self, published, author):
        hidden = an_event("2013-01-11-diabaly")

        with pytest.raises(WorkflowRefused, match="event 2013-01-11-diabaly is not public"):
            raised(author, on=hidden)
        assert not Notice.objects.exists()

    def test_for_editors_only_is_proposed_to_nobody(self, author):
        notice, submission = raised(author, on=an_event(), audience=Audience.DESK)

        assert submission is None
        assert notice.audience == Audience.DESK
        assert not SubmittedEntry.objects.exists()

    def test_twice_on_the_same_gives_two_keys(self, published, author):
        keys = {raised(author).notice.key, raised(author).notice.key}

        assert keys == {"needs-update-chronology", "needs-update-chronology-2"}

    def test_records_who_when_and_why(self, published, author):
        notice, submission = raised(author)

        audit_entry = AuditEntry.objects.get(verb="raise_notice")
        assert (audit_entry.by, audit_entry.at, audit_entry.submission, audit_entry.entries) == (
            author,
            MORNING,
            submission,
            [f"notice {notice.key}"],
        )


class TestWorkingOnANotice:
    def test_says_what_is_missing_and_changes_nothing(self, warning, author):
        for refused, sentence in (
            (lambda: notices.resolve_notice(notice=warning, resolution=" ", by=author, at=LATER), "Say how"),
            (lambda: notices.narrow_notice(notice=warning, periods=[], why="x", by=author, at=LATER), "Choose the"),
            (
                lambda: notices.plan_notice_review(
                    notice=warning, review_by=LATER.date(), why="x", by=author, at=LATER
                ),
                "has passed",
            ),
        ):
            with pytest.raises(WorkflowRefused, match=sentence):
                refused()
        warning.refresh_from_db()
        assert (warning.review_by, warning.resolved_on) == (None, None)

    def test_is_refused_once_it_is_resolved(self, warning, author, reviewer, chief):
        read_and_published(
            notices.resolve_notice(notice=warning, resolution="Done.", by=author, at=LATER), reviewer, chief
        )

        with pytest.raises(WorkflowRefused, match="was resolved on"):
            notices.resolve_notice(notice=warning, resolution="Again.", by=author, at=LATER)

    def test_waits_for_the_proposal_before_it(self, warning, author):
        notices.plan_notice_review(notice=warning, review_by=NEXT_YEAR, why="Soon.", by=author, at=LATER)

        with pytest.raises(WorkflowRefused, match="Already submitted and not settled: notice"):
            notices.resolve_notice(notice=warning, resolution="Done.", by=author, at=LATER)
        warning.refresh_from_db()
        assert warning.resolved_on is None

    def test_narrows_only_what_is_on_the_whole(self, published, draft, periods, author, reviewer, chief):
        notice, submission = raised(author, on=draft)
        read_and_published(submission, reviewer, chief)

        with pytest.raises(WorkflowRefused, match="only one on the whole can be narrowed"):
            notices.narrow_notice(notice=notice, periods=periods, why="x", by=author, at=LATER)

    def test_is_not_for_administrators(self, warning, administrator):
        for refused in (
            lambda: raised(administrator),
            lambda: notices.resolve_notice(notice=warning, resolution="Done.", by=administrator, at=LATER),
            lambda: notices.assign_notice(notice=warning, to=administrator, by=administrator, at=LATER),
        ):
            with pytest.raises(NotPermitted):
                refused()


class TestTheReviewOfANotice:
    def test_is_due_by_its_date_alone_and_put_off_with_a_reason(self, warning, author):
        Notice.objects.update(review_by=date(2026, 3, 1))
        due = Notice.objects.filter(past_review(LATER.date()))
        assert list(due) == [warning]
        assert due.get().is_past_review(LATER.date())
        assert not due.get().is_past_review(date(2026, 3, 1))

        notices.plan_notice_review(notice=warning, review_by=NEXT_YEAR, why="Archive closed.", by=author, at=LATER)

        assert not due.all().exists()
        assert AuditEntry.objects.get(verb="plan_notice_review").why == "Archive closed."

    def test_has_a_name_on_it_and_the_last_one_counts(self, warning, author, reviewer):
        notices.assign_notice(notice=warning, to=author, by=author, at=LATER)
        notices.assign_notice(notice=warning, to=reviewer, by=author, at=LATER)

        assert NoticeAssignment.objects.get().to == reviewer
        assert AuditEntry.objects.filter(verb="assign_notice").count() == 2

    def test_is_given_to_nobody_who_cannot_work_on_it(self, warning, author, administrator):
        with pytest.raises(WorkflowRefused, match="may not work on notices"):
            notices.assign_notice(notice=warning, to=administrator, by=author, at=LATER)

    def test_of_one_for_editors_only_is_settled_without_a_review(self, author):
        notice, _ = raised(author, on=an_event(), audience=Audience.DESK)

        assert notices.resolve_notice(notice=notice, resolution="Fixed.", by=author, at=LATER) is None
        notice.refresh_from_db()
        assert notice.resolution == "Fixed."


class TestWhatWasRead:
    """An approval is of the texts that the reviewer was shown."""

    def test_is_what_is_approved(self, submission, reviewer):
        approval = review.approve(submission=submission, by=reviewer, at=LATER, digest=submission.digest)

        assert approval.digest == submission.digest

    @pytest.mark.parametrize("verb", ["approve", "publish_in_emergency"])
    def test_is_no_longer_what_is_proposed(self, submission, draft, author, reviewer, chief, verb):
        read = submission.digest
        draft.title = "Konna is taken"
        draft.save()
        submissions.resubmit(submission=submission, by=author, at=LATER)
        calls = {
            "approve": lambda: review.approve(submission=submission, by=reviewer, at=LATER, digest=read),
            "publish_in_emergency": lambda: review.publish_in_emergency(
                submission=submission, by=chief, at=LATER, why="Lives.", digest=read
            ),
        }

        with pytest.raises(ReadOtherTexts, match=draft.key) as refused:
            calls[verb]()

        submission.refresh_from_db()
        assert refused.value.read == read
        assert submission.stage == Stage.OPEN

    def test_was_never_proposed_here(self, submission, reviewer):
        with pytest.raises(ReadOtherTexts, match="never proposed"):
            review.approve(submission=submission, by=reviewer, at=LATER, digest="0" * 64)

    def test_is_kept_when_it_is_submitted_again(self, submission, draft, author):
        read = submission.digest
        draft.title = "Konna is taken"
        draft.save()

        submissions.resubmit(submission=submission, by=author, at=LATER)

        texts = {row.key: row.text for row in submission.superseded.filter(digest=read)}
        assert "Konna falls" in texts[draft.key]
        assert submission.changed_since(read) == [draft.key]

    def test_is_kept_once_however_often_nothing_changed(self, submission, author):
        for _ in range(3):
            submissions.resubmit(submission=submission, by=author, at=LATER)

        assert submission.superseded.count() == submission.entries.count()
