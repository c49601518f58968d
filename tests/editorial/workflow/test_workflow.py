"""The verbs of the desk, one class each."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from conflict.models import Claim, Event, Participation, Source
from conflict.record.closure import ClosureRefused
from conflict.record.models import Action, Publication, PublishedEvent, PublishedNotice, PublishedSource, Tombstone
from conflict.vocabulary import ChangeKind
from editorial.accounts.roles import Role
from editorial.models import AuditEntry, Dispute, Ground, Submission, User
from editorial.models.stages import TRANSITIONS, DisputeStage, Stage
from editorial.workflow import disputes, review, scheduled_publication, submissions
from editorial.workflow.edit_history import authors_of
from editorial.workflow.exceptions import ApprovalVoid, FourEyes, NotPermitted, TransitionRefused, WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, just_signed_in, person

NOON = MORNING + timedelta(hours=3)
EVENING = MORNING + timedelta(hours=9)


def correct(event: Event, user: User, **fields: str) -> None:
    """Change the event at this person's desk."""
    with at_the_desk_of(user):
        for name, value in fields.items():
            setattr(event, name, value)
        event.save()


def resubmitted(event: Event, user: User, reason: str = "A better title.") -> Submission:
    return submissions.submit(
        entries=[EntryChange("event", event.key)],
        by=user,
        at=NOON,
        title="",
        reason=reason,
        change_kind=ChangeKind.CORRECTION,
    )


def settle(dispute: Dispute, by: User, reader: User, chief: User, **outcome: object) -> Dispute:
    """Settled by one person, read by another, and published."""
    disputes.settle_dispute(dispute=dispute, by=by, at=EVENING, **outcome)
    settlement = Submission.objects.get(settled_dispute=dispute)
    review.approve(submission=settlement, by=reader, at=EVENING)
    review.publish(submission=settlement, by=chief, at=EVENING)
    dispute.refresh_from_db()
    return dispute


class TestSubmitting:
    def test_takes_a_snapshot_of_every_entry(self, submission):
        assert {entry.key for entry in submission.entries.all()} == {
            "2013-01-10-konna",
            "malian-army",
            "konna",
            "war",
            "cite-1",
        }
        assert all(len(entry.sha256) == 64 for entry in submission.entries.all())

    def test_makes_nothing_public(self, submission):
        assert not Publication.objects.exists()

    def test_is_refused_without_a_reason(self, draft, author):
        with pytest.raises(WorkflowRefused, match="Say why"):
            submissions.submit(
                entries=[EntryChange("event", draft.key)],
                by=author,
                at=NOON,
                title="",
                reason=" ",
                change_kind=ChangeKind.NEW,
            )

    def test_is_refused_while_the_entry_is_in_another_live_submission(self, submission, draft, author):
        with pytest.raises(WorkflowRefused, match=f"event 2013-01-10-konna in submission {submission.pk}"):
            resubmitted(draft, author)

    def test_is_refused_for_an_event_whose_claim_cites_nothing(self, draft, author):
        draft.claims.get().citations.all().delete()

        with pytest.raises(ValueError, match="The claim 2013-01-10-konna-46 cites no source"):
            resubmitted(draft, author)

    def test_is_refused_for_what_is_public_already(self, published, draft, author):
        with pytest.raises(ValueError, match="says what is public already"):
            resubmitted(draft, author)

    def test_is_refused_to_an_account_without_the_role(self, draft, administrator):
        with pytest.raises(NotPermitted, match="may not submit"):
            resubmitted(draft, administrator)


