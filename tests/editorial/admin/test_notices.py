"""Notices at the desk: raised from their subject, handled on one page, never left unassigned."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conflict.models import Notice, Period
from conflict.vocabulary import Audience, NoticeKind
from editorial.models import NoticeAssignment, Submission
from editorial.models.stages import Stage
from editorial.workflow import notices, review
from tests.desk import MORNING

pytestmark = pytest.mark.django_db
LIST = "admin:conflict_notice_changelist"


@pytest.fixture
def warning(published, author, reviewer, chief):
    notice, submission = notices.raise_notice(
        kind=NoticeKind.NEEDS_UPDATE, on=None, reason="Old sources.", by=author, at=MORNING + timedelta(hours=1)
    )
    review.approve(submission=submission, by=reviewer, at=MORNING + timedelta(hours=1))
    review.publish(submission=submission, by=chief, at=MORNING + timedelta(hours=1))
    return notice


def tending(notice):
    return reverse("admin:conflict_notice_tend", args=[notice.pk])


def do(desk, notice, verb, **given):
    answers = {f"{verb}-{name}": value for name, value in given.items()}
    return desk.post(tending(notice), {"verb": verb, **answers}, follow=True)


class TestAWarningAsWork:
    def test_lists_the_entries_that_answer_it_and_how_far_they_are(self, warning, draft, desk):
        desk.post(tending(warning), {"verb": "answer", "answer-event": [draft.pk]})

        page = desk.get(tending(warning)).content.decode()
        board = desk.get(reverse(LIST), {"q": "old sources"}).content.decode()

        assert "Konna falls" in page
        assert '<span class="badge published">public</span>' in page
        assert "1 answer" in board

    def test_is_answered_by_what_is_submitted_for_it(self, warning, draft, desk):
        draft.summary = "New sources."
        draft.save()
        given = {"entry": [f"event:{draft.key}"], "reason": "New.", "change_kind": "correction", "warning": warning.key}

        desk.post(reverse("admin:editorial_submission_propose"), {"submit": "yes", **given})

        assert [answer.key for answer in warning.answers.all()] == [draft.key]

    @pytest.mark.parametrize("typed", ["March 2026", "mars 2026", "2026-03", "needs update old sources March 2026"])
    def test_is_found_by_its_month_as_people_write_it_and_by_words(self, typed, warning, desk):
        assert warning in desk.get(reverse(LIST), {"q": typed}).context["cl"].result_list
        assert not desk.get(reverse(LIST), {"q": f"{typed} drones"}).context["cl"].result_list

    def test_keeps_its_carer_when_it_is_narrowed(self, warning, author, desk):
        period = Period.objects.get()
        notices.assign_notice(notice=warning, to=author, by=author, at=MORNING)

        notices.narrow_notice(notice=warning, periods=[period], why="Narrower.", by=author, at=MORNING)

        assert Notice.objects.get(period=period).assignment.to == author


class TestRaisingANotice:
    def test_on_a_claim_starts_from_its_event_and_leads_to_its_submission(self, published, draft, desk):
        address = reverse("admin:conflict_event_raise", args=[draft.pk])
        given = {"claim": draft.claims.get().key, "kind": "citation_needed", "reason": "Who?", "audience": "public"}

        answer = desk.post(address, given)

        notice = Notice.objects.get()
        assert notice.claim == draft.claims.get()
        assert answer.url == reverse("admin:editorial_submission_change", args=[Submission.objects.latest("pk").pk])

    def test_on_the_whole_chronology_starts_from_the_list(self, published, desk):
        page = desk.get(reverse(LIST)).content.decode()
        answer = desk.post(
            reverse("admin:conflict_notice_raise"), {"kind": "needs_update", "reason": "Old.", "audience": "desk"}
        )

        assert reverse("admin:conflict_notice_raise") in page
        assert Notice.objects.get().whole_chronology
        assert answer.url == tending(Notice.objects.get())

    def test_says_what_is_missing(self, published, draft, desk):
        page = desk.post(reverse("admin:conflict_event_raise", args=[draft.pk]), {"kind": "disputed"}).content.decode()

        assert "This field is required." in page
        assert not Notice.objects.exists()


class TestWorkingOnANotice:
    def test_gives_it_a_day_and_says_that_the_change_waits(self, warning, desk):
        page = do(desk, warning, "plan", review_by="2099-01-31", why="Sources awaited.").content.decode()

        warning.refresh_from_db()
        assert str(warning.review_by) == "2099-01-31"
        assert "A change of it waits in" in page
        assert Submission.objects.latest("pk").stage == Stage.OPEN

    def test_narrows_it_to_periods(self, warning, desk):
        war = Period.objects.get(key="war")

        do(desk, warning, "narrow", periods=[war.pk], why="Only the war.")

        assert Notice.objects.get(period=war).reason == "Old sources."
        assert Submission.objects.latest("pk").entries.count() == 2

    def test_resolves_it_with_a_reason_and_not_without(self, warning, desk):
        assert "This field is required." in do(desk, warning, "resolve", resolution="").content.decode()

        do(desk, warning, "resolve", resolution="Brought up to date.")

        warning.refresh_from_db()
        assert warning.resolution == "Brought up to date."

    def test_puts_it_in_somebodys_care_and_offers_only_people_who_can(self, warning, desk, reviewer, administrator):
        page = desk.get(tending(warning))
        offered = set(page.context["forms"]["assign"].fields["to"].queryset)

        do(desk, warning, "assign", to=reviewer.pk)

        assert reviewer in offered
        assert administrator not in offered
        assert NoticeAssignment.objects.get().to == reviewer

    def test_keeps_the_input_where_the_verb_refuses(self, warning, desk):
        page = do(desk, warning, "plan", review_by="2020-01-01", why="A reason to keep").content.decode()

        assert "2020-01-01 has passed" in page
        assert "A reason to keep" in page

    def test_shows_no_field_that_would_resolve_it_unsaid(self, warning, desk):
        page = desk.get(reverse("admin:conflict_notice_change", args=[warning.pk])).content.decode()

        assert 'name="resolved_on"' not in page
        assert tending(warning) in page

    def test_is_refused_to_an_administrator(self, warning, administrator, at_desk):
        client = at_desk(administrator)

        assert client.get(tending(warning)).status_code == 403
        assert client.post(tending(warning), {"verb": "resolve", "resolve-resolution": "x"}).status_code == 403
        assert client.post(reverse("admin:conflict_notice_raise"), {"kind": "disputed"}).status_code == 403


class TestTheReviewsThatAreDue:
    @pytest.fixture
    def due(self, warning):
        Notice.objects.update(review_by=timezone.localdate() - timedelta(days=3))
        return warning

    def test_raise_themselves_on_the_front_page_and_in_the_list(self, due, desk):
        front = desk.get(reverse("admin:index"))
        listed = desk.get(reverse(LIST), {"state": "overdue", "care": "nobody"})

        assert front.context["front"].notices == [due]
        assert tending(due) in front.content.decode()
        assert listed.context["cl"].result_count == 1

    def test_are_taken_into_care_together(self, due, desk, author):
        desk.post(reverse(LIST), {"action": "take_into_care", "_selected_action": [due.pk]})

        assert NoticeAssignment.objects.get().to == author
        assert desk.get(reverse(LIST), {"care": "mine"}).context["cl"].result_count == 1

    def test_are_taken_by_nobody_who_may_not_work_on_them(self, due, administrator, at_desk):
        at_desk(administrator).post(reverse(LIST), {"action": "take_into_care", "_selected_action": [due.pk]})

        assert not NoticeAssignment.objects.exists()

    def test_are_off_the_front_page_once_they_are_put_off(self, due, desk):
        do(desk, due, "plan", review_by="2099-01-31", why="Archive closed.")

        assert desk.get(reverse("admin:index")).context["front"].notices == []

    def test_of_one_for_editors_only_needs_no_second_person(self, draft, author, desk):
        notice, _ = notices.raise_notice(
            kind=NoticeKind.TEXT_DAMAGE, on=draft, reason="Cut off.", by=author, at=MORNING, audience=Audience.DESK
        )

        do(desk, notice, "resolve", resolution="Completed.")

        notice.refresh_from_db()
        assert notice.resolution == "Completed."
        assert not Submission.objects.exists()
