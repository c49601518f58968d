"""The verbs of proposals: received from a partner, taken up by an editor as a draft, or declined."""

from datetime import datetime
from typing import Any

from django.db import transaction

from conflict.message import gettext as _
from conflict.models import ENTRIES, Entry, Source
from conflict.public import queries
from conflict.record.models import PUBLISHED, Action
from conflict.text import prose
from conflict.vocabulary import ChangeKind, kind_label
from editorial.models import AuditEntry, Dispute, Ground, Partner, Proposal, Submission, User
from editorial.models.partner import ProposalKind
from editorial.partners import drafts
from editorial.workflow import disputes, permissions, submissions
from editorial.workflow.exceptions import WorkflowRefused, refuse_empty


class MovedOn(WorkflowRefused):
    """The public version of the entry is no longer the one the proposer saw."""


class UsedBefore(WorkflowRefused):
    """The idempotency key belongs to another proposal."""


def replayed(*, key_id: int, idempotency_key: str, body_sha256: str) -> Proposal | None:
    """The proposal received earlier under this idempotency key, if any. Raises UsedBefore if its body was different.

    Searches all keys of the partner, since a request may be repeated after a change of keys.
    """
    same_partner = Proposal.objects.filter(key__partner__keys=key_id, idempotency_key=idempotency_key)
    found = same_partner.select_related("submission", "dispute").order_by("pk").first()
    if found and found.body_sha256 != body_sha256:
        raise UsedBefore(_("This Idempotency-Key came with another proposal. A new proposal needs a new one."))
    return found


@transaction.atomic
def receive(
    *,
    key_id: int,
    idempotency_key: str,
    body_sha256: str,
    payload: dict[str, Any],
    at: datetime,
    seen_version: int | None = None,
) -> tuple[Proposal, bool]:
    """Store a valid payload, and return whether it is new. Raises MovedOn, UsedBefore."""
    kind, key = payload["entry"]["kind"], payload["entry"]["key"]
    version = queries.rows(PUBLISHED[kind]).filter(pk=key).values_list("version", flat=True).first()
    if version is None or (seen_version is not None and version != seen_version):
        raise MovedOn(
            _("The %(kind)s %(key)s is public in version %(version)s, not %(seen_version)s: look at it again.")
            % {"kind": kind_label(kind), "key": key, "version": version, "seen_version": seen_version}
        )
    # The same request twice at once, under one key of the partner or under two: the second waits for the first.
    Partner.objects.select_for_update().get(keys=key_id)
    if first := replayed(key_id=key_id, idempotency_key=idempotency_key, body_sha256=body_sha256):
        return first, False
    return Proposal.objects.create(
        key_id=key_id,
        idempotency_key=idempotency_key,
        body_sha256=body_sha256,
        kind=payload["kind"],
        entry_kind=kind,
        entry_key=key,
        entry_version=version,
        payload=payload,
        received_at=at,
    ), True


def version_at(kind: str, key: str, number: int) -> int | None:
    """The version of the entry that was public when the log ended with this publication; None where there was none."""
    steps = queries.log().filter(entry_kind=kind, key=key, number__lte=number).order_by("-number")
    step = steps.values_list("action", "version").first()
    return step[1] if step and step[0] == Action.PUBLISH else None


@transaction.atomic
def take_up(*, proposal: Proposal, by: User, at: datetime, reason: str) -> Submission | Dispute:
    """Write the proposal to the desk as the editor's draft, and submit it for review by somebody else; open a dispute
    for an objection.

    If an earlier submission of the proposal was taken back, its drafts are still on the desk and are only submitted again.
    Raises NotPermitted or WorkflowRefused, in which case nothing is written.
    """
    permissions.require(permissions.may_settle_proposals(by), by, _("take up or decline proposals"))
    proposal = _waiting(proposal)
    entry = _locked_entry(proposal)
    if proposal.kind == ProposalKind.OBJECTION:
        return _open_dispute(proposal, by, at)
    if proposal.submission is None:
        entries = drafts.drafted(proposal, entry)
    else:
        entries = [
            submissions.EntryChange(row.entry_kind, row.key) for row in proposal.submission.entries.order_by("pk")
        ]
    submission = submissions.submit(
        entries=entries,
        by=by,
        at=at,
        title=_("Proposal %(number)s of %(partner)s") % {"number": proposal.pk, "partner": proposal.key.partner},
        reason=reason,
        change_kind=ChangeKind.CORRECTION if proposal.kind == ProposalKind.CORRECTION else ChangeKind.NEW_EVIDENCE,
    )
    proposal.submission, proposal.taken_up_at, proposal.taken_up_by = submission, at, by
    proposal.save()
    _record_audit("take_up_proposal", by, at, _("Proposal %(number)s.") % {"number": proposal.pk}, proposal)
    return submission


@transaction.atomic
def decline(*, proposal: Proposal, by: User, at: datetime, reason: str) -> Proposal:
    """Decline the proposal, with a reason for the proposer."""
    permissions.require(permissions.may_settle_proposals(by), by, _("take up or decline proposals"))
    proposal = _waiting(proposal)
    refuse_empty(reason, _("Say why: the proposer reads the reason."))
    proposal.declined_at, proposal.declined_by, proposal.decline_reason = at, by, prose(reason)
    proposal.save()
    _record_audit("decline_proposal", by, at, prose(reason), proposal)
    return proposal


# What the verbs share


def _open_dispute(proposal: Proposal, by: User, at: datetime) -> Dispute:
    said = drafts.said_in(proposal)
    opened = disputes.dispute(
        kind=proposal.entry_kind,
        key=proposal.entry_key,
        by=by,
        at=at,
        ground=Ground(said["ground"]),
        statement=said["statement"],
        claim_key=said.get("claim", ""),
        counter_source=Source.objects.filter(key=said["source"]).first() if said.get("source") else None,
    )
    proposal.dispute, proposal.taken_up_at, proposal.taken_up_by = opened, at, by
    proposal.save()
    _record_audit("take_up_proposal", by, at, f"Proposal {proposal.pk}.", proposal)
    return opened


def _locked_entry(proposal: Proposal) -> Entry:
    rows = ENTRIES[proposal.entry_kind].objects.filter(key=proposal.entry_key)
    entry: Entry | None = rows.select_for_update(of=("self",)).first()
    if entry is None:
        raise WorkflowRefused(
            _("The %(entry_kind)s %(entry_key)s is not on the desk.")
            % {"entry_kind": kind_label(proposal.entry_kind), "entry_key": proposal.entry_key}
        )
    return entry


def _waiting(proposal: Proposal) -> Proposal:
    locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not locked.is_waiting:
        raise WorkflowRefused(
            _("Proposal %(locked)s is %(status)s: it waits for nobody.")
            % {"locked": locked.pk, "status": locked.status.label}
        )
    return locked


def _record_audit(verb: str, by: User, at: datetime, why: str, proposal: Proposal) -> None:
    AuditEntry.objects.create(
        verb=verb,
        by=by,
        at=at,
        why=why,
        entries=[f"{proposal.entry_kind} {proposal.entry_key}"],
        submission=proposal.submission,
    )