class TestApproving:
    def test_is_refused_to_the_one_who_wrote_it(self, submission, draft):
        both = person("both", Role.REVIEWER)
        correct(draft, both, title="Konna falls to the rebels")
        submissions.resubmit(submission=submission, by=submission.submitted_by, at=NOON)

        with pytest.raises(FourEyes, match="wrote part of submission"):
            review.approve(submission=submission, by=both, at=NOON)

    def test_is_refused_to_the_one_who_corrected_a_typo_in_a_claim(self, submission, draft, author, reviewer):
        with at_the_desk_of(reviewer):
            Claim.objects.get().parties.update(described_as="one witness")
        submissions.resubmit(submission=submission, by=author, at=NOON)

        with pytest.raises(FourEyes):
            review.approve(submission=submission, by=reviewer, at=NOON)

    def test_is_refused_to_a_superuser_who_wrote_it(self, draft):
        root = User.objects.create_superuser("root", password="x")
        correct(draft, root, title="Konna falls to the rebels")
        submission = submissions.submit(
            entries=[EntryChange("event", draft.key)],
            by=root,
            at=NOON,
            title="",
            reason="New.",
            change_kind=ChangeKind.NEW,
        )

        with pytest.raises(FourEyes):
            review.approve(submission=submission, by=root, at=NOON)

    def test_is_refused_when_the_draft_was_edited_since_it_was_submitted(self, submission, draft, author, reviewer):
        correct(draft, author, title="Konna falls to the rebels")

        with pytest.raises(ApprovalVoid, match="Edited since it was submitted: 2013-01-10-konna"):
            review.approve(submission=submission, by=reviewer, at=NOON)

    def test_is_refused_to_an_author(self, submission, author):
        with pytest.raises(NotPermitted, match="may not review"):
            review.approve(submission=submission, by=author, at=NOON)

    def test_is_refused_to_a_deactivated_account(self, submission, reviewer):
        User.objects.filter(pk=reviewer.pk).update(is_active=False)

        with pytest.raises(NotPermitted):
            review.approve(submission=submission, by=User.objects.get(pk=reviewer.pk), at=NOON)

    def test_by_somebody_who_wrote_only_an_earlier_version_is_fine(self, published, draft, author, reviewer):
        correct(draft, reviewer, title="Konna falls to the rebels")
        correction = resubmitted(draft, reviewer)

        chief_reviews = person("second", Role.REVIEWER)
        review.approve(submission=correction, by=chief_reviews, at=NOON)

        assert authors_of([("event", draft.key)]) == {reviewer.pk}


class TestPublishing:
    def test_makes_all_entries_public_in_one_batch(self, published):
        assert {publication.batch for publication in Publication.objects.all()} == {1}
        assert PublishedEvent.objects.get().label == "Konna falls"

    def test_is_refused_before_approval(self, submission, chief):
        with pytest.raises(TransitionRefused, match="only an approved submission can be published"):
            review.publish(submission=submission, by=chief, at=NOON)

    def test_is_refused_to_a_reviewer(self, approved, reviewer):
        with pytest.raises(NotPermitted, match="may not publish"):
            review.publish(submission=approved, by=reviewer, at=NOON)

    def test_after_an_edit_of_substance_voids_the_approval_and_publishes_nothing(self, approved, draft, author, chief):
        correct(draft, author, title="Konna falls to the rebels")

        with pytest.raises(ApprovalVoid, match="edited after its approval"):
            review.publish(submission=approved, by=chief, at=NOON)

        approved.refresh_from_db()
        assert approved.stage == Stage.OPEN
        assert not Publication.objects.exists()

    def test_after_a_new_claim_voids_the_approval(self, approved, draft, author, chief):
        with at_the_desk_of(author):
            draft.participations.all().delete()

        with pytest.raises(ApprovalVoid):
            review.publish(submission=approved, by=chief, at=NOON)

    def test_after_a_save_without_change_keeps_the_approval(self, approved, draft, author, chief):
        correct(draft, author, title=draft.title)

        assert review.publish(submission=approved, by=chief, at=NOON)

    def test_is_all_or_none_when_something_named_is_not_public(self, draft, author, reviewer, chief):
        only_event = submissions.submit(
            entries=[EntryChange("event", draft.key)],
            by=author,
            at=MORNING,
            title="",
            reason="New.",
            change_kind=ChangeKind.NEW,
        )
        review.approve(submission=only_event, by=reviewer, at=NOON)

        with pytest.raises(ClosureRefused, match="actor malian-army"):
            review.publish(submission=only_event, by=chief, at=NOON)

        assert not Publication.objects.exists()

    def test_leaves_what_stands_in_public_while_a_correction_is_written_and_reviewed(self, published, draft, author):
        correct(draft, author, title="A secret correction")
        resubmitted(draft, author)

        assert PublishedEvent.objects.get().label == "Konna falls"

    def test_records_who_when_and_why(self, published, chief):
        audit_entry = AuditEntry.objects.get(verb="publish")
        assert (audit_entry.by, audit_entry.batch) == (chief, 1)
        assert "event 2013-01-10-konna" in audit_entry.entries
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.update(why="something else")


