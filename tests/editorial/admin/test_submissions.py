"""The workflow through the pages of the desk: proposing, reading side by side, and every verb's button."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conflict.models import ENTRIES, Claim, Event, Location
from conflict.record.models import PublishedEvent
from conflict.vocabulary import ChangeKind
from editorial.admin.submission_actions import ACTS
from editorial.models import Submission
from editorial.models.stages import Stage
from editorial.workflow import permissions, review, submissions
from tests.desk import MORNING, an_event, at_the_desk_of

pytestmark = pytest.mark.django_db
PROPOSE = "admin:editorial_submission_propose"


def page_of(submission):
    return reverse("admin:editorial_submission_change", args=[submission.pk])


def do(desk, submission, verb, **given):
    given.setdefault("digest", submission.digest)
    return desk.post(reverse("admin:editorial_submission_act", args=[submission.pk, verb]), given, follow=True)


def everything():
    return [f"{kind}:{entry.key}" for kind, model in ENTRIES.items() for entry in model.objects.all()]


class TestProposing:
    def test_shows_what_would_become_public_and_what_has_to_come_along(self, draft, desk):
        page = desk.post(reverse(PROPOSE), {"entry": f"event:{draft.key}"}).content.decode()

        assert "Konna falls" in page
        assert 'value="actor:malian-army"' in page
        assert 'value="source:cite-1"' in page

    def test_brings_along_what_is_named_at_any_remove(self, draft, desk):
        circle = Location.objects.create(key="mopti-cercle", name="Mopti", kind="cercle")
        Location.objects.create(key="mali", name="Mali", kind="country")
        Location.objects.filter(pk=circle.pk).update(parent=Location.objects.get(key="mali"))
        Location.objects.filter(key="konna").update(parent=circle)

        page = desk.post(reverse(PROPOSE), {"entry": f"event:{draft.key}"}).content.decode()

        assert 'value="location:mopti-cercle" checked' in page
        assert 'value="location:mali" checked' in page

    def test_says_what_is_on_its_way_already(self, submission, desk):
        other = an_event("2014-01-01-more")

        page = desk.post(reverse(PROPOSE), {"entry": f"event:{other.key}"}).content.decode()

        assert "proposed already, so it has to be published first" in page
        assert 'value="actor:malian-army"' not in page

    def test_submits_nothing_that_was_written_after_the_page_was_made(self, draft, desk, reviewer):
        given = {"entry": everything(), "title": "", "reason": "First account.", "change_kind": "new"}
        shown = desk.post(reverse(PROPOSE), given).context["entries"]
        with at_the_desk_of(reviewer):
            Event.objects.update(title="Slipped in")

        texts = [f"{entry['kind']}:{entry['key']} {entry['shown']}" for entry in shown]
        page = desk.post(reverse(PROPOSE), {**given, "submit": "yes", "shown": texts}).content.decode()

        assert "Edited after this page was made: 2013-01-10-konna" in page
        assert "Slipped in" in page
        assert not Submission.objects.exists()

    def test_says_what_is_not_ready(self, draft, desk):
        Claim.objects.get().citations.all().delete()

        page = desk.post(reverse(PROPOSE), {"entry": f"event:{draft.key}"}).content.decode()

        assert "cites no source" in page

    def test_makes_a_submission(self, draft, author, desk):
        given = {
            "submit": "yes",
            "entry": everything(),
            "title": "Konna",
            "reason": "First account.",
            "change_kind": "new",
        }

        answer = desk.post(reverse(PROPOSE), given)

        made = Submission.objects.get()
        assert answer.url == page_of(made)
        assert (made.submitted_by, made.stage, made.entries.count()) == (author, Stage.OPEN, 5)

    def test_keeps_the_input_where_it_is_refused(self, draft, desk):
        given = {"submit": "yes", "entry": everything(), "title": "A title to keep", "reason": "", "change_kind": "new"}

        page = desk.post(reverse(PROPOSE), given).content.decode()

        assert "the reason is published with the change" in page
        assert "A title to keep" in page
        assert not Submission.objects.exists()

    def test_several_entries_starts_from_their_list(self, draft, desk):
        page = desk.post(
            reverse("admin:conflict_event_changelist"), {"action": "submit_for_review", "_selected_action": [draft.pk]}
        ).content.decode()

        assert f'value="event:{draft.key}" checked' in page

    def test_is_refused_to_an_administrator(self, draft, administrator, at_desk):
        answer = at_desk(administrator).post(reverse(PROPOSE), {"entry": f"event:{draft.key}"})

        assert answer.status_code == 403

    def test_takes_nothing_by_a_mere_link(self, draft, desk):
        link = {"entry": f"event:{draft.key}", "submit": "yes", "reason": "Because.", "change_kind": "new"}

        assert desk.get(reverse(PROPOSE), link).status_code == 200
        assert desk.get(reverse(PROPOSE), {"entry": "event:\0"}).status_code == 200
        assert not Submission.objects.exists()


class TestThePageOfASubmission:
    def test_sets_the_published_beside_the_proposed(self, published, draft, author, desk):
        with at_the_desk_of(author):
            Claim.objects.update(low=48, high=48)
        desk.post(
            reverse(PROPOSE),
            {"submit": "yes", "entry": [f"event:{draft.key}"], "reason": "Recounted.", "change_kind": "correction"},
        )

        page = desk.get(page_of(Submission.objects.latest("pk"))).content.decode()

        assert "<del>46</del>" in page
        assert "<ins>48</ins>" in page

    def test_warns_where_the_desk_has_moved_on(self, submission, author, desk):
        with at_the_desk_of(author):
            Event.objects.update(title="Something else")

        page = desk.get(page_of(submission)).content.decode()

        assert "The desk says something else by now" in page
        assert "<del>Konna falls</del>" in page
        assert "<ins>Something else</ins>" in page

    def test_tells_a_reviewer_who_wrote_part_of_it_why_there_is_no_button(self, submission, reviewer, at_desk):
        with at_the_desk_of(reviewer):
            Event.objects.update(summary="A comma.")

        page = at_desk(reviewer).get(page_of(submission)).content.decode()

        assert "somebody else has to approve it" in page
        assert reverse("admin:editorial_submission_act", args=[submission.pk, "approve"]) not in page

    def test_offers_each_person_the_verbs_they_may_call(
        self, submission, author, reviewer, chief, administrator, at_desk
    ):
        offered = {
            user.username: {
                verb
                for verb in ACTS
                if reverse("admin:editorial_submission_act", args=[submission.pk, verb])
                in at_desk(user).get(page_of(submission)).content.decode()
            }
            for user in (author, reviewer, chief, administrator)
        }

        assert offered == {
            "author": {"resubmit", "consent", "withdraw_submission", "comment"},
            "reviewer": {"claim_review", "approve", "return_for_revision", "comment", "tick", "return_entry"},
            "chief": {
                "claim_review",
                "approve",
                "return_for_revision",
                "withdraw_submission",
                "publish_in_emergency",
                "comment",
                "tick",
                "return_entry",
            },
            "administrator": {"comment"},
        }

    def test_is_refused_to_an_account_without_a_role(self, submission, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        assert at_desk(nobody).get(page_of(submission)).status_code == 403
        assert do(at_desk(nobody), submission, "comment", note="Me too").status_code == 403


class TestTheVerbsOfTheDesk:
    def test_take_a_submission_from_review_to_the_public(self, submission, reviewer, chief, at_desk):
        do(at_desk(reviewer), submission, "claim_review")
        do(at_desk(reviewer), submission, "comment", note="The second figure?")
        do(at_desk(reviewer), submission, "approve", note="Read against the source.")
        page = do(at_desk(chief), submission, "publish").content.decode()

        submission.refresh_from_db()
        assert submission.stage == Stage.PUBLISHED
        assert PublishedEvent.objects.count() == 1
        assert "Read against the source." in page
        assert "The second figure?" in page

    def test_return_it_with_what_has_to_change(self, submission, reviewer, at_desk):
        page = do(at_desk(reviewer), submission, "return_for_revision", note="Name the witness.").content.decode()

        submission.refresh_from_db()
        assert submission.stage == Stage.RETURNED
        assert "Name the witness." in page

    def test_schedule_it(self, approved, chief, at_desk):
        do(at_desk(chief), approved, "schedule", publish_at="2099-01-01T09:00")

        approved.refresh_from_db()
        assert approved.publish_at.isoformat() == "2099-01-01T09:00:00+00:00"

    @pytest.mark.parametrize("moment", ["", "soon", "2001-01-01T09:00"])
    def test_say_what_is_wrong_with_a_moment(self, approved, chief, at_desk, moment):
        page = do(at_desk(chief), approved, "schedule", publish_at=moment).content.decode()

        approved.refresh_from_db()
        assert approved.publish_at is None
        assert "errorlist" in page or 'class="error"' in page

    def test_do_not_approve_other_texts_than_were_read(self, submission, author, reviewer, at_desk, desk):
        read = submission.digest
        with at_the_desk_of(author):
            Event.objects.update(title="Slipped in")
        do(desk, submission, "resubmit")

        page = do(at_desk(reviewer), submission, "approve", digest=read).content.decode()

        submission.refresh_from_db()
        assert submission.stage == Stage.OPEN
        assert "was submitted again after you opened its page" in page
        assert "<ins>Slipped in</ins>" in page

    def test_refuse_the_author_an_approval_whatever_button_was_forged(self, submission, chief, at_desk):
        Submission.objects.filter(pk=submission.pk).update(submitted_by=chief)

        page = do(at_desk(chief), submission, "approve").content.decode()

        submission.refresh_from_db()
        assert submission.stage == Stage.OPEN
        assert "somebody else has to approve it" in page

    def test_say_that_a_settled_submission_is_settled(self, published, reviewer, at_desk):
        page = do(at_desk(reviewer), published, "approve").content.decode()

        assert "Submission" in page
        assert 'class="error"' in page

    def test_need_a_post(self, submission, reviewer, at_desk):
        assert (
            at_desk(reviewer)
            .get(reverse("admin:editorial_submission_act", args=[submission.pk, "approve"]))
            .status_code
            == 405
        )

    def test_are_those_in_the_table_and_no_others(self, submission, reviewer, at_desk):
        assert do(at_desk(reviewer), submission, "delete").status_code == 404

    @pytest.mark.parametrize(
        ("verb", "who", "answer"),
        [
            ("approve", "author", 403), ("publish", "author", 403), ("publish", "reviewer", 403), ("publish_in_emergency", "reviewer", 403),
            ("approve", "administrator", 403), ("withdraw_submission", "reviewer", 403), ("return_for_revision", "author", 403), ("claim_review", "author", 403),
        ],
    )  # fmt: skip
    def test_are_refused_to_those_who_may_not(self, request, submission, at_desk, verb, who, answer):
        assert do(at_desk(request.getfixturevalue(who)), submission, verb, note="x").status_code == answer


def queries_of(desk, address, data=None):
    with CaptureQueriesContext(connection) as asked:
        desk.get(address) if data is None else desk.post(address, data)
    return len(asked)


class TestASubmissionOfAnImport:
    """Thousands of entries: as many queries for each page as a submission of a few has."""

    @pytest.fixture
    def many(self, published, author):
        """Forty events, more than one page of them, and one event alone."""

        def submitted(number, year):
            keys = [f"{year}-01-{n + 1:02}-more" for n in range(number)]
            with at_the_desk_of(author):
                for key in keys:
                    an_event(key)
            return submissions.submit(
                entries=[submissions.EntryChange("event", key) for key in keys],
                by=author, at=MORNING, title=f"{number} events", reason="Import.", change_kind=ChangeKind.NEW,
            )  # fmt: skip

        return submitted(40, 2014), submitted(1, 2015)

    def test_opens_in_pages(self, many, reviewer, at_desk):
        desk, (forty, one) = at_desk(reviewer), many
        desk.get(page_of(one))

        first, last = (desk.get(page_of(forty), {"page": number}) for number in (1, 2))
        fewer = queries_of(desk, page_of(one))

        assert (len(first.context["entries"]), len(last.context["entries"])) == (25, 15)
        assert queries_of(desk, page_of(forty)) == fewer < 90

    @pytest.mark.parametrize(("verb", "who"), [("approve", "reviewer"), ("publish", "chief"), ("resubmit", "author")])
    def test_is_moved_by_as_many_queries_as_a_small_one(self, request, many, reviewer, at_desk, verb, who):
        desk = at_desk(request.getfixturevalue(who))
        if verb == "publish":
            for submission in many:
                review.approve(submission=submission, by=reviewer, at=MORNING)
        desk.get(page_of(many[0]))

        asked = {
            submission.entries.count(): queries_of(
                desk,
                reverse("admin:editorial_submission_act", args=[submission.pk, verb]),
                {"digest": submission.digest},
            )
            for submission in reversed(many)
        }

        assert {submission.stage for submission in Submission.objects.filter(pk__in=[each.pk for each in many])} == {
            {"approve": Stage.APPROVED, "publish": Stage.PUBLISHED, "resubmit": Stage.OPEN}[verb]
        }
        assert asked[40] - asked[1] <= 3

    def test_is_narrowed_to_one_kind(self, submission, reviewer, at_desk):
        page = at_desk(reviewer).get(page_of(submission), {"kind": "event"})

        assert [shown.entry.entry_kind for shown in page.context["entries"]] == ["event"]
        assert [(part.kind, part.number, part.new) for part in page.context["contents"]] == [
            (kind, 1, 1) for kind in ("actor", "location", "source", "period", "event")
        ]

    def test_has_one_writer_though_only_one_of_forty_events_was_touched(self, many, reviewer, at_desk):
        with at_the_desk_of(reviewer):
            Claim.objects.filter(event__key="2014-01-33-more").update(unit="people")

        assert reviewer.pk in permissions.authors(many[0])
        assert reviewer.pk not in permissions.authors(many[1])


class TestTheListOfSubmissions:
    @pytest.mark.parametrize(
        ("waiting", "who", "found"),
        [("review", "reviewer", 1), ("review", "author", 0), ("me", "author", 0), ("publication", "chief", 0)],
    )
    def test_can_be_narrowed_to_what_waits_for_somebody(self, request, submission, at_desk, waiting, who, found):
        page = at_desk(request.getfixturevalue(who)).get(
            reverse("admin:editorial_submission_changelist"), {"waiting": waiting}
        )

        assert page.context["cl"].result_count == found


class TestComparing:
    def test_sets_the_draft_beside_the_last_version(self, published, author, desk):
        with at_the_desk_of(author):
            Event.objects.update(title="Konna is taken")

        page = desk.get(reverse("admin:conflict_event_compare", args=[Event.objects.get().pk])).content.decode()

        assert "Konna <del>falls</del>" in page
        assert "Konna <ins>is taken</ins>" in page

    @pytest.mark.parametrize("wanted", ["7", "next", "-1", "9999999999", "²"])
    def test_a_version_that_never_was_is_not_found(self, published, desk, wanted):
        answer = desk.get(reverse("admin:conflict_event_compare", args=[Event.objects.get().pk]), {"to": wanted})

        assert answer.status_code == 404

    def test_is_refused_to_an_account_without_a_role(self, draft, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        assert at_desk(nobody).get(reverse("admin:conflict_event_compare", args=[draft.pk])).status_code == 403


class TestTheJournal:
    def test_keeps_a_note_on_an_entry(self, draft, desk):
        address = reverse("admin:conflict_event_journal", args=[draft.pk])

        page = desk.post(address, {"text": "Asked the source again."}, follow=True).content.decode()

        assert "Asked the source again." in page

    def test_takes_no_empty_note(self, draft, desk):
        page = desk.post(
            reverse("admin:conflict_event_journal", args=[draft.pk]), {"text": " "}, follow=True
        ).content.decode()

        assert "The note is empty." in page

    def test_is_refused_to_an_administrator(self, draft, administrator, at_desk):
        assert at_desk(administrator).get(reverse("admin:conflict_event_journal", args=[draft.pk])).status_code == 403
