"""Disputing: verbs that challenge what is public. Readers see at once that it is disputed, and on what ground.

What is said in a dispute stays on the desk. The notice that readers see while it is open says
only the ground, in a sentence of the software's own, so that nothing only one person has read
becomes public. The reason it is settled with comes from somebody else than who opened it.
"""

from datetime import datetime

import pghistory
from django.db import transaction

from conflict.documents.schema_upgrades import says
from conflict.models import ENTRIES, Claim, Notice, Source
from conflict.record import log
from conflict.record.models import PUBLISHED, Publication, PublishedClaim
from conflict.vocabulary import ChangeKind, EntryKind, NoticeKind, NoticeOrigin
from editorial.models import Comment, Deed, Dispute, Ground, Submission, User
from editorial.models.stages import DISPUTE_TRANSITIONS, DisputeStage, Stage
from editorial.workflow import permissions, publishing
from editorial.workflow.exceptions import FourEyes, NotPermitted, TransitionRefused, WorkflowRefused

SAID_IN_PUBLIC: dict[Ground, str] = {
    Ground.CONTRADICTING_SOURCE: "This is disputed: a source that contradicts it has been named.",
    Ground.MISATTRIBUTION: "This is disputed: it may be ascribed to the wrong party.",
    Ground.WRONG_FIGURE: "This is disputed: a figure may be wrong.",
    Ground.OUTDATED: "This is disputed: it may be out of date.",
    Ground.OTHER: "This is disputed.",
}
TAKEN_BACK = "The dispute was withdrawn by whoever raised it."


@transaction.atomic
def dispute(
    *,
    kind: str,
    key: str,
    by: User,
    at: datetime,
    ground: Ground,
    statement: str,
    claim_key: str = "",
    counter_source: Source | None = None,
) -> Dispute:
    """Challenge a public entry, or one claim of a public event; a dated notice is public at once."""
    if not permissions.may_dispute(by):
        raise NotPermitted(f"The account {by.get_username()} may not open a dispute.")
    if not statement.strip():
        raise WorkflowRefused("Say what is wrong, and why.")
    log.lock()  # one at a time, so that numbers of notices differ
    _refuse_what_is_not_public(kind, key, claim_key)
    if Dispute.objects.open().filter(entry_kind=kind, key=key, claim_key=claim_key, ground=ground).exists():
        raise WorkflowRefused(f"A dispute of {claim_key or key} on this ground is open already: add to its thread.")
    with pghistory.context(user=by.pk):
        notice = _notice(kind, key, claim_key, ground, at)
    opened = Dispute.objects.create(
        entry_kind=kind,
        key=key,
        claim_key=claim_key,
        ground=ground,
        statement=statement.strip(),
        counter_source=counter_source,
        opened_by=by,
        opened_at=at,
        notice=notice,
    )
    publication = publishing.publish_entry(
        entry=notice, change_kind=ChangeKind.NEW, reason="A dispute was opened.", at=at
    )
    _note("dispute", by, at, statement, opened, publication.number)
    return opened


@transaction.atomic
def settle_dispute(
    *,
    dispute: Dispute,
    by: User,
    at: datetime,
    outcome: DisputeStage,
    public_reason: str = "",
    correction: Submission | None = None,
) -> Dispute:
    """Close a dispute as upheld (with the submission that corrects the entry), rejected or withdrawn.

    Withdrawing is for whoever opened it; the other outcomes are for somebody else, with a public reason.
    """
    dispute = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if outcome not in DISPUTE_TRANSITIONS[DisputeStage(dispute.stage)]:
        raise TransitionRefused(f"The dispute is {dispute.get_stage_display()}; it cannot become {outcome.label}.")
    if outcome == DisputeStage.WITHDRAWN:
        public_reason = _withdrawal(dispute, by)
    else:
        _refuse_settling(dispute, by, outcome, public_reason, correction)
    log.lock()
    _refuse_unread_edits(dispute.notice)
    dispute.stage, dispute.settled_by, dispute.settled_at = outcome, by, at
    dispute.public_reason, dispute.correction = public_reason.strip(), correction
    dispute.save()
    with pghistory.context(user=by.pk):
        dispute.notice.resolved_on, dispute.notice.resolution = (
            at.date(),
            f"{outcome.label.capitalize()}: {dispute.public_reason}",
        )
        dispute.notice.save()
    publication = publishing.publish_entry(
        entry=dispute.notice, change_kind=ChangeKind.NEW_EVIDENCE, reason="A dispute was settled.", at=at
    )
    _note("settle_dispute", by, at, public_reason, dispute, publication.number)
    return dispute