class Stale(list[Submission]):
    """What was due when another worker looked too."""

    def oldest_first(self) -> "Stale":
        return self


def broken(*given: object) -> None:
    raise ZeroDivisionError


class TestScheduling:
    def test_publishes_at_its_time(self, approved, chief):
        scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=EVENING)

        assert scheduled_publication.publish_due(at=NOON) == []
        scheduled_publication.publish_due(at=EVENING)

        assert Publication.objects.count() == 5

    def test_checks_again_at_its_time_and_says_why_it_did_not(self, approved, draft, author, chief):
        scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=EVENING)
        correct(draft, author, title="A secret correction")

        scheduled_publication.publish_due(at=EVENING)

        approved.refresh_from_db()
        assert (approved.stage, approved.publish_at) == (Stage.OPEN, None)
        assert "edited after its approval" in approved.failure
        assert not Publication.objects.exists()

    def test_a_fault_of_the_software_is_told_and_does_not_keep_the_others_waiting(self, approved, chief, monkeypatch):
        scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=EVENING)
        monkeypatch.setattr(review, "_publish_approved", broken)

        scheduled_publication.publish_due(at=EVENING)

        approved.refresh_from_db()
        assert (approved.stage, approved.publish_at) == (Stage.APPROVED, None)
        assert "A fault of the software (ZeroDivisionError)" in approved.failure

    def test_that_somebody_else_did_meanwhile_is_no_failure(self, approved, chief, monkeypatch):
        scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=EVENING)
        stale = list(Submission.objects.due(EVENING))
        review.publish(submission=approved, by=chief, at=EVENING)
        monkeypatch.setattr(Submission.objects, "due", lambda at: Stale(stale))

        scheduled_publication.publish_due(at=EVENING)

        approved.refresh_from_db()
        assert (approved.stage, approved.failure) == (Stage.PUBLISHED, "")

    def test_is_refused_for_a_moment_that_has_passed(self, approved, chief):
        with pytest.raises(WorkflowRefused, match="has passed"):
            scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=MORNING)


class TestReturning:
    def test_lets_the_author_fix_and_submit_again(self, submission, draft, author, reviewer, chief):
        review.return_for_revision(submission=submission, by=reviewer, at=NOON, note="Which rebels?")
        correct(draft, author, title="Konna falls to Ansar Dine")
        submissions.resubmit(submission=submission, by=author, at=NOON)
        review.approve(submission=submission, by=reviewer, at=NOON)

        review.publish(submission=submission, by=chief, at=EVENING)

        assert PublishedEvent.objects.get().label == "Konna falls to Ansar Dine"

    def test_is_refused_without_saying_what_has_to_change(self, submission, reviewer):
        with pytest.raises(WorkflowRefused, match="what has to change"):
            review.return_for_revision(submission=submission, by=reviewer, at=NOON, note="")


