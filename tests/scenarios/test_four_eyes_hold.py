"""Random people in random order at the desk: nothing becomes public that fewer than two people stood by."""

import inspect
import re
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from conflict.documents import sha256
from conflict.models import ENTRIES, Claim, Event, Notice, Source
from conflict.record.closure import ClosureRefused
from conflict.record.consistency import verification
from conflict.record.models import PUBLISHED, Action, Publication
from conflict.record.publisher import PublishingRefused
from conflict.record.review_state import EMERGENCY_MARK
from conflict.vocabulary import ChangeKind, NoticeKind
from editorial.accounts.roles import Role
from editorial.import_export import imports, proposals
from editorial.import_export.exceptions import ImportRefused
from editorial.models import AuditEntry, Dispute, Ground, ImportRun, Submission, User
from editorial.models.stages import DisputeStage
from editorial.workflow import (
    disputes,
    drafts,
    emergencies,
    erasures,
    notices,
    permissions,
    publisher,
    readings,
    remarks,
    review,
    scheduled_publication,
    submissions,
)
from editorial.workflow.disputes import SAID_IN_PUBLIC
from editorial.workflow.exceptions import WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, person
from tests.editorial.import_export.rows import ged, written

REFUSALS = (WorkflowRefused, PublishingRefused, ClosureRefused, ImportRefused)
PEOPLE = st.sampled_from(["ana", "ben", "cho", "root"])  # one contributor, one reviewer, one chief, one superuser
EVENTS = st.sampled_from(["2013-01-10-konna", "2013-01-11-konna", "ucdp-ged-1"])
PICK = st.integers(0, 9)  # which of those that are live
ACTS = {verb.__name__: verb for verb in (submissions.resubmit, review.claim_review, review.withdraw_submission)}
REASON = "Because the desk says so."

Subject = tuple[str, str]


