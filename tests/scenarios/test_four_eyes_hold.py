"""Random people in random order at the desk: nothing becomes public that fewer than two people stood by."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from conflict.models import Claim
from conflict.record import verification
from conflict.record.closure import ClosureRefused
from conflict.record.models import Publication, PublishedEvent
from conflict.record.publishing import PublishingRefused
from conflict.vocabulary import ChangeKind
from editorial import publishing, workflow
from editorial.models import Submission, User
from editorial.refusals import WorkflowRefused
from editorial.roles import Role
from editorial.workflow import Proposal
from tests.desk import MORNING, an_event, at_the_desk_of, person

REFUSALS = (WorkflowRefused, PublishingRefused, ClosureRefused)
PEOPLE = st.sampled_from(["ana", "ben", "cho", "root"])  # one contributor, one reviewer, one chief, one superuser


class Desk(RuleBasedStateMachine):
    """One event on the desk; whoever writes, submits, returns, approves and publishes is drawn at random."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.people = {
            "ana": person("ana", Role.CONTRIBUTOR),
            "ben": person("ben", Role.REVIEWER),
            "cho": person("cho", Role.MANAGING_EDITOR),
            "root": User.objects.create_superuser("root", password="x"),
        }
        self.event = an_event()
        publishing.publish_baseline(at=MORNING)
        self.now = MORNING
        self.writers: set[str] = set()  # since the last publication
        self.title = self.event.title
        self.titles = 0
        self.approved: dict[str, set[str]] = {}  # who approved which title

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def moment(self):
        self.now += timedelta(minutes=1)
        return self.now

    def live(self) -> Submission | None:
        return Submission.objects.live().first()

    @rule(who=PEOPLE)
    def write(self, who: str) -> None:
        self.titles += 1
        self.title = self.event.title = f"Title {self.titles}"
        with at_the_desk_of(self.people[who]):
            self.event.save()
        self.writers.add(who)

    @rule(who=PEOPLE)
    def write_in_a_claim(self, who: str) -> None:
        self.titles += 1
        with at_the_desk_of(self.people[who]):
            Claim.objects.update(unit=f"{self.titles} bodies")
        self.writers.add(who)

    @rule(who=PEOPLE)
    def submit(self, who: str) -> None:
        with suppress(*REFUSALS):
            workflow.submit(
                entries=[Proposal("event", self.event.key)],
                by=self.people[who],
                at=self.moment(),
                title="",
                reason="Because.",
                change_kind=ChangeKind.CORRECTION,
            )

    @precondition(lambda self: self.live() is not None)
    @rule(who=PEOPLE, verb=st.sampled_from(["resubmit", "claim_review", "withdraw_submission", "publish"]))
    def act(self, who: str, verb: str) -> None:
        before = Publication.objects.count()
        try:
            getattr(workflow, verb)(submission=self.live(), by=self.people[who], at=self.moment())
        except REFUSALS:
            return
        if Publication.objects.count() > before:
            self.seen_in_public()

    @precondition(lambda self: self.live() is not None)
    @rule(who=PEOPLE)
    def return_it(self, who: str) -> None:
        with suppress(*REFUSALS):
            workflow.return_for_revision(submission=self.live(), by=self.people[who], at=self.moment(), note="Please.")

    @precondition(lambda self: self.live() is not None)
    @rule(who=PEOPLE)
    def approve(self, who: str) -> None:
        submission = self.live()
        try:
            workflow.approve(submission=submission, by=self.people[who], at=self.moment())
        except REFUSALS:
            return
        assert who not in self.writers, "somebody approved what they wrote"
        text = submission.entries.get().text
        self.approved.setdefault(text, set()).add(who)

    @rule()
    def time_passes(self) -> None:
        before = Publication.objects.count()
        workflow.publish_due(at=self.moment())
        if Publication.objects.count() > before:
            self.seen_in_public()

    @precondition(lambda self: self.live() is not None)
    @rule(who=PEOPLE)
    def schedule(self, who: str) -> None:
        at = self.moment()
        with suppress(*REFUSALS):
            workflow.schedule(submission=self.live(), by=self.people[who], at=at, publish_at=at + timedelta(seconds=30))

    def seen_in_public(self) -> None:
        """What has just become public was approved, word for word, by somebody who wrote none of it."""
        text = Publication.objects.newest_first().first().document
        assert self.approved.get(text, set()) - self.writers, "published without a second person"
        self.writers.clear()

    @invariant()
    def the_public_sees_only_what_was_published(self) -> None:
        last = Publication.objects.of("event", self.event.key).newest_first().first()
        assert f'"title":"{PublishedEvent.objects.get().label}"' in last.document

    @invariant()
    def the_log_is_sound(self) -> None:
        assert list(verification.faults_in_the_log()) == []


@pytest.mark.django_db
def test_nothing_becomes_public_that_fewer_than_two_people_stood_by():
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
