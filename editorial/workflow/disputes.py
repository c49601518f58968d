"""Disputes: verbs that challenge published entries. Readers see at once that an entry is disputed, and the ground.

The discussion stays on the desk. The public notice of an open dispute gives only the ground, in a
standard sentence, so that no text that only one person has read becomes public. The settlement is
proposed by somebody other than the opener, in a submission like any other; readers see it once a
second person has read it.
"""

from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.utils.translation import override

from conflict.documents.schema_upgrades import lifted
from conflict.message import gettext as _
from conflict.models import ENTRIES, Claim, Notice, Source
from conflict.record import log
from conflict.record.log import People
from conflict.record.models import PUBLISHED, Publication, PublishedClaim
from conflict.text import prose
from conflict.vocabulary import ChangeKind, ClaimKind, EntryKind, NoticeKind, NoticeOrigin, kind_label
from editorial.models import AuditEntry, Comment, Dispute, Ground, Submission, User
from editorial.models.stages import DISPUTE_TRANSITIONS, DisputeStage, Stage
from editorial.workflow import permissions, publisher
from editorial.workflow.exceptions import FourEyes, NotPermitted, TransitionRefused, WorkflowRefused, refuse_empty
from editorial.workflow.submissions import EntryChange, submit

SAID_IN_PUBLIC: dict[Ground, str] = {
    Ground.CONTRADICTING_SOURCE: "This is disputed: a source that contradicts it has been named.",
    Ground.MISATTRIBUTION: "This is disputed: it may be ascribed to the wrong party.",
    Ground.WRONG_FIGURE: "This is disputed: a figure may be wrong.",
    Ground.OUTDATED: "This is disputed: it may be out of date.",
    Ground.OTHER: "This is disputed.",
}
TAKEN_BACK = "The dispute was withdrawn by whoever raised it."
A_DAY = timedelta(days=1)
MOST_A_DAY = 5  # disputes that one account may open: each is public at once
SETTLING = frozenset({"resolved_on", "resolution"})  # what settling writes into the notice


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
    permissions.require(permissions.may_dispute(by), by, _("open a dispute"))
    refuse_empty(statement, _("Say what is wrong, and why."))
    log.lock()  # one at a time, so that numbers of notices differ
    if Dispute.objects.opened_since(by, at - A_DAY).count() >= MOST_A_DAY:
        raise WorkflowRefused(
            _("You opened %(most)s disputes within a day, and readers see each at once: wait, or add to an open one.")
            % {"most": MOST_A_DAY}
        )
    _refuse_what_is_not_public(kind, key, claim_key)
    _refuse_unfounded(ground, kind, key, claim_key, counter_source)
    if Dispute.objects.open().filter(entry_kind=kind, key=key, claim_key=claim_key, ground=ground).exists():
        raise WorkflowRefused(
            _("A dispute of %(claim_key)s on this ground is open already: add to its thread.")
            % {"claim_key": claim_key or key}
        )
    with pghistory.context(user=by.pk):
        notice = _notice(kind, key, claim_key, ground, at)
    opened = Dispute.objects.create(
        entry_kind=kind,
        key=key,
        claim_key=claim_key,
        ground=ground,
        statement=prose(statement),
        counter_source=counter_source,
        opened_by=by,
        opened_at=at,
        notice=notice,
    )
    _publish(opened, "dispute", by, at, "A dispute was opened.", statement)
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
    """Settle a dispute as rejected or as upheld, naming the published submission that corrected the entry; or withdraw it.

    Only the opener may withdraw, with immediate effect: the public sentence is a standard one. The other
    outcomes are for somebody else, who proposes them with a public reason for a second person to read.
    """
    log.lock()
    dispute = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    if outcome not in DISPUTE_TRANSITIONS[DisputeStage(dispute.stage)]:
        raise TransitionRefused(
            _("The dispute is %(stage)s; it cannot become %(outcome)s.")
            % {"stage": dispute.get_stage_display(), "outcome": outcome.label}
        )
    if dispute.settlement is not None and dispute.settlement.is_live():
        raise TransitionRefused(
            _("A settlement is proposed in submission %(settlement_id)s: have it reviewed, or taken back.")
            % {"settlement_id": dispute.settlement_id}
        )
    if outcome == DisputeStage.WITHDRAWN:
        public_reason = _withdrawal(dispute, by)
    else:
        _refuse_settling(dispute, by, outcome, public_reason, correction)
    _refuse_unread_edits(dispute.notice)
    dispute.outcome, dispute.public_reason, dispute.correction = outcome, prose(public_reason), correction
    with pghistory.context(user=by.pk):
        dispute.notice.resolved_on = at.date()
        with override("en"):  # readers see it, whatever language the editor has chosen
            dispute.notice.resolution = f"{outcome.label.capitalize()}: {dispute.public_reason}"
        dispute.notice.save()
    if outcome == DisputeStage.WITHDRAWN:
        _close(dispute, by, at)
        _publish(dispute, "settle_dispute", by, at, "A dispute was withdrawn.", public_reason)
    else:
        named = _("%(what)s: %(which)s") % {
            "what": dispute.claim_key or dispute.key,
            "which": Ground(dispute.ground).label,
        }
        dispute.settlement = submit(
            entries=[EntryChange(EntryKind.NOTICE, dispute.notice.key)],
            by=by,
            at=at,
            title=_("Settle dispute %(number)s: %(dispute)s") % {"number": dispute.pk, "dispute": named},
            reason=f"A dispute was settled. {dispute.public_reason}",
            change_kind=ChangeKind.NEW_EVIDENCE,
        )
        dispute.save()
        _record_audit("settle_dispute", by, at, public_reason, dispute, None)
    return dispute