@transaction.atomic
def reply(*, dispute: Dispute, by: User, at: datetime, text: str) -> Comment:
    """Add to the dispute's thread, on the desk only."""
    if not permissions.may_comment(by):
        raise NotPermitted(f"The account {by.get_username()} may not take part in disputes.")
    if not text.strip():
        raise WorkflowRefused("The reply is empty.")
    return Comment.objects.create(dispute=dispute, by=by, at=at, text=text.strip())


def _refuse_what_is_not_public(kind: str, key: str, claim_key: str) -> None:
    if not PUBLISHED[kind]._default_manager.filter(key=key).exists():
        raise WorkflowRefused(f"The {kind} {key} is not public; only what readers see can be disputed.")
    if claim_key and not PublishedClaim.objects.filter(key=claim_key, event=key).exists():
        raise WorkflowRefused(f"The event {key} has no public claim {claim_key}.")


def _notice(kind: str, key: str, claim_key: str, ground: Ground, at: datetime) -> Notice:
    target = Claim.objects.get(key=claim_key) if claim_key else ENTRIES[EntryKind(kind)].objects.get(key=key)
    number = Dispute.objects.count() + 1
    notice: Notice = Notice.objects.create(
        key=f"dispute-{number}-{claim_key or key}"[:120].rstrip("-"),
        kind=NoticeKind.DISPUTED,
        origin=NoticeOrigin.DESK,
        raised_on=at.date().isoformat(),
        reason=SAID_IN_PUBLIC[ground],
        **{"claim" if claim_key else kind: target},
    )
    return notice


def _refuse_unread_edits(notice: Notice) -> None:
    """Settling publishes the notice without a review: it may bring nothing into public but how it was settled."""
    here = Notice.objects.filter(pk=notice.pk)
    steps = publishing.steps_for(here, ChangeKind.NEW_EVIDENCE, "A dispute was settled.")
    public = Publication.objects.of(EntryKind.NOTICE, notice.key).newest_first().first()
    if public is None or len(steps) != 1 or not says(EntryKind.NOTICE, public.document or "", steps[0].text):
        raise WorkflowRefused(
            f"The notice {notice.key} was edited at the desk and differs from what readers see: "
            "put it back, or have the edit reviewed and published, and settle the dispute then."
        )


def _withdrawal(dispute: Dispute, by: User) -> str:
    if by.pk != dispute.opened_by_id:
        raise NotPermitted("Only whoever opened the dispute can withdraw it; you can settle it as upheld or rejected.")
    return TAKEN_BACK


def _refuse_settling(
    dispute: Dispute, by: User, outcome: DisputeStage, public_reason: str, correction: Submission | None
) -> None:
    if by.pk == dispute.opened_by_id:
        raise FourEyes("You opened this dispute: somebody else has to settle it.")
    if not permissions.may_settle(by, dispute):
        raise NotPermitted(f"The account {by.get_username()} may not settle disputes.")
    if not public_reason.strip():
        raise WorkflowRefused("Say why in public: readers have seen that it was disputed.")
    if outcome == DisputeStage.UPHELD and (correction is None or correction.stage == Stage.WITHDRAWN):
        raise WorkflowRefused("An upheld dispute names the submission that corrects the entry.")


def _note(verb: str, by: User, at: datetime, why: str, dispute: Dispute, batch: int) -> None:
    Deed.objects.create(
        verb=verb, by=by, at=at, why=why, dispute=dispute, entries=[f"{dispute.entry_kind} {dispute.key}"], batch=batch
    )