class Desk(RuleBasedStateMachine):
    """Three events on the desk, one of them from a data set; who does what to which is drawn at random.

    The model keeps what the rule is about: who wrote in which entry since it was last published,
    and who approved which text. Whatever the log gains has to be explained by these two.
    """

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.folder = TemporaryDirectory()
        self.people = {
            "ana": person("ana", Role.CONTRIBUTOR),
            "ben": person("ben", Role.REVIEWER),
            "cho": person("cho", Role.MANAGING_EDITOR),
            "root": User.objects.create_superuser("root", password="x"),
        }
        self.period = an_event().period
        an_event("2013-01-11-konna")
        publisher.publish_baseline(at=MORNING)
        self.now = timezone.now() - timedelta(hours=6)  # an erasure that was asked for waits by the database's clock
        self.written = 0
        self.wrote_in: dict[Subject, list[tuple[str, str, Any]]] = defaultdict(list)  # who, field, value; unread
        self.public: dict[Subject, tuple[int, dict[str, Any]]] = {}  # how much of that is public, and what it says
        self.read: dict[Subject, dict[str, Any]] = {}  # what it said when a second person had last read it
        self.unread: dict[Subject, list[dict[str, Any]]] = defaultdict(list)  # what readers saw of it since
        self.releases: dict[str, int] = {}
        self.approved: dict[tuple[Subject, str], set[str]] = defaultdict(set)  # who approved which text of it
        self.head = Publication.objects.count()
        for key in ("2013-01-10-konna", "2013-01-11-konna"):
            self.was_published(("event", key), read=False)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.folder.cleanup()

    def moment(self):
        self.now += timedelta(minutes=1)
        return self.now

    def live(self, pick: int) -> Submission | None:
        found = list(Submission.objects.live().oldest_first())
        return found[pick % len(found)] if found else None

    def wrote(self, who: str, kind: str, key: str, field: str = "", value: Any = True) -> None:
        self.wrote_in[kind, key].append((who, field, value))

    def content(self, kind: str, key: str) -> dict[str, Any]:
        """What the desk says of the entry in the fields that are written here."""
        if kind != "event":
            return {"": True}
        claims = {f"claim {claim.key}": claim.unit for claim in Claim.objects.filter(event__key=key)}
        title = Event.objects.filter(key=key).values_list("title", flat=True).first()
        return {"title": title, "release": self.releases.get(key), "access": self.access(), **claims}

    def access(self) -> str:
        return Source.objects.get(key="cite-1").access

    def contents(self) -> dict[str, dict[str, Any]]:
        return {key: self.content("event", key) for key in Event.objects.values_list("key", flat=True)}

    def wrote_what_changed(self, who: str, before: dict[str, dict[str, Any]]) -> None:
        """Note what a verb wrote by itself."""
        for key, now in self.contents().items():
            was = before.get(key, {})
            for field in was.keys() | now.keys():
                if was.get(field) != now.get(field):
                    self.wrote(who, "event", key, field, now.get(field))

    def authors(self, subject: Subject) -> set[str]:
        """Whoever wrote what it says now and did not say when it was last read, or when it was shown since."""
        return self.differing(subject, self.wrote_in[subject], self.content(*subject))

    def differing(self, subject: Subject, written: list[tuple[str, str, Any]], now: dict[str, Any]) -> set[str]:
        if subject[0] != "event":
            return {who for who, _, _ in written}
        bases = [self.read.get(subject, {}), *self.unread[subject]]
        return {
            who
            for who, field, value in written
            if now.get(field) == value and any(base.get(field) != value for base in bases)
        }

    def was_published(self, subject: Subject, *, read: bool) -> None:
        self.public[subject] = len(self.wrote_in[subject]), self.content(*subject)
        self.unread[subject].append(self.public[subject][1])
        if read:
            self.was_read(subject)

    def was_read(self, subject: Subject) -> None:
        written, said = self.public.get(subject, (0, {}))
        del self.wrote_in[subject][:written]
        self.public[subject], self.read[subject], self.unread[subject] = (0, said), said, []

    # Writing

    @rule(who=PEOPLE, key=EVENTS)
    def write(self, who: str, key: str) -> None:
        self.written += 1
        if event := Event.objects.filter(key=key).first():
            event.title = f"Draft {self.written}"
            with at_the_desk_of(self.people[who]):
                event.save()
            self.wrote(who, "event", key, "title", event.title)

    @rule(who=PEOPLE, key=EVENTS)
    def undo_the_title(self, who: str, key: str) -> None:
        if row := PUBLISHED["event"].objects.filter(key=key).first():
            with at_the_desk_of(self.people[who]):
                Event.objects.filter(key=key).update(title=row.label)
            self.wrote(who, "event", key, "title", row.label)

    @rule(who=PEOPLE, key=EVENTS)
    def write_in_its_claims(self, who: str, key: str) -> None:
        self.written += 1
        with at_the_desk_of(self.people[who]):
            for claim in Claim.objects.filter(event__key=key):
                claim.unit = f"Draft {self.written}"
                claim.save()
                self.wrote(who, "event", key, f"claim {claim.key}", claim.unit)

    @rule(who=PEOPLE, key=EVENTS, to=EVENTS)
    def move_its_claims(self, who: str, key: str, to: str) -> None:
        target = Event.objects.filter(key=to).first()
        if target is None or key == to:
            return
        for claim in Claim.objects.filter(event__key=key):
            with at_the_desk_of(self.people[who]):
                claim.event = target
                claim.save()
            self.wrote(who, "event", key, f"claim {claim.key}", None)
            self.wrote(who, "event", to, f"claim {claim.key}", claim.unit)

    @rule(who=PEOPLE, access=st.sampled_from(["public", "restricted"]))
    def restrict_or_show_the_source(self, who: str, access: str) -> None:
        if access == self.access():
            return
        with at_the_desk_of(self.people[who]):
            Source.objects.filter(key="cite-1").update(access=access)
        self.wrote(who, "source", "cite-1")
        for key in ("2013-01-10-konna", "2013-01-11-konna"):
            self.wrote(who, "event", key, "access", access)

    @rule(who=PEOPLE, best=st.integers(1, 3))
    def import_a_release(self, who: str, best: int) -> None:
        path = written(Path(self.folder.name) / "ged.csv", ged(best=str(best)))
        run = imports.new_run(
            holds="ucdp-ged",
            path=path,
            release=f"{best}.1",
            period=self.period,
            by=self.people[who],
            at=self.moment(),
        )
        imports.preview(run, path)
        imports.confirm(run=run, path=path, by=self.people[who], at=self.moment(), accepted=[*run.questions])
        if run.new or run.changed:
            self.releases["ucdp-ged-1"] = best
            self.wrote(who, "event", "ucdp-ged-1", "release", best)
        if run.new:
            for kind in ("actor", "location", "source"):
                for entry in ENTRIES[kind].objects.exclude(key__in=PUBLISHED[kind].objects.values("key")):
                    self.wrote(who, kind, entry.key)

    @precondition(lambda self: ImportRun.objects.exists())
    @rule(who=PEOPLE)
    def propose_what_was_imported(self, who: str) -> None:
        run = ImportRun.objects.order_by("pk").last()
        with suppress(*REFUSALS):
            proposals.propose(run=run, by=self.people[who], at=self.moment(), reason=REASON)

    # Proposing

    @rule(who=PEOPLE, key=EVENTS, bring_back=st.booleans())
    def submit(self, who: str, key: str, bring_back: bool) -> None:
        with suppress(*REFUSALS):
            submissions.submit(
                entries=[EntryChange("event", key)],
                by=self.people[who],
                at=self.moment(),
                title="",
                reason=REASON,
                change_kind=ChangeKind.CORRECTION,
                bring_back=bring_back,
            )

    @rule(who=PEOPLE, pick=PICK, to=st.sampled_from(["ana", "ben", "cho", "root", ""]))
    def consent(self, who: str, pick: int, to: str) -> None:
        """It lets somebody submit again, and makes nobody less of an author."""
        if submission := self.live(pick):
            before = permissions.authors(submission)
            with suppress(*REFUSALS):
                submissions.consent(
                    submission=submission, by=self.people[who], at=self.moment(), to=self.people.get(to)
                )
            assert permissions.authors(submission) == before

    @rule(who=PEOPLE, other=PEOPLE, pick=PICK)
    def take_a_suggestion(self, who: str, other: str, pick: int) -> None:
        """The words count as those of whoever takes them."""
        self.written += 1
        submission = self.live(pick)
        entry = submission and submission.entries.filter(entry_kind="event", action=Action.PUBLISH).first()
        if entry is None:
            return
        with suppress(*REFUSALS):
            suggested = remarks.comment(
                submission=submission,
                by=self.people[who],
                at=self.moment(),
                text="",
                entry=("event", entry.key),
                place="title",
                suggestion=f"Draft {self.written}",
            )
            remarks.take_suggestion(comment=suggested, by=self.people[other], at=self.moment())
            self.wrote(other, "event", entry.key, "title", suggested.suggestion)

    @rule(who=PEOPLE, key=EVENTS)
    def discard(self, who: str, key: str) -> None:
        before = self.contents()
        with suppress(*REFUSALS, Event.DoesNotExist):
            drafts.discard_draft(kind="event", key=key, by=self.people[who], at=self.moment())
            assert self.content("event", key)["title"] == PUBLISHED["event"].objects.get(key=key).label
            self.wrote_what_changed(who, before)

    @rule(who=PEOPLE, key=EVENTS, successor=st.sampled_from(["", "2013-01-10-konna", "2013-01-11-konna"]))
    def retract_or_merge(self, who: str, key: str, successor: str) -> None:
        before = self.contents()
        with suppress(*REFUSALS):
            submissions.retract(
                kind="event", key=key, by=self.people[who], at=self.moment(), reason=REASON, successor=successor
            )
            self.wrote_what_changed(who, before)

    @rule(who=PEOPLE, other=PEOPLE, key=EVENTS)
    def erase(self, who: str, other: str, key: str) -> None:
        with suppress(*REFUSALS), transaction.atomic():
            erasure = erasures.ask(kind="event", key=key, by=self.people[who], at=self.moment(), reason=REASON)
            erasures.confirm(erasure=erasure, by=self.people[other], at=self.moment())
            assert who != other
            assert not Publication.objects.of("event", key).filter(document__isnull=False).exists()
            assert not Event.objects.filter(key=key).exists()
            for known in (self.wrote_in, self.public, self.read, self.unread):
                known.pop(("event", key), None)
            self.head += 1

    @rule(who=PEOPLE, key=EVENTS)
    def raise_a_notice(self, who: str, key: str) -> None:
        self.written += 1
        event = Event.objects.filter(key=key).first()
        with suppress(*REFUSALS):
            raised = notices.raise_notice(
                kind=NoticeKind.NEEDS_UPDATE,
                on=event,
                reason=f"Draft {self.written}",
                by=self.people[who],
                at=self.moment(),
            )
            self.wrote(who, "notice", raised.notice.key)

    @rule(who=PEOPLE)
    def resolve_a_notice(self, who: str) -> None:
        notice = Notice.objects.filter(resolved_on=None).exclude(key__startswith="dispute-").order_by("pk").first()
        if notice is not None:
            with suppress(*REFUSALS):
                notices.resolve_notice(
                    notice=notice, resolution="Draft of a resolution", by=self.people[who], at=self.moment()
                )
                self.wrote(who, "notice", notice.key)

    @rule(who=PEOPLE, pick=PICK, verb=st.sampled_from([*ACTS]))
    def act(self, who: str, pick: int, verb: str) -> None:
        if submission := self.live(pick):
            with suppress(*REFUSALS):
                ACTS[verb](submission=submission, by=self.people[who], at=self.moment())

    # Reviewing

    @rule(who=PEOPLE, pick=PICK)
    def return_it(self, who: str, pick: int) -> None:
        if submission := self.live(pick):
            with suppress(*REFUSALS):
                review.return_for_revision(submission=submission, by=self.people[who], at=self.moment(), note="Please.")

    @rule(who=PEOPLE, pick=PICK)
    def return_one_entry(self, who: str, pick: int) -> None:
        """The entry goes into a submission of its own, whose authors are those of the first."""
        submission = self.live(pick)
        entry = submission and submission.entries.order_by("-pk").first()
        if entry is not None:
            proposers = permissions.proposers_of(submission)
            with suppress(*REFUSALS):
                returned = review.return_entry(
                    submission=submission,
                    kind=entry.entry_kind,
                    key=entry.key,
                    by=self.people[who],
                    at=self.moment(),
                    note="Please.",
                )
                assert permissions.proposers_of(returned.submission) == proposers

    @rule(who=PEOPLE, pick=PICK)
    def approve(self, who: str, pick: int) -> None:
        submission = self.live(pick)
        if submission is None:
            return
        try:
            review.approve(submission=submission, by=self.people[who], at=self.moment())
        except REFUSALS:
            return
        for entry in submission.entries.all():
            subject = (entry.entry_kind, entry.key)
            if entry.action == Action.PUBLISH:
                assert who not in self.authors(subject), f"{who} approved what they wrote in {subject}"
            self.approved[subject, entry.text or f"withdrawn for {entry.successor}"].add(who)

    # Publishing

    @rule(who=PEOPLE, pick=PICK)
    def publish(self, who: str, pick: int) -> None:
        if submission := self.live(pick):
            with suppress(*REFUSALS):
                review.publish(submission=submission, by=self.people[who], at=self.moment())
        self.look_at_what_became_public()

    @rule(who=PEOPLE, pick=PICK)
    def schedule(self, who: str, pick: int) -> None:
        if submission := self.live(pick):
            at = self.moment()
            with suppress(*REFUSALS):
                scheduled_publication.schedule(
                    submission=submission, by=self.people[who], at=at, publish_at=at + timedelta(seconds=30)
                )

    @rule()
    def time_passes(self) -> None:
        scheduled_publication.publish_due(at=self.moment())
        self.look_at_what_became_public()

    @rule(who=PEOPLE, pick=PICK)
    def publish_in_emergency(self, who: str, pick: int) -> None:
        """The one way around, and a loud one."""
        submission = self.live(pick)
        if submission is None:
            return
        try:
            made = review.publish_in_emergency(
                submission=submission, by=self.people[who], at=self.moment(), why="Lives."
            )
        except REFUSALS:
            return
        assert who in ("cho", "root")
        assert all("emergency" in publication.reason for publication in made)
        assert AuditEntry.objects.filter(verb="publish_in_emergency", submission=submission, why="Lives.").exists()
        assert {publication.readers for publication in made} == {0}
        self.published(made, read=False)

    @rule(who=PEOPLE, pick=PICK)
    def stand_by(self, who: str, pick: int) -> None:
        """Somebody reads what is public and stands by it; it stays word for word what it was."""
        unread = readings.unread()
        if not unread:
            return
        one = unread[pick % len(unread)]
        if one.is_withdrawn:
            self.stand_by_a_withdrawal(who, one)
            return
        kind, key, *_ = one
        text = publisher.public_texts([(kind, key)])[kind, key]
        written, said = self.public.get((kind, key), (0, {}))
        alone = self.differing((kind, key), self.wrote_in[kind, key][:written], said)
        try:
            made = readings.stand_by(
                entries=[readings.Read(kind, key, sha256(text))], by=self.people[who], at=self.moment()
            )
        except REFUSALS:
            return
        assert who not in alone, f"{who} stood by what they wrote in {kind} {key}"
        assert [step.document for step in made] == [text]
        self.was_read((kind, key))
        self.head = Publication.objects.count()

    def stand_by_a_withdrawal(self, who: str, one: readings.Unread) -> None:
        step = Publication.objects.get(number=one.number)
        try:
            (made,) = readings.stand_by(
                entries=[readings.Read(one.kind, one.key, step.sha256)], by=self.people[who], at=self.moment()
            )
        except REFUSALS:
            return
        withdrawn = Submission.objects.get(batch=step.batch)
        assert self.people[who].pk not in permissions.proposers_of(withdrawn), f"{who} stood by their own withdrawal"
        assert (made.action, made.successor, made.document) == (Action.WITHDRAW, step.successor, None)
        self.head = Publication.objects.count()

    # Disputing

    @rule(who=PEOPLE, key=EVENTS, ground=st.sampled_from(Ground))
    def dispute(self, who: str, key: str, ground: Ground) -> None:
        with suppress(*REFUSALS):
            disputes.dispute(
                kind="event", key=key, by=self.people[who], at=self.moment(), ground=ground, statement="Draft statement"
            )
        self.only_the_dispute_became_public(said=SAID_IN_PUBLIC[ground])

    @precondition(lambda self: Dispute.objects.open().exists())
    @rule(who=PEOPLE, outcome=st.sampled_from([DisputeStage.REJECTED, DisputeStage.UPHELD, DisputeStage.WITHDRAWN]))
    def settle(self, who: str, outcome: DisputeStage) -> None:
        dispute = Dispute.objects.open().oldest_first().first()
        opened_by = dispute.opened_by.username
        try:
            disputes.settle_dispute(
                dispute=dispute,
                by=self.people[who],
                at=self.moment(),
                outcome=outcome,
                public_reason="Looked at again.",
                correction=next(iter(disputes.corrections_of(dispute)), None),
            )
        except REFUSALS:
            return
        assert (who == opened_by) == (outcome == DisputeStage.WITHDRAWN)
        self.wrote(who, "notice", dispute.notice.key)
        if outcome == DisputeStage.WITHDRAWN:
            self.only_the_dispute_became_public(said=SAID_IN_PUBLIC[Ground(dispute.ground)])

    # What has to hold

    def look_at_what_became_public(self) -> None:
        """What has just become public was approved, word for word, by somebody who wrote none of it."""
        new = list(Publication.objects.filter(number__gt=self.head).order_by("number"))
        for publication in new:
            subject = (publication.entry_kind, publication.key)
            text = publication.document or f"withdrawn for {publication.successor}"
            written = self.authors(subject) if publication.document else set()
            assert self.approved[subject, text] - written, f"{subject} without a second person"
            assert publication.readers >= 1
            assert publication.writers >= 1
        self.published(new, read=True)

    def only_the_dispute_became_public(self, said: str) -> None:
        new = list(Publication.objects.filter(number__gt=self.head))
        for publication in new:
            assert (publication.entry_kind, publication.key[:8]) == ("notice", "dispute-")
            assert said in publication.document
        self.published(new, read=False)

    def published(self, new: list[Any], *, read: bool) -> None:
        for publication in new:
            if publication.action == Action.PUBLISH:
                self.was_published((publication.entry_kind, publication.key), read=read)
        self.head = Publication.objects.count()

    @invariant()
    def the_public_sees_only_what_was_published(self) -> None:
        assert Publication.objects.count() == self.head, "something became public by a verb that publishes nothing"
        for event in PUBLISHED["event"].objects.all():
            last = Publication.objects.of("event", event.key).newest_first().first()
            assert f'"title":"{event.label}"' in last.document
            assert last.action == Action.PUBLISH

    @invariant()
    def an_emergency_waits_until_it_is_read(self) -> None:
        """Told apart from the log alone: the last step of every entry that was ever published in an emergency."""
        waiting = set(emergencies.waiting().values_list("entries__entry_kind", "entries__key"))
        for kind, key, number in Publication.objects.filter(reason__endswith=EMERGENCY_MARK).values_list(
            "entry_kind", "key", "number"
        ):
            later = Publication.objects.filter(entry_kind=kind, key=key, number__gt=number, readers__gt=0).exists()
            assert later or (kind, key) in waiting

    @invariant()
    def the_log_is_sound(self) -> None:
        assert list(verification.faults_in_the_log()) == []