def close_with(settlement: Submission, at: datetime) -> None:
    """Close the dispute that a published submission settles, if it settles one."""
    settled = Dispute.objects.select_for_update(of=("self",)).filter(settlement=settlement).first()
    if settled is not None and settled.stage == DisputeStage.OPEN:
        _close(settled, settlement.submitted_by, at)


@transaction.atomic
def reply(*, dispute: Dispute, by: User, at: datetime, text: str) -> Comment:
    """Add to the dispute's thread, on the desk only."""
    permissions.require(permissions.may_comment(by), by, _("take part in disputes"))
    refuse_empty(text, _("The reply is empty."))
    return Comment.objects.create(dispute=dispute, by=by, at=at, text=prose(text))


def corrections_of(dispute: Dispute) -> list[Submission]:
    """Published submissions that changed the disputed entry since the dispute was opened, the newest first."""
    opened = (
        Publication.objects.of(EntryKind.NOTICE, dispute.notice.key).in_order().values_list("number", flat=True)[:1]
    )
    found = Submission.objects.filter(
        stage=Stage.PUBLISHED,
        batch__gt=opened[0],
        entries__entry_kind=dispute.entry_kind,
        entries__key=dispute.key,
    )
    return list(found.order_by("-batch").distinct()[:20])


def _refuse_what_is_not_public(kind: str, key: str, claim_key: str) -> None:
    if not PUBLISHED[kind]._default_manager.filter(key=key).exists():
        raise WorkflowRefused(
            _("The %(kind)s %(key)s is not public; only what readers see can be disputed.")
            % {"kind": kind_label(kind), "key": key}
        )
    if claim_key and not PublishedClaim.objects.filter(key=claim_key, event=key).exists():
        raise WorkflowRefused(
            _("The event %(key)s has no public claim %(claim_key)s.") % {"key": key, "claim_key": claim_key}
        )
    if claim_key and not Claim.objects.filter(key=claim_key).exists():
        raise WorkflowRefused(
            _("The claim %(claim_key)s is public, but was removed at the desk: dispute the event %(key)s itself.")
            % {"claim_key": claim_key, "key": key}
        )