class TestRetracting:
    def test_withdraws_once_a_second_person_approved(self, published, draft, chief, reviewer):
        retraction = submissions.retract(kind="event", key=draft.key, by=chief, at=NOON, reason="It never happened.")
        assert PublishedEvent.objects.exists()

        review.approve(submission=retraction, by=reviewer, at=NOON)
        review.publish(submission=retraction, by=chief, at=EVENING)

        assert not PublishedEvent.objects.exists()
        assert Tombstone.objects.get().reason == "It never happened."

    def test_takes_along_settled_notices_that_speak_of_it_alone(self, published, draft, author, chief, reviewer):
        claim = draft.claims.get().key
        for number, claim_key in enumerate(("", claim)):
            raised = disputes.dispute(
                kind="event",
                key=draft.key,
                claim_key=claim_key,
                by=author,
                at=EVENING,
                ground=Ground.OUTDATED,
                statement=f"Statement {number}.",
            )
            settle(raised, reviewer, chief, chief, outcome=DisputeStage.REJECTED, public_reason="It stands.")

        retraction = submissions.retract(kind="event", key=draft.key, by=chief, at=NOON, reason="It never happened.")
        review.approve(submission=retraction, by=reviewer, at=EVENING)
        review.publish(submission=retraction, by=chief, at=EVENING)

        assert sorted(Tombstone.objects.values_list("entry_kind", flat=True)) == ["event", "notice", "notice"]

    def test_leaves_an_open_notice_to_be_settled_first(self, published, draft, author, chief):
        disputes.dispute(
            kind="event", key=draft.key, by=author, at=NOON, ground=Ground.OUTDATED, statement="It is old."
        )

        retraction = submissions.retract(kind="event", key=draft.key, by=chief, at=NOON, reason="It never happened.")

        assert [entry.key for entry in retraction.entries.all()] == [draft.key]

    def test_as_a_merge_names_the_entry_that_takes_over(self, published, draft, author, chief, reviewer):
        with at_the_desk_of(author):
            other = an_event("2013-01-10-battle-of-konna")
        new = resubmitted(other, author, "New account.")
        review.approve(submission=new, by=reviewer, at=NOON)
        review.publish(submission=new, by=chief, at=NOON)

        merge = submissions.retract(
            kind="event", key=draft.key, by=chief, at=NOON, reason="Told twice.", successor=other.key
        )
        review.approve(submission=merge, by=reviewer, at=EVENING)
        review.publish(submission=merge, by=chief, at=EVENING)

        assert Tombstone.objects.get().successor == other.key
        assert Publication.objects.newest_first().first().change_kind == ChangeKind.MERGE

    def test_is_refused_to_a_contributor(self, published, draft, author):
        with pytest.raises(NotPermitted):
            submissions.retract(kind="event", key=draft.key, by=author, at=NOON, reason="It never happened.")


class TestPublishingInAnEmergency:
    def test_says_so_in_the_log(self, submission, chief):
        review.publish_in_emergency(submission=submission, by=chief, at=NOON, why="A name must go, lives are at risk.")

        assert all("in an emergency" in publication.reason for publication in Publication.objects.all())
        assert AuditEntry.objects.filter(verb="publish_in_emergency", why__contains="lives").exists()

    def test_is_refused_to_a_reviewer(self, submission, reviewer):
        with pytest.raises(NotPermitted):
            review.publish_in_emergency(submission=submission, by=reviewer, at=NOON, why="Quick.")


