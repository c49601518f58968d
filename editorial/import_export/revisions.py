"""Revision of an event by a later release: only what the release changed is applied.

Three versions are compared: the row as last imported, the row of this file, and the desk.
Where the desk differs from what was imported, somebody edited it: the edit stays, and the
preview asks until an editor decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conflict.message import gettext as _
from conflict.message import stored
from conflict.models import Claim, Event, Participation
from conflict.vocabulary import ParticipantRole, PartyRole, Rank, Side, Standing
from editorial.import_export.drafts import (
    ActorDraft,
    ClaimDraft,
    EventDraft,
    PartDraft,
    PlaceDraft,
    SourceDraft,
    digest,
)
from editorial.import_export.matcher import Matcher
from editorial.models import ChoiceKind, Verdict

FIGURES = ("low", "best", "high", "qualifier", "statement", "as_worded")
APART_BEFORE = ("low", "best", "high")  # estimates that were three claims once, and are one account
REPLACED = "Low, best and high estimate are one account: it is told as one claim."


@dataclass(slots=True)
class Revision:
    """Changes to make to one event, in the desk's terms."""

    event: Event
    matcher: Matcher
    external_id: str
    fields: dict[str, Any] = field(default_factory=dict)
    place: PlaceDraft | None = None
    moved: PlaceDraft | None = None  # its place, to be moved below this one's parent
    claims: list[ClaimDraft] = field(default_factory=list)  # to be set to this, or added
    deprecated: list[Claim] = field(default_factory=list)
    parts_added: list[PartDraft] = field(default_factory=list)
    parts_removed: list[int] = field(default_factory=list)  # primary keys
    sides: dict[int, str] = field(default_factory=dict)  # of parts, by primary key, where they change
    sources_added: list[SourceDraft] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    seen: str = ""  # the version of the event that this was computed from

    @property
    def says_something(self) -> bool:
        return bool(
            self.fields
            or self.place
            or self.moved
            or self.claims
            or self.parts_added
            or self.parts_removed
            or self.sides
            or self.sources_added
        )

    def takes(self, name: str, current: Any, proposed: Any, *, kind: str = ChoiceKind.KEPT, name_key: str = "") -> bool:
        """True if an editor chose the file's value over the desk's; if nobody has chosen yet, note the question."""
        name_key = name_key or f"{self.external_id}: {name}: {digest(proposed)}"
        verdict = self.matcher.verdict(kind, name_key)
        if not verdict:
            old, new = (value if isinstance(value, str) else str(value) for value in (current, proposed))
            asked = {"kept": name, "old": stored(old), "new": stored(new), "choice": name_key, "kind": str(kind)}
            self.asked.append(asked)
        return verdict == Verdict.ACCEPT


def revision_of(
    event: Event, before: EventDraft, now: EventDraft, matcher: Matcher, key: str, *, claims_alone: bool = False
) -> Revision:
    """Changes of the release between `before` and `now`, where the desk still says what was imported.

    `claims_alone` for an event that the desk had: the data set only adds its figures to it.
    """
    revision = Revision(event, matcher, now.external_id, seen=_seen(event))
    _revise_claims(revision, before, now, key)
    if claims_alone:
        return revision
    for name, old, new in _plain_fields(before, now):
        current = getattr(event, name)
        if current == old or (current != new and revision.takes(name, current, new)):
            revision.fields[name] = new
    _revise_place(revision, before, now)
    _revise_parts(revision, before, now)
    cited = {citation.source.key for citation in event.citations.all()}
    imported = {source.key for source in before.sources}
    revision.sources_added = [
        source for source in now.sources if source.key not in cited and source.key not in imported
    ]
    return revision


def _seen(event: Event) -> str:
    """Version of the event: its timestamp and, for edits at the same moment, its content."""
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


def _revise_place(revision: Revision, before: EventDraft, now: EventDraft) -> None:
    matcher = revision.matcher
    old, new = matcher.place_key(before.place), matcher.place_key(now.place)
    current = revision.event.location.key if revision.event.location else ""
    if current == new:
        if old == new:
            _revise_division(revision, before.place, now.place, current)
    elif old != new and (current == old or revision.takes("location", current, new)):
        revision.place = now.place


def _revise_division(revision: Revision, before: PlaceDraft, now: PlaceDraft, place: str) -> None:
    """Ask before a release moves the place in the tree of divisions: that affects all events there."""
    matcher = revision.matcher
    if not place or before.parent is None or now.parent is None:
        return
    old, new = matcher.place_key(before.parent), matcher.place_key(now.parent)
    current = matcher.parents.get(place, "")
    if not new or old == new or current == new:
        return
    named = f"{now.name} lies in"
    old_name = matcher.names.get(current, _("no division"))
    if revision.takes(named, old_name, now.parent.name, kind=ChoiceKind.MOVE, name_key=f"{place} > {new}"):
        revision.moved = now