def _refuse_unfounded(ground: Ground, kind: str, key: str, claim_key: str, counter_source: Source | None) -> None:
    """Raise WorkflowRefused for a ground that cannot apply."""
    if ground == Ground.CONTRADICTING_SOURCE and counter_source is None:
        raise WorkflowRefused(_("Name the source that contradicts it: readers are told that there is one."))
    if ground == Ground.MISATTRIBUTION and kind != EntryKind.EVENT:
        raise WorkflowRefused(_("Only an event or one of its claims is ascribed to a party."))
    if ground == Ground.WRONG_FIGURE:
        disputed = {"key": claim_key} if claim_key else {"event": key}
        figures = PublishedClaim.objects.filter(kind=ClaimKind.FIGURE, **disputed)
        if kind != EntryKind.EVENT or not figures.exists():
            named = {"claim_key": claim_key or key}
            raise WorkflowRefused(_("%(claim_key)s gives no figure that could be wrong.") % named)


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
    """Refuse a settlement that would publish any change of the notice other than the settlement itself."""
    documents = [shown for _, shown in publisher.documents_of(Notice.objects.filter(pk=notice.pk))]
    public = Publication.objects.of(EntryKind.NOTICE, notice.key).newest_first().first()
    is_read = (
        public is not None
        and public.document
        and [_without_settlement(lifted(EntryKind.NOTICE, public.document))]
        == [_without_settlement(shown) for shown in documents]
    )
    if not is_read:
        raise WorkflowRefused(
            _(
                "The notice %(key)s was edited at the desk and differs from what readers see: put it back, or have the edit reviewed and published, and settle the dispute then."
            )
            % {"key": notice.key}
        )


def _without_settlement(document: dict[str, object]) -> dict[str, object]:
    return {field: value for field, value in document.items() if field not in SETTLING}


def _withdrawal(dispute: Dispute, by: User) -> str:
    if not permissions.is_opener(by, dispute):
        raise NotPermitted(
            _("Only whoever opened the dispute can withdraw it; you can settle it as upheld or rejected.")
        )
    return TAKEN_BACK


def _refuse_settling(
    dispute: Dispute, by: User, outcome: DisputeStage, public_reason: str, correction: Submission | None
) -> None:
    if permissions.is_opener(by, dispute):
        raise FourEyes(_("You opened this dispute: somebody else has to settle it."))
    permissions.require(permissions.may_settle(by, dispute), by, _("settle disputes"))
    refuse_empty(public_reason, _("Say why in public: readers have seen that it was disputed."))
    if outcome == DisputeStage.UPHELD and (correction is None or correction not in corrections_of(dispute)):
        raise WorkflowRefused(
            _(
                "An upheld dispute names the submission that corrected the %(entry_kind)s %(key)s: one that was published after the dispute was opened."
            )
            % {"entry_kind": kind_label(dispute.entry_kind), "key": dispute.key}
        )


def _close(dispute: Dispute, by: User, at: datetime) -> None:
    dispute.stage, dispute.settled_by, dispute.settled_at = DisputeStage(dispute.outcome), by, at
    dispute.save()


def _publish(dispute: Dispute, verb: str, by: User, at: datetime, reason: str, why: str) -> None:
    """Publish the notice: a standard sentence, which needs no review."""
    publication = publisher.publish_entry(
        entry=dispute.notice,
        change_kind=ChangeKind.DISPUTE,
        reason=reason,
        at=at,
        people=People(writers=1, readers=0, publishers=1),
    )
    _record_audit(verb, by, at, why, dispute, publication.number)


def _record_audit(verb: str, by: User, at: datetime, why: str, dispute: Dispute, batch: int | None) -> None:
    AuditEntry.objects.create(
        verb=verb, by=by, at=at, why=why, dispute=dispute, entries=[f"{dispute.entry_kind} {dispute.key}"], batch=batch
    )