class TestDisputing:
    @pytest.fixture
    def disputed(self, published, draft, author) -> Dispute:
        return disputes.dispute(
            kind="event",
            key=draft.key,
            claim_key=draft.claims.get().key,
            by=author,
            at=NOON,
            ground=Ground.WRONG_FIGURE,
            statement="marker-only-the-desk-may-read",
        )

    def test_is_public_at_once_as_a_dated_notice_without_its_statement(self, disputed):
        notice = PublishedNotice.objects.get()
        assert (notice.kind, notice.target_kind) == ("disputed", "claim")
        assert "2026-03-01" in notice.body
        assert "marker" not in notice.body + PublishedEvent.objects.get().body

    def test_does_not_publish_the_draft_that_is_being_written(self, disputed, draft, author, reviewer, chief):
        correct(draft, author, title="A secret correction")

        settle(disputed, reviewer, chief, chief, outcome=DisputeStage.REJECTED, public_reason="It is confirmed.")

        assert "secret" not in PublishedEvent.objects.get().body

    def test_keeps_its_history_in_public_when_settled(self, disputed, reviewer, chief):
        settle(disputed, reviewer, chief, chief, outcome=DisputeStage.REJECTED, public_reason="The source confirms it.")

        notice = PublishedNotice.objects.get()
        assert (str(notice.resolved_on), notice.version) == ("2026-03-01", 2)
        assert "Rejected: The source confirms it." in notice.body

    def test_cannot_be_settled_by_who_opened_it(self, disputed, author):
        author.groups.add(person("other", Role.REVIEWER).groups.get())

        with pytest.raises(FourEyes):
            disputes.settle_dispute(
                dispute=disputed,
                by=User.objects.get(pk=author.pk),
                at=EVENING,
                outcome=DisputeStage.REJECTED,
                public_reason="No.",
            )

    def test_says_nothing_of_how_it_was_settled_before_a_second_person_has_read_it(self, disputed, reviewer, chief):
        disputes.settle_dispute(
            dispute=disputed, by=reviewer, at=EVENING, outcome=DisputeStage.REJECTED, public_reason="By one person."
        )

        disputed.refresh_from_db()
        assert disputed.stage == DisputeStage.OPEN
        assert "By one person" not in PublishedNotice.objects.get().body
        with pytest.raises(NotPermitted):
            review.approve(submission=disputed.settlement, by=reviewer, at=EVENING)

    def test_can_be_settled_anew_once_its_settlement_was_taken_back(self, disputed, reviewer, chief, author):
        first = disputes.settle_dispute(
            dispute=disputed, by=reviewer, at=EVENING, outcome=DisputeStage.REJECTED, public_reason="No."
        )
        with pytest.raises(TransitionRefused, match="A settlement is proposed in submission"):
            disputes.settle_dispute(dispute=disputed, by=author, at=EVENING, outcome=DisputeStage.WITHDRAWN)
        review.withdraw_submission(submission=first.settlement, by=reviewer, at=EVENING)

        settled = settle(
            disputed, reviewer, chief, chief, outcome=DisputeStage.REJECTED, public_reason="On reflection."
        )

        assert (settled.stage, settled.settled_by) == (DisputeStage.REJECTED, reviewer)

    def test_upheld_names_a_published_correction_of_the_entry(
        self, disputed, draft, author, reviewer, chief, published
    ):
        upheld = {"outcome": DisputeStage.UPHELD, "public_reason": "Right."}
        correct(draft, author, title="Konna falls, again")
        correction = resubmitted(draft, author)
        for given in (None, published, correction):  # none, one from before the dispute, one that nobody has read
            with pytest.raises(WorkflowRefused, match="names the submission that corrected"):
                disputes.settle_dispute(dispute=disputed, by=reviewer, at=EVENING, correction=given, **upheld)
        review.approve(submission=correction, by=reviewer, at=EVENING)
        review.publish(submission=correction, by=chief, at=EVENING)

        settled = settle(disputed, reviewer, chief, chief, correction=correction, **upheld)

        assert (settled.stage, settled.correction) == (DisputeStage.UPHELD, correction)

    def test_upheld_accepts_no_correction_of_another_entry(self, disputed, author, reviewer, chief):
        with at_the_desk_of(author):
            other = an_event("2013-01-11-konna")
        elsewhere = resubmitted(other, author, "New.")
        review.approve(submission=elsewhere, by=reviewer, at=EVENING)
        review.publish(submission=elsewhere, by=chief, at=EVENING)

        with pytest.raises(WorkflowRefused, match="corrected the event 2013-01-10-konna"):
            disputes.settle_dispute(
                dispute=disputed,
                by=reviewer,
                at=EVENING,
                outcome=DisputeStage.UPHELD,
                public_reason="Right.",
                correction=elsewhere,
            )

    @pytest.mark.parametrize(
        ("kind", "ground", "sentence"),
        [
            ("event", Ground.CONTRADICTING_SOURCE, "Name the source"),
            ("location", Ground.MISATTRIBUTION, "Only an event"),
            ("location", Ground.WRONG_FIGURE, "gives no figure"),
        ],
    )
    def test_needs_what_its_ground_asserts(self, published, draft, author, kind, ground, sentence):
        key = draft.key if kind == "event" else "konna"

        with pytest.raises(WorkflowRefused, match=sentence):
            disputes.dispute(kind=kind, key=key, by=author, at=NOON, ground=ground, statement="It is.")

        assert not PublishedNotice.objects.exists()

    def test_of_a_claim_that_was_removed_at_the_desk_is_refused_in_a_sentence(self, published, draft, author):
        claim = draft.claims.get()
        with at_the_desk_of(author):
            claim.delete()

        with pytest.raises(WorkflowRefused, match="was removed at the desk"):
            disputes.dispute(
                kind="event",
                key=draft.key,
                claim_key=claim.key,
                by=author,
                at=NOON,
                ground=Ground.OTHER,
                statement="Wrong.",
            )

    def test_has_a_limit_for_each_account_and_day(self, published, draft, author, reviewer):
        chances = [("event", draft.key), ("location", "konna"), ("actor", "malian-army")]
        opened = [(kind, key, ground) for kind, key in chances for ground in (Ground.OUTDATED, Ground.OTHER)]
        for kind, key, ground in opened[:-1]:
            disputes.dispute(kind=kind, key=key, by=author, at=NOON, ground=ground, statement="Wrong.")
        kind, key, ground = opened[-1]

        with pytest.raises(WorkflowRefused, match="5 disputes within a day"):
            disputes.dispute(kind=kind, key=key, by=author, at=NOON, ground=ground, statement="Wrong.")

        again = {"kind": kind, "key": key, "ground": ground, "statement": "Wrong."}
        assert disputes.dispute(by=reviewer, at=NOON, **again)

    def test_can_be_withdrawn_by_who_opened_it_alone(self, disputed, author, reviewer):
        with pytest.raises(NotPermitted):
            disputes.settle_dispute(dispute=disputed, by=reviewer, at=EVENING, outcome=DisputeStage.WITHDRAWN)

        assert (
            disputes.settle_dispute(dispute=disputed, by=author, at=EVENING, outcome=DisputeStage.WITHDRAWN).stage
            == "withdrawn"
        )

    @pytest.mark.parametrize("field", ["reason", "raised_on", "review_by", "audience"])
    def test_brings_no_edit_of_its_notice_into_public_that_nobody_reviewed(self, disputed, author, field):
        values = {"reason": "By one person alone.", "raised_on": "1999", "review_by": "2030-01-01", "audience": "desk"}
        value = values[field]
        before = PublishedNotice.objects.get().body
        with at_the_desk_of(author):
            type(disputed.notice).objects.filter(pk=disputed.notice.pk).update(**{field: value})

        with pytest.raises(WorkflowRefused, match="differs from what readers see"):
            disputes.settle_dispute(dispute=disputed, by=author, at=EVENING, outcome=DisputeStage.WITHDRAWN)

        assert PublishedNotice.objects.get().body == before

    def test_is_refused_for_what_readers_do_not_see(self, draft, author):
        with pytest.raises(WorkflowRefused, match="not public"):
            disputes.dispute(kind="event", key=draft.key, by=author, at=NOON, ground=Ground.OTHER, statement="Wrong.")