SAY_SOMETHING_ON_THE_DESK = {"reply", "assign_notice", "answer_notice", "decline_suggestion", "tick"}
LIKE_RESOLVING_A_NOTICE = {"plan_notice_review", "narrow_notice"}  # they propose the notice and do no more


def verbs() -> set[str]:
    """Public functions of the workflow that take the moment at which they count as done."""
    return {
        name
        for module in (
            review,
            scheduled_publication,
            submissions,
            disputes,
            drafts,
            erasures,
            notices,
            readings,
            remarks,
        )
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and (at := inspect.signature(function).parameters.get("at"))
        and at.kind is inspect.Parameter.KEYWORD_ONLY
    }


def test_every_verb_of_the_desk_has_a_rule():
    called = Path(__file__).read_text()

    ruled = {
        verb
        for verb in verbs()
        if re.search(
            rf"\b(review|scheduled_publication|submissions|disputes|drafts|erasures|notices|readings|remarks)\.{verb}\(",
            called,
        )
    } | {*ACTS}

    assert {*ACTS} <= verbs()
    assert verbs() - ruled == SAY_SOMETHING_ON_THE_DESK | LIKE_RESOLVING_A_NOTICE


@pytest.mark.django_db
def test_nothing_becomes_public_that_fewer_than_two_people_stood_by():
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
