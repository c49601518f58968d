"""A later release against an event as it stands on the desk: what the release changed, and nothing else.

Three versions are compared: the row as last imported, the row of this file, and the desk.
Where the desk says something else than was imported, somebody edited it: that stays, and the
preview says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conflict.models import Event
from conflict.vocabulary import ParticipantRole, PartyRole
from editorial.import_export.drafts import ActorDraft, ClaimDraft, EventDraft, PartDraft, PlaceDraft, SourceDraft
from editorial.import_export.matching import Matching

FIGURES = ("low", "high", "qualifier", "statement", "as_worded")


@dataclass(slots=True)
class Revision:
    """What to set on one event, in the desk's terms."""

    event: Event
    fields: dict[str, Any] = field(default_factory=dict)
    place: PlaceDraft | None = None
    claims: list[ClaimDraft] = field(default_factory=list)  # to be set to this, or added
    parts_added: list[PartDraft] = field(default_factory=list)
    parts_removed: list[int] = field(default_factory=list)  # primary keys
    sources_added: list[SourceDraft] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    seen: str = ""  # the version of the event that this was computed from

    @property
    def says_something(self) -> bool:
        return bool(
            self.fields or self.place or self.claims or self.parts_added or self.parts_removed or self.sources_added
        )


def revision_of(event: Event, before: EventDraft, now: EventDraft, matching: Matching, key: str) -> Revision:
    """What the release changed between `before` and `now`, as far as the desk still says what was imported."""
    revision = Revision(event, seen=_seen(event))
    for name, old, new in _plain_fields(before, now):
        current = getattr(event, name)
        if current == old:
            revision.fields[name] = new
        elif current != new:
            revision.kept.append(_kept(name, current, new))
    _revise_place(revision, before, now, matching)
    _revise_claims(revision, before, now, matching, key)
    _revise_parts(revision, before, now, matching)
    cited = {citation.source.key for citation in event.citations.all()}
    imported = {source.key for source in before.sources}
    revision.sources_added = [
        source for source in now.sources if source.key not in cited and source.key not in imported
    ]
    return revision


def _seen(event: Event) -> str:
    """The edition of the event: its clock, and, for edits of the same moment, its words."""
    words = [event.title, event.summary, event.kind, event.when, event.as_written, event.location_precision]
    return "\x1f".join([event.modified_at.isoformat(), str(event.location_id), *words])


def _plain_fields(before: EventDraft, now: EventDraft) -> Iterator[tuple[str, Any, Any]]:
    pairs = (
        ("title", before.title, now.title),
        ("summary", before.summary, now.summary),
        ("kind", before.kind.value, now.kind.value),
        ("when", before.days.text, now.days.text),
        ("as_written", before.as_written, now.as_written),
        ("location_precision", before.place_precision.value, now.place_precision.value),
    )
    return (pair for pair in pairs if pair[1] != pair[2])


def _revise_place(revision: Revision, before: EventDraft, now: EventDraft, matching: Matching) -> None:
    old, new = matching.place_key(before.place), matching.place_key(now.place)
    current = revision.event.location.key if revision.event.location else ""
    if old == new or current == new:
        return
    if current == old:
        revision.place = now.place
    else:
        revision.kept.append(_kept("location", current, new))


def _revise_claims(revision: Revision, before: EventDraft, now: EventDraft, matching: Matching, key: str) -> None:
    on_desk = {claim.key: claim for claim in revision.event.claims.all()}
    old = {claim.name: claim for claim in before.claims}
    new = {claim.name: claim for claim in now.claims}
    for name in {**old, **new}:
        was, becomes = old.get(name), new.get(name) or _none(old[name])
        if was == becomes:
            continue
        claim = on_desk.get(f"{key}-{name}")
        if claim is None:
            if was is None:
                revision.claims.append(becomes)
            else:
                revision.kept.append(_kept(f"claim {name}", "removed", becomes.as_worded))
            continue
        subjects = [_subject(party) for party in claim.parties.all() if party.role == PartyRole.SUBJECT]
        if was is not None and (
            all(getattr(claim, column) == getattr(was, column) for column in FIGURES)
            and subjects == _subjects(was, matching)
        ):
            revision.claims.append(becomes)
        elif any(getattr(claim, column) != getattr(becomes, column) for column in FIGURES):
            revision.kept.append(_kept(f"claim {name}", claim.statement, becomes.statement))


def _none(claim: ClaimDraft) -> ClaimDraft:
    """What a breakdown says once the row gives 0: it was counted before, so none is an answer now."""
    told = claim.as_worded.rpartition(": ")[0]
    statement = claim.statement.rpartition(": ")[0]
    return ClaimDraft(claim.name, f"{statement}: 0 killed.", f"{told}: 0", 0, 0, subject=claim.subject)


def _subject(party: Any) -> str:
    return str(party.actor.key if party.actor else party.described_as)


def _subjects(claim: ClaimDraft, matching: Matching) -> list[str]:
    match claim.subject:
        case None:
            return []
        case ActorDraft():
            return [matching.actor_key(claim.subject)]
        case str():
            return [claim.subject]


def _revise_parts(revision: Revision, before: EventDraft, now: EventDraft, matching: Matching) -> None:
    on_desk = {(part.actor.key, part.role): part for part in revision.event.participations.all()}
    old, new = _by_actor(before, matching), _by_actor(now, matching)
    revision.parts_removed = [on_desk[part].pk for part in old if part not in new and part in on_desk]
    revision.parts_added = [draft for part, draft in new.items() if part not in old and part not in on_desk]


def _by_actor(draft: EventDraft, matching: Matching) -> dict[tuple[str, ParticipantRole], PartDraft]:
    return {(matching.actor_key(part.actor), part.role): part for part in draft.parts}


def _kept(name: str, current: Any, proposed: Any) -> dict[str, Any]:
    return {"kept": name, "old": str(current), "new": str(proposed)}