EVERY_STEP = [(start, end) for start in Stage for end in Stage if start != end]


class TestStages:
    @pytest.mark.parametrize(("start", "end"), EVERY_STEP, ids=[f"{start}-to-{end}" for start, end in EVERY_STEP])
    def test_follow_the_table_even_when_written_directly(self, submission, start, end):
        path = {Stage.OPEN: [], Stage.PUBLISHED: [Stage.APPROVED, Stage.PUBLISHED]}.get(start, [start])
        for stage in path:
            Submission.objects.filter(pk=submission.pk).update(stage=stage, batch=1)

        allowed = end in TRANSITIONS[start]
        try:
            with transaction.atomic():
                Submission.objects.filter(pk=submission.pk).update(stage=end)
            moved = True
        except DatabaseError:
            moved = False

        assert moved == allowed


class TestAuthorship:
    def test_counts_changes_of_children_and_of_their_children(self, draft, author, reviewer, chief):
        with at_the_desk_of(reviewer):
            Participation.objects.update(note="on the road")
        with at_the_desk_of(chief):
            draft.claims.get().citations.update(locator="p. 3")

        assert authors_of([("event", draft.key)]) == {author.pk, reviewer.pk, chief.pk}

    def test_counts_what_was_deleted_with_its_parent(self, published, draft, reviewer):
        with at_the_desk_of(reviewer):
            draft.claims.get().delete()

        assert reviewer.pk in authors_of([("event", draft.key)])

    def test_begins_anew_with_each_publication(self, published, draft):
        assert authors_of([("event", draft.key)]) == set()


