"""One person with every role tries to publish a text alone, over HTTP, in thirty ways: none succeeds, and a hurry says so.

Bob is a colleague who approves what he is asked to read and is deceived where that can be tried; he wrote none of it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conflict.documents import sha256
from conflict.models import Citation, Claim, Event, Source
from conflict.record.models import Publication
from conflict.record.review_state import EMERGENCY_MARK
from conflict.vocabulary import ChangeKind, SourceAccess
from editorial.accounts.roles import Role
from editorial.import_export import imports, proposals
from editorial.models import AuditEntry, Dispute, Partner, Proposal, RoleChange, Submission, User
from editorial.models.partner import Scope
from editorial.models.stages import Stage
from editorial.partners import keys
from editorial.workflow import emergencies, review, scheduled_publication, submissions
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, just_signed_in, person
from tests.editorial.admin.conftest import filled_in
from tests.editorial.import_export.rows import ged, written

pytestmark = pytest.mark.django_db

KEY, ALONE = "2013-01-10-konna", "ALONE"
LATER = MORNING + timedelta(hours=1)


class World:
    """A public event, eve with all four roles, and bob, who reviews."""

    def __init__(self, folder: Any) -> None:
        self.folder = folder
        self.eve, self.bob = person("eve", Role.CONTRIBUTOR), person("bob", Role.REVIEWER)
        for role in (Role.REVIEWER, Role.MANAGING_EDITOR, Role.ADMINISTRATOR):
            self.eve.groups.add(person(f"holder of {role}", role).groups.get())
        self.eve = User.objects.get(pk=self.eve.pk)
        self.chief = person("chief", Role.MANAGING_EDITOR)
        with at_the_desk_of(self.bob):
            self.event = an_event()
        first = submissions.submit(
            entries=[
                EntryChange("actor", "malian-army"),
                EntryChange("location", "konna"),
                EntryChange("period", "war"),
                EntryChange("source", "cite-1"),
                EntryChange("event", KEY),
            ],
            by=self.bob,
            at=MORNING,
            title="",
            reason="New.",
            change_kind=ChangeKind.NEW,
        )
        review.approve(submission=first, by=self.chief, at=MORNING)
        review.publish(submission=first, by=self.chief, at=MORNING)
        self.client = self.at_desk(self.eve)
        self.before = Publication.objects.count()

    def at_desk(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        just_signed_in(client, user)
        return client

    def write(self, **fields: Any) -> None:
        with at_the_desk_of(self.eve):
            Event.objects.filter(key=KEY).update(**(fields or {"title": ALONE}))

    def submit(self, by: User | None = None, *entries: EntryChange) -> Submission:
        return submissions.submit(
            entries=entries or [EntryChange("event", KEY)],
            by=by or self.eve,
            at=LATER,
            title="",
            reason="Better.",
            change_kind=ChangeKind.CORRECTION,
        )

    def do(self, submission: Submission, verb: str, by: Client | None = None, **given: Any) -> Any:
        given = {"digest": Submission.objects.get(pk=submission.pk).digest, "note": "Because.", **given}
        address = reverse("admin:editorial_submission_act", args=[submission.pk, verb])
        return (by or self.client).post(address, given)

    def push(self, submission: Submission) -> None:
        """Approve and publish by every verb that eve has."""
        self.do(submission, "claim_review")
        self.do(submission, "approve")
        self.do(submission, "schedule", publish_at="2099-01-01 09:00")
        self.do(submission, "publish")
        scheduled_publication.publish_due(at=datetime(2100, 1, 1, tzinfo=UTC))

    def save(self, address: str, **changes: Any) -> Any:
        return self.client.post(address, filled_in(self.client.get(address).content.decode(), **changes))


def own_edit(w: World) -> None:
    address = reverse("admin:conflict_event_change", args=[w.event.pk])
    w.save(address, title=ALONE)
    assert Event.objects.get(key=KEY).title == ALONE
    chosen = {"entry": [f"event:{KEY}"], "submit": "yes", "reason": "Better.", "change_kind": "correction"}
    w.client.post(reverse("admin:editorial_submission_propose"), chosen)
    w.push(Submission.objects.latest("pk"))


def publish_what_is_open(w: World) -> None:
    w.write()
    w.do(w.submit(), "publish")


def schedule_what_is_open(w: World) -> None:
    w.write()
    w.do(w.submit(), "schedule", publish_at="2031-01-01 09:00")
    scheduled_publication.publish_due(at=datetime(2099, 1, 1, tzinfo=UTC))


def proposed_by_an_innocent(w: World) -> None:
    w.write()
    w.push(w.submit(w.bob))


def edited_after_the_approval(w: World) -> None:
    w.write(summary="Fine.")
    fine = w.submit()
    w.do(fine, "approve", w.at_desk(w.bob))
    w.write()
    w.do(fine, "publish")


def submitted_again_after_the_approval(w: World) -> None:
    w.write(summary="Fine.")
    fine = w.submit()
    w.do(fine, "approve", w.at_desk(w.bob))
    w.write()
    w.do(fine, "resubmit")
    w.push(fine)


def approved_by_the_digest_of_other_texts(w: World) -> None:
    w.write(summary="Fine.")
    fine = w.submit()
    read = fine.digest
    w.write()
    w.do(fine, "resubmit")
    w.do(fine, "approve", w.at_desk(w.bob), digest=read)
    w.do(fine, "publish")


def put_into_a_colleagues_draft(w: World) -> None:
    with at_the_desk_of(w.bob):
        Event.objects.filter(key=KEY).update(summary="Half done.")
    his = w.submit(w.bob)
    w.do(his, "return_for_revision")
    w.write()
    w.do(his, "resubmit")
    w.push(his)


def by_a_colleagues_consent(w: World) -> None:
    with at_the_desk_of(w.bob):
        Event.objects.filter(key=KEY).update(summary="Half done.")
    his = w.submit(w.bob)
    w.do(his, "consent", w.at_desk(w.bob), colleague="eve")
    w.write()
    w.do(his, "resubmit")
    assert Submission.objects.get(pk=his.pk).audit_entries.filter(verb="resubmit", by=w.eve).exists()
    w.push(his)


def claim_moved_in(w: World) -> None:
    with at_the_desk_of(w.eve):
        other = an_event("2013-01-11-konna")
        Claim.objects.filter(event=other).update(statement=ALONE)
        Claim.objects.filter(event=other).update(event=w.event)
    w.push(w.submit())


def claim_moved_in_after_the_approval(w: World) -> None:
    w.write(summary="Fine.")
    fine = w.submit()
    w.do(fine, "approve", w.at_desk(w.bob))
    with at_the_desk_of(w.eve):
        Claim.objects.create(event=w.event, key="slipped", kind="statement", statement=ALONE)
    w.do(fine, "publish")


def quotation_behind_a_restricted_source(w: World) -> None:
    hidden = Source.objects.create(key="hidden", kind="book", title="Book", access=SourceAccess.RESTRICTED)
    with at_the_desk_of(w.eve):
        Citation.objects.create(event=w.event, source=hidden, quotation=ALONE)
        Event.objects.filter(key=KEY).update(summary="Fine.")
    fine = w.submit()
    w.do(fine, "approve", w.at_desk(w.bob))
    with at_the_desk_of(w.eve):
        Source.objects.filter(key="hidden").update(access=SourceAccess.PUBLIC)
    w.do(fine, "publish")
    w.do(fine, "withdraw_submission")
    w.push(w.submit(w.bob, EntryChange("source", "hidden"), EntryChange("event", KEY)))


def own_import(w: World) -> None:
    path = written(w.folder / "ged.csv", ged(where_coordinates=ALONE, side_b=ALONE))
    run = imports.new_run(holds="ucdp-ged", path=path, release="1.1", period=w.event.period, by=w.eve, at=LATER)
    imports.confirm(run=imports.preview(run, path), path=path, by=w.eve, at=LATER, accepted=[*run.questions])
    for made in proposals.propose(run=run, by=w.bob, at=LATER, reason="New.").submissions:
        w.push(made)
    w.client.post(reverse("admin:editorial_importrun_batches", args=[run.pk]), {"approve": "yes", "publish": "yes"})


def own_proposal_as_a_partner(w: World) -> None:
    partner = Partner.objects.create(organisation="Eve & co", created_at=MORNING)
    issued = keys.issue(partner=partner, scopes=[*Scope], by=w.eve, at=timezone.now())
    sent = Client().post(
        "/api/v1/proposals/",
        {
            "kind": "correction",
            "entry": {"kind": "event", "key": KEY},
            "reason": ALONE,
            "correction": {"fields": {"title": ALONE}},
        },
        content_type="application/json",
        headers={"Authorization": f"Key {issued.text}", "Idempotency-Key": "1"},
    )
    assert sent.status_code == 201, sent.content
    proposal = Proposal.objects.get()
    address = reverse("admin:editorial_proposal_take_up", args=[proposal.pk])
    page = w.client.get(reverse("admin:editorial_proposal_change", args=[proposal.pk])).content.decode()
    w.client.post(address, {**filled_in(page), "reason": "Better."})
    w.push(Submission.objects.latest("pk"))


def own_merge(w: World) -> None:
    with at_the_desk_of(w.eve):
        other = an_event("2013-01-11-konna")
    new = w.submit(w.eve, EntryChange("event", other.key))
    w.do(new, "approve", w.at_desk(w.bob))
    w.do(new, "publish")
    with at_the_desk_of(w.eve):
        Claim.objects.filter(event=other).update(statement=ALONE)
    address = reverse("admin:conflict_event_retract", args=[other.pk])
    w.client.post(address, {"reason": "Told twice.", "successor": KEY})
    w.push(Submission.objects.latest("pk"))


def reason_of_a_withdrawal(w: World) -> None:
    w.client.post(reverse("admin:conflict_event_retract", args=[w.event.pk]), {"reason": ALONE})
    w.push(Submission.objects.latest("pk"))


def own_translation(w: World) -> None:
    w.write(translations={"fr": {"title": {"text": ALONE, "of": "Konna falls"}}})
    w.push(w.submit())


def own_settlement(w: World) -> None:
    bob = w.at_desk(w.bob)
    opening = {"ground": "other", "statement": "Wrong.", "confirmed": "on", "claim_key": ""}
    bob.post(reverse("admin:conflict_event_dispute", args=[w.event.pk]), opening)
    opened = Dispute.objects.get()
    settling = {"outcome": "rejected", "public_reason": ALONE}
    w.client.post(reverse("admin:editorial_dispute_settle", args=[opened.pk]), settling)
    w.push(Submission.objects.latest("pk"))


def dispute_withdrawn_with_its_notice_edited(w: World) -> None:
    opening = {"ground": "other", "statement": ALONE, "confirmed": "on", "claim_key": ""}
    w.client.post(reverse("admin:conflict_event_dispute", args=[w.event.pk]), opening)
    opened = Dispute.objects.get()
    with at_the_desk_of(w.eve):
        opened.notice.reason = ALONE
        opened.notice.save()
    w.client.post(reverse("admin:editorial_dispute_settle", args=[opened.pk]), {"outcome": "withdrawn"})


def own_notice(w: World) -> None:
    address = reverse("admin:conflict_event_raise", args=[w.event.pk])
    w.client.post(address, {"kind": "needs_update", "reason": ALONE, "audience": "public"})
    for made in Submission.objects.filter(stage=Stage.OPEN):
        w.push(made)


def in_an_emergency_and_read_by_oneself(w: World) -> None:
    w.write()
    w.do(w.submit(), "publish_in_emergency")
    stand_by_everything(w)


def in_an_emergency_then_corrected_by_a_colleague(w: World) -> None:
    """He reads what he sees differ; the rest of it was written by her and goes on waiting for nobody but him."""
    w.write()
    w.do(w.submit(), "publish_in_emergency")
    with at_the_desk_of(w.bob):
        Event.objects.filter(key=KEY).update(summary="Fine.")
    w.push(w.submit(w.bob))


def withdrawal_in_an_emergency_read_by_oneself(w: World) -> None:
    w.client.post(reverse("admin:conflict_event_retract", args=[w.event.pk]), {"reason": ALONE})
    w.do(Submission.objects.latest("pk"), "publish_in_emergency")
    stand_by_everything(w)


def emergencies_without_end(w: World) -> None:
    for number in range(emergencies.MOST_WAITING + 3):
        w.write(title=f"{ALONE} {number}")
        made = w.submit()
        w.do(made, "publish_in_emergency")
        w.do(made, "withdraw_submission")
    assert emergencies.waiting().count() <= emergencies.MOST_WAITING


def restored_from_the_history(w: World) -> None:
    w.write()
    w.do(w.submit(), "publish_in_emergency")
    with at_the_desk_of(w.bob):
        Event.objects.filter(key=KEY).update(title="Konna falls")
    w.client.post(reverse("admin:conflict_event_discard", args=[w.event.pk]), {})
    w.write(summary="Fine.")
    w.push(w.submit(w.bob))


def in_a_bulk_action(w: World) -> None:
    w.write()
    address = reverse("admin:conflict_event_changelist")
    for action in ("submit_for_review", "approve", "publish", "delete_selected"):
        w.client.post(address, {"action": action, "_selected_action": [w.event.pk], "post": "yes", "index": 0})
    w.client.post(address, {"form-0-title": ALONE, "form-0-id": w.event.pk, "_save": "Save"})


def by_hand_in_the_forms_of_the_workflow(w: World) -> None:
    w.write()
    made = w.submit()
    for name in ("submission", "submittedentry", "review", "auditentry", "historycheckpoint"):
        for address in (f"/admin/editorial/{name}/{made.pk}/change/", f"/admin/editorial/{name}/add/"):
            w.client.post(address, {"stage": "published", "verdict": "approved", "submission": made.pk})
    assert (Submission.objects.get(pk=made.pk).stage, made.reviews.count()) == (Stage.OPEN, 0)
    assert w.client.get(reverse("admin:editorial_submission_act", args=[made.pk, "approve"])).status_code == 405


def with_a_role_for_oneself(w: World) -> None:
    w.client.post(reverse("admin:editorial_user_roles", args=[w.eve.pk]), {"role": [role.value for role in Role]})
    w.save(reverse("admin:editorial_user_change", args=[w.eve.pk]), is_superuser="on", groups=["1"])
    assert not User.objects.get(pk=w.eve.pk).is_superuser
    own_edit(w)


def as_a_second_account(w: World) -> None:
    w.client.post(reverse("admin:editorial_user_add"), {"username": "mallory"})
    mallory = User.objects.get(username="mallory")
    w.client.post(reverse("admin:editorial_user_roles", args=[mallory.pk]), {"role": ["reviewer"]})
    for change in RoleChange.objects.all():
        w.client.post(reverse("admin:editorial_rolechange_change", args=[change.pk]), {"confirm": "yes"})
    assert not mallory.groups.exists()
    w.write()
    made = w.submit()
    w.do(made, "approve", w.at_desk(mallory))
    w.do(made, "publish")


def as_a_colleague_whose_password_is_reset(w: World) -> None:
    w.client.post(reverse("admin:auth_user_password_change", args=[w.bob.pk]), {})
    bob = User.objects.get(pk=w.bob.pk)
    w.write()
    made = w.submit()
    w.do(made, "approve", w.at_desk(bob))
    w.do(made, "publish")


def as_the_only_administrator_left(w: World) -> None:
    for other in User.objects.filter(groups__name=Role.ADMINISTRATOR).exclude(pk=w.eve.pk):
        w.client.post(reverse("admin:editorial_user_change", args=[other.pk]), {"username": other.username})
    w.client.post(reverse("admin:editorial_user_add"), {"username": "mallory"})
    mallory = User.objects.get(username="mallory")
    w.client.post(reverse("admin:editorial_user_roles", args=[mallory.pk]), {"role": ["administrator", "reviewer"]})
    w.client.post(reverse("admin:editorial_user_roles", args=[mallory.pk]), {"role": ["administrator"]})
    assert not mallory.groups.exists()


def through_a_role_that_is_given_more(w: World) -> None:
    group = w.bob.groups.get()
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert w.client.post(address, {"name": "reviewer", "permissions": ["1"]}).status_code == 403


def after_the_reader_was_deactivated(w: World) -> None:
    w.write()
    made = w.submit()
    w.do(made, "approve", w.at_desk(w.bob))
    w.client.post(reverse("admin:editorial_user_change", args=[w.bob.pk]), {"username": "bob", "is_staff": "on"})
    w.do(made, "publish")


def claim_renamed_so_that_another_is_meant(w: World) -> None:
    with pytest.raises(DatabaseError, match="key"), transaction.atomic(), at_the_desk_of(w.eve):
        Claim.objects.filter(event=w.event).update(key="other")


WAYS: list[Callable[[World], None]] = [
    way for name, way in list(globals().items()) if getattr(way, "__module__", "") == __name__ and callable(way)
    and getattr(way, "__code__", None) is not None and way.__code__.co_varnames[:1] == ("w",)
]  # fmt: skip


def stand_by_everything(w: World) -> None:
    address = reverse("admin:editorial_submission_unread")
    read = [
        f"{step.entry_kind} {step.key} {digest}"
        for step in Publication.objects.all()
        for digest in (sha256(step.document or ""), step.document_sha256, step.sha256)
    ]
    w.client.post(address, {"read": read})
    for value in read:
        w.client.post(address, {"read": [value]})


def test_none_of_thirty_makes_public_what_one_person_wrote_unless_it_says_so_and_waits(tmp_path):
    w = World(tmp_path)
    succeeded = {}

    for way in WAYS:
        with transaction.atomic():
            try:
                way(w)
                succeeded[way.__name__] = list(published_alone(w))
            except Exception as fault:  # told with the others; the next way is tried all the same
                succeeded[way.__name__] = [repr(fault)]
            transaction.set_rollback(True)

    failed = {name: said for name, said in succeeded.items() if said}
    assert not failed, "\n".join(f"{name}: {said}" for name, said in failed.items())
    assert len(WAYS) >= 30


def published_alone(w: World) -> Iterator[str]:
    """Steps with a text of eve's alone that do not say so, or do not wait, and steps said to be read that nobody read."""
    bobs = AuditEntry.objects.filter(by=w.bob, verb__in=["approve", "stand_by"]).exists()
    waiting = {one.batch for one in emergencies.waiting()}
    for step in Publication.objects.filter(number__gt=w.before):
        if ALONE in (step.document or "") or ALONE in step.reason:
            if not (step.reason.endswith(EMERGENCY_MARK) and step.readers == 0 and step.batch in waiting):
                yield f"{step} was published alone"
        elif step.readers and not bobs:
            yield f"{step} says that somebody read it"
