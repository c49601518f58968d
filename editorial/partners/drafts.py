"""Drafts from proposals: rows of the desk, written in the name of the editor who takes the proposal up."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conflict.models import (
    Actor,
    Affiliation,
    Citation,
    Claim,
    ClaimParty,
    Entry,
    EventLocation,
    Location,
    Participation,
    Source,
)
from conflict.vocabulary import EntryKind, PartyRole
from editorial.models import Proposal
from editorial.models.partner import ProposalKind
from editorial.partners.part_serializers import Cited, ClaimSaid
from editorial.partners.serializers import ProposalSaid, faults
from editorial.workflow import submissions
from editorial.workflow.exceptions import WorkflowRefused

ROLES = {"claimant": PartyRole.CLAIMANT, "relayed_by": PartyRole.RELAY, "subject": PartyRole.SUBJECT}
Said = dict[str, Any]


def drafted(proposal: Proposal, entry: Entry) -> list[submissions.EntryChange]:
    """Write the proposal; return the entries to submit together. Raises WorkflowRefused if it no longer fits."""
    new: list[str] = []
    try:
        WRITE[ProposalKind(proposal.kind)](proposal, entry, said_in(proposal), new)
    except ValidationError as fault:
        raise WorkflowRefused(" ".join(fault.messages)) from fault
    return [
        *(submissions.EntryChange(EntryKind.SOURCE, key) for key in new),
        submissions.EntryChange(proposal.entry_kind, proposal.entry_key),
    ]


def said_in(proposal: Proposal) -> Said:
    """The part of the payload that its kind names, read anew. Raises WorkflowRefused if it no longer fits."""
    read = ProposalSaid(data=proposal.payload)
    if not read.is_valid():
        message = "; ".join(f"{path}: {said}" for path, said in faults(read.errors).items())
        raise WorkflowRefused(
            _("The proposal does not fit what is public any more: %(message)s") % {"message": message}
        )
    said: Said = read.validated_data[proposal.kind]
    return said


def _write_source(proposal: Proposal, event: Any, said: Said, new: list[str]) -> None:
    target = {"claim": _claim(event, said["claim"])} if said.get("claim") else {"event": event}
    _cite(proposal, [said["source"]], target, new)


def _write_correction(proposal: Proposal, entry: Any, said: Said, new: list[str]) -> None:
    row: Any = _claim(entry, said["claim"]) if said.get("claim") else entry
    _set(row, said["fields"])


def _write_participation(proposal: Proposal, event: Any, said: Said, new: list[str]) -> None:
    actor = Actor.objects.get(key=said["actor"])
    row = event.participations.filter(actor=actor, role=said["role"]).first()
    row = row or Participation(event=event, actor=actor, role=said["role"])
    _set(row, {name: said[name] for name in ("side", "standing", "note") if name in said})
    _cite(proposal, said["sources"], {"participation": row}, new)


def _write_place(proposal: Proposal, event: Any, said: Said, new: list[str]) -> None:
    location = Location.objects.get(key=said["location"])
    if said["is_main"]:
        _set(event, {"location": location, "location_precision": said.get("precision", "")})
    elif location != event.location:
        EventLocation.objects.get_or_create(event=event, location=location)
    _cite(proposal, said["sources"], {"event": event}, new)


def _write_affiliation(proposal: Proposal, actor: Any, said: Said, new: list[str]) -> None:
    other = Actor.objects.get(key=said["actor"])
    which = {"kind": said["kind"], "other": other, "role": said.get("role", ""), "when": said.get("when", "")}
    row = actor.affiliations.filter(**which).first() or Affiliation(actor=actor, **which)
    _set(row, {name: said[name] for name in ("standing", "note") if name in said})
    _cite(proposal, said["sources"], {"affiliation": row}, new)


def _set(row: Any, values: Said) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def _write_claim(proposal: Proposal, event: Any, said: dict[str, Any], new: list[str]) -> None:
    own = {name: value for name, value in said.items() if name not in ClaimSaid.OTHERS}
    claim = Claim(event=event, key=f"{event.key[:100].rstrip('-')}-proposed-{proposal.pk}", **own)
    claim.full_clean()
    claim.save()
    for name, role in ROLES.items():
        for position, party in enumerate(said.get(name, [])):
            actor = Actor.objects.get(key=party["actor"]) if "actor" in party else None
            ClaimParty.objects.create(
                claim=claim, role=role, actor=actor, described_as=party.get("described_as", ""), position=position
            )
    _cite(proposal, said["sources"], {"claim": claim}, new)


def _cite(proposal: Proposal, cited: list[dict[str, Any]], target: dict[str, Any], new: list[str]) -> None:
    for number, said in enumerate(cited, 1):
        own = {name: value for name, value in said.items() if name not in (*Cited.OF_CITATION, "key")}
        if "key" in said:
            source = Source.objects.get(key=said["key"])
        else:
            source = Source(key=f"proposed-{proposal.pk}-{number}", **own)
            source.full_clean()
            source.save()
            new.append(source.key)
        where = {name: said.get(name, "") for name in Cited.OF_CITATION}
        Citation.objects.create(source=source, **target, **where)


def _claim(event: Any, key: str) -> Claim:
    found: Claim | None = event.claims.filter(key=key).first()
    if found is None:
        raise WorkflowRefused(_("The claim %(key)s is no longer on the desk.") % {"key": key})
    return found


WRITE: dict[ProposalKind, Callable[[Proposal, Any, Said, list[str]], None]] = {
    ProposalKind.CLAIM: _write_claim,
    ProposalKind.SOURCE: _write_source,
    ProposalKind.CORRECTION: _write_correction,
    ProposalKind.PARTICIPATION: _write_participation,
    ProposalKind.PLACE: _write_place,
    ProposalKind.AFFILIATION: _write_affiliation,
}