def _revise_claims(revision: Revision, before: EventDraft, now: EventDraft, key: str) -> None:
    on_desk = {claim.key: claim for claim in revision.event.claims.all()}
    old = {claim.name: claim for claim in before.claims}
    new = {claim.name: claim for claim in now.claims}
    for name in {**old, **new}:
        was, becomes = old.get(name), new.get(name) or _none(old[name])
        if was == becomes:
            continue
        claim = on_desk.get(f"{key}-{name}")
        if claim is None:
            apart = [claim_on_desk for part in APART_BEFORE if (claim_on_desk := on_desk.get(f"{key}-{part}"))]
            if was is None or (apart and name == "killed"):
                revision.claims.append(becomes)
                revision.deprecated = (
                    [claim_on_desk for claim_on_desk in apart if claim_on_desk.rank != Rank.DEPRECATED] if was else []
                )
            elif revision.takes(f"claim {name}", _("removed"), becomes.as_worded):
                revision.claims.append(becomes)
        elif (was is not None and _says(claim, was, revision.matcher)) or (
            any(getattr(claim, column) != getattr(becomes, column) for column in FIGURES)
            and revision.takes(f"claim {name}", claim.statement, becomes.statement)
        ):
            revision.claims.append(becomes)


def _says(claim: Claim, draft: ClaimDraft, matcher: Matcher) -> bool:
    subjects = [_subject(party) for party in claim.parties.all() if party.role == PartyRole.SUBJECT]
    figures = all(getattr(claim, column) == getattr(draft, column) for column in FIGURES)
    return figures and subjects == _subjects(draft, matcher)


def _none(claim: ClaimDraft) -> ClaimDraft:
    """Claim of 0 for a breakdown that the row now gives as 0: it was counted before, so zero is meaningful."""
    words = claim.as_worded.rpartition(": ")[0]
    statement = claim.statement.rpartition(": ")[0]
    return ClaimDraft(
        claim.name, f"{statement}: 0 killed.", f"{words}: 0", 0, 0, subject=claim.subject, part_of=claim.part_of
    )


def _subject(party: Any) -> str:
    return str(party.actor.key if party.actor else party.described_as)


def _subjects(claim: ClaimDraft, matcher: Matcher) -> list[str]:
    match claim.subject:
        case None:
            return []
        case ActorDraft():
            return [matcher.actor_key(claim.subject) or claim.subject.name]
        case str():
            return [claim.subject]


def _revise_parts(revision: Revision, before: EventDraft, now: EventDraft) -> None:
    on_desk = {(part.actor.key, part.role): part for part in revision.event.participations.all()}
    old, new = _by_actor(before, revision.matcher), _by_actor(now, revision.matcher)
    for named in old:
        part = on_desk.get(named)
        if named in new or part is None:
            continue
        if not (edited := _edited(part, old[named])) or revision.takes(
            f"{part.actor.name}, {part.get_role_display()}", edited, _("no longer named")
        ):
            revision.parts_removed.append(part.pk)
    for named in old.keys() & new.keys():
        _revise_side(revision, on_desk.get(named), old[named], new[named])
        actor = new[named].actor
        if old[named].actor.name != actor.name:
            revision.matcher.note_name(actor)
            if (name := revision.matcher.new_names.get(actor.key)) and not name.is_taken:
                revision.asked.append(name.asked)
    revision.parts_added = [draft for part, draft in new.items() if part not in old and part not in on_desk]


def _revise_side(revision: Revision, part: Participation | None, before: PartDraft, now: PartDraft) -> None:
    """Note the side if the release moved the part there: compilers exchange the two, and correct who stood where."""
    old, new = before.side or "", now.side or ""
    if part is None or old == new or part.side == new:
        return
    if part.side == old or revision.takes(
        f"side of {part.actor.name}", part.get_side_display() or "–", Side(new).label if new else "–"
    ):
        revision.sides[part.pk] = new


def _edited(part: Participation, imported: PartDraft) -> str:
    """Edits made to the part since it was imported, in words."""
    written = [part.note] if part.note else []
    if part.standing != Standing.REPORTED:
        written.append(part.get_standing_display())
    if part.side not in ("", imported.side or ""):
        written.append(part.get_side_display())
    if part.citations.all():
        written.append("with citations of its own")
    return "; ".join(written)


def _by_actor(draft: EventDraft, matcher: Matcher) -> dict[tuple[str, ParticipantRole], PartDraft]:
    named = ((matcher.actor_key(part.actor), part) for part in draft.parts)
    return {(key, part.role): part for key, part in named if key}
