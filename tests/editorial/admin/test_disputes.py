"""Disputes and withdrawals through the pages of the desk."""

import pytest
from django.urls import reverse

from conflict.models import Event
from conflict.record.models import PublishedNotice, Tombstone
from editorial.models import Dispute, Submission
from editorial.models.stages import DisputeStage

pytestmark = pytest.mark.django_db


def dispute_page(event):
    return reverse("admin:conflict_event_dispute", args=[event.pk])


@pytest.fixture
def dispute(published, desk, author):
    event = Event.objects.get()
    desk.post(
        dispute_page(event),
        {
            "ground": "wrong_figure",
            "statement": "A secret statement.",
            "claim_key": f"{event.key}-46",
            "counter_source": "",
            "confirmed": "on",
        },
    )
    return Dispute.objects.get()


def settle(desk, dispute, **given):
    return desk.post(reverse("admin:editorial_dispute_settle", args=[dispute.pk]), given, follow=True)


class TestDisputing:
    def test_offers_the_claims_of_the_event(self, published, desk):
        page = desk.get(dispute_page(Event.objects.get())).content.decode()

        assert "2013-01-10-konna-46" in page
        assert "required" not in page.split("errorlist")[0].split("<form")[0]

    def test_one_claim_warns_readers_and_tells_them_nothing_else(self, dispute):
        notice = PublishedNotice.objects.get()

        assert dispute.claim_key == "2013-01-10-konna-46"
        assert "a figure may be wrong" in notice.body
        assert "secret" not in notice.body

    def test_keeps_the_statement_on_its_page(self, dispute, desk):
        page = desk.get(reverse("admin:editorial_dispute_change", args=[dispute.pk])).content.decode()

        assert "A secret statement." in page

    def test_says_what_is_missing(self, published, desk):
        page = desk.post(
            dispute_page(Event.objects.get()), {"ground": "other", "statement": "", "claim_key": ""}
        ).content.decode()

        assert "This field is required" in page
        assert not Dispute.objects.exists()

    def test_is_not_opened_before_it_was_confirmed_what_readers_will_see(self, published, desk):
        address = dispute_page(Event.objects.get())
        assert "This is disputed: it may be out of date." in desk.get(address).content.decode()

        desk.post(address, {"ground": "outdated", "statement": "It is old.", "claim_key": ""})

        assert not Dispute.objects.exists()

    def test_what_is_not_public_is_refused_in_words(self, draft, desk):
        said = {"ground": "other", "statement": "No.", "claim_key": "", "confirmed": "on"}
        page = desk.post(dispute_page(draft), said).content.decode()

        assert "only what readers see can be disputed" in page

    def test_is_refused_to_an_administrator(self, published, administrator, at_desk):
        assert at_desk(administrator).get(dispute_page(Event.objects.get())).status_code == 403


class TestTheThread:
    def test_takes_replies(self, dispute, reviewer, at_desk):
        page = at_desk(reviewer).post(
            reverse("admin:editorial_dispute_reply", args=[dispute.pk]), {"text": "Which page?"}, follow=True
        )

        assert "Which page?" in page.content.decode()

    def test_is_refused_to_an_account_without_a_role(self, dispute, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        answers = [
            at_desk(nobody).get(reverse("admin:editorial_dispute_change", args=[dispute.pk])),
            at_desk(nobody).post(reverse("admin:editorial_dispute_reply", args=[dispute.pk]), {"text": "x"}),
            settle(at_desk(nobody), dispute, outcome="rejected", public_reason="x"),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]


class TestSettling:
    def test_as_rejected_tells_readers_why_once_a_second_person_has_read_it(self, dispute, reviewer, chief, at_desk):
        page = settle(at_desk(reviewer), dispute, outcome="rejected", public_reason="The source says 46.")
        assert "once a second person has read it" in page.content.decode()
        assert "The source says 46." not in PublishedNotice.objects.get().body
        settlement = Submission.objects.get(settled_dispute=dispute)

        for verb in ("approve", "publish"):
            at_desk(chief).post(
                reverse("admin:editorial_submission_act", args=[settlement.pk, verb]), {"digest": settlement.digest}
            )

        dispute.refresh_from_db()
        assert dispute.stage == DisputeStage.REJECTED
        assert "The source says 46." in PublishedNotice.objects.get().body

    def test_one_s_own_is_refused_in_words(self, dispute, desk, author):
        answer = settle(desk, dispute, outcome="rejected", public_reason="Never mind.")

        dispute.refresh_from_db()
        assert dispute.stage == DisputeStage.OPEN
        assert answer.status_code == 200
        assert "somebody else has to settle it" in answer.content.decode()

    def test_by_withdrawing_is_for_whoever_opened_it(self, dispute, desk):
        settle(desk, dispute, outcome="withdrawn")

        dispute.refresh_from_db()
        assert dispute.stage == DisputeStage.WITHDRAWN

    @pytest.mark.parametrize(
        "given",
        [
            {"outcome": "upheld", "public_reason": "Right."},
            {"outcome": "upheld", "public_reason": "Right.", "correction": "77"},
            {"outcome": ""},
            {"outcome": "rejected"},
        ],
        ids=["no correction", "unknown correction", "no outcome", "no reason"],
    )
    def test_says_what_is_missing(self, dispute, reviewer, at_desk, given):
        page = settle(at_desk(reviewer), dispute, **given).content.decode()

        dispute.refresh_from_db()
        assert dispute.stage == DisputeStage.OPEN
        assert 'class="error"' in page


class TestWithdrawing:
    def test_is_proposed_with_a_reason_and_reviewed_like_any_change(self, published, chief, at_desk):
        event = Event.objects.get()

        at_desk(chief).post(reverse("admin:conflict_event_retract", args=[event.pk]), {"reason": "Told twice."})

        made = Submission.objects.latest("pk")
        assert (made.reason, made.entries.get().action, Tombstone.objects.count()) == ("Told twice.", "withdraw", 0)

    def test_needs_a_reason(self, published, chief, at_desk):
        page = at_desk(chief).post(
            reverse("admin:conflict_event_retract", args=[Event.objects.get().pk]), {"reason": ""}
        )

        assert "Say why" in page.content.decode()

    def test_is_refused_to_a_contributor(self, published, desk):
        assert desk.get(reverse("admin:conflict_event_retract", args=[Event.objects.get().pk])).status_code == 403