class TestMerging:
    @pytest.fixture
    def other(self, published, author, reviewer, chief) -> Event:
        with at_the_desk_of(author):
            made = an_event("2013-01-10-battle-of-konna")
        new = resubmitted(made, author, "New account.")
        review.approve(submission=new, by=reviewer, at=NOON)
        review.publish(submission=new, by=chief, at=NOON)
        return made

    def merge(self, draft: Event, into: str, chief: User) -> Submission:
        return submissions.retract(kind="event", key=draft.key, by=chief, at=NOON, reason="Told twice.", successor=into)

    def test_carries_claims_over_to_the_entry_that_takes_over(self, draft, other, chief, reviewer):
        merge = self.merge(draft, other.key, chief)
        review.approve(submission=merge, by=reviewer, at=EVENING)
        review.publish(submission=merge, by=chief, at=EVENING)

        assert set(PublishedEvent.objects.get().claims.values_list("key", flat=True)) == {
            "2013-01-10-konna-46",
            "2013-01-10-battle-of-konna-46",
        }
        assert other.participations.count() == 1  # the same side is not named twice

    @pytest.mark.parametrize(
        ("into", "sentence"),
        [("2013-01-10-konna", "merged into itself"), ("nowhere", "is not public: choose the public event")],
    )
    def test_into_itself_or_what_is_not_public_is_refused(self, draft, other, chief, into, sentence):
        with pytest.raises(WorkflowRefused, match=sentence):
            self.merge(draft, into, chief)

    def test_carries_over_what_was_chosen_on_a_page_with_both_side_by_side(self, draft, other, chief, reviewer, client):
        client.force_login(chief)
        just_signed_in(client, chief)
        address = reverse("admin:conflict_event_retract", args=[draft.pk])
        page = client.get(address, {"into": other.pk}).content.decode()
        claim = draft.claims.get()
        assert f'name="part" value="claim {claim.pk}" checked' in page
        assert "the other has the same" in page  # the participant and the citation

        with pytest.raises(WorkflowRefused, match="No part of the event"):
            submissions.retract(
                kind="event", key=draft.key, by=chief, at=NOON, reason="?", successor=other.key, carried=["claim 0"]
            )

        client.post(address, {"successor": other.key, "reason": "Told twice.", "chosen": "yes", "part": []})

        merge = Submission.objects.latest("pk")
        assert [(entry.key, entry.action) for entry in merge.entries.all()] == [(draft.key, Action.WITHDRAW)]
        assert draft.claims.get() == claim

    def test_of_sources_takes_every_citation_over_with_the_entries_that_have_one(
        self, published, draft, chief, reviewer
    ):
        with at_the_desk_of(chief):
            better = Source.objects.create(key="report", kind="report", title="Report")
        new = submissions.submit(
            entries=[EntryChange("source", "report")],
            by=chief,
            at=NOON,
            title="",
            reason="New.",
            change_kind=ChangeKind.NEW,
        )
        review.approve(submission=new, by=reviewer, at=NOON)
        review.publish(submission=new, by=chief, at=NOON)

        merge = submissions.retract(
            kind="source", key="cite-1", by=chief, at=NOON, reason="The same.", successor="report"
        )
        review.approve(submission=merge, by=reviewer, at=EVENING)
        review.publish(submission=merge, by=chief, at=EVENING)

        assert set(draft.citations.values_list("source", flat=True)) == {better.pk}
        assert PublishedSource.objects.get().key == "report"
        assert Tombstone.objects.get().successor == "report"

    def test_into_what_is_about_to_be_withdrawn_is_refused(self, draft, other, chief):
        self.merge(draft, other.key, chief)

        with pytest.raises(WorkflowRefused):
            submissions.retract(
                kind="event", key=other.key, by=chief, at=NOON, reason="Told twice.", successor=draft.key
            )


class TestClaimsThatMove:
    def test_are_refused_in_a_sentence_unless_both_events_are_proposed(self, published, draft, author, reviewer, chief):
        with at_the_desk_of(author):
            other = an_event("2013-01-11-konna")
            draft.claims.update(event=other)

        with pytest.raises(ValueError, match="is public in the event 2013-01-10-konna, and here in 2013-01-11-konna"):
            resubmitted(other, author)

        both = submissions.submit(
            entries=[EntryChange("event", draft.key), EntryChange("event", other.key)],
            by=author,
            at=NOON,
            title="",
            reason="It belongs there.",
            change_kind=ChangeKind.CORRECTION,
        )
        review.approve(submission=both, by=reviewer, at=NOON)
        assert len(review.publish(submission=both, by=chief, at=NOON)) == 2


class TestAnEmbargo:
    def test_that_is_moved_while_others_are_published_holds(self, approved, chief, monkeypatch):
        scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=EVENING)
        stale = list(Submission.objects.due(EVENING))
        scheduled_publication.schedule(submission=approved, by=chief, at=NOON, publish_at=EVENING + timedelta(days=1))
        monkeypatch.setattr(Submission.objects, "due", lambda at: Stale(stale))

        scheduled_publication.publish_due(at=EVENING)

        approved.refresh_from_db()
        assert (approved.stage, approved.failure) == (Stage.APPROVED, "")
        assert not Publication.objects.exists()
