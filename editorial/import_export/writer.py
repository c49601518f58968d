"""Writer of planned chunks: new events with all they reference, and revisions of known ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from conflict.models import Actor, Citation, Claim, ClaimParty, ClaimRelation, Event, Location, Participation, Source
from conflict.vocabulary import ClaimKind, ClaimRelationKind, EventStanding, PartyRole, Rank, Stance, Standing
from editorial.import_export import bulk_copy
from editorial.import_export.drafts import ActorDraft, ClaimDraft, EventDraft, PartDraft
from editorial.import_export.importer import Outcome
from editorial.import_export.plan import PlannedRow
from editorial.import_export.revisions import REPLACED, Revision
from editorial.import_export.shared_entries import SharedEntryWriter
from editorial.models import ChoiceKind, ExternalId

NewClaim = tuple[int, str, ClaimDraft, Sequence[int]]  # event, key, draft of the claim, sources of the event

ID_COLUMNS = ("dataset", "external_id", "event_id", "is_attached", "country", "starts_on", "row")
WRITTEN = (Actor, Location, Source, Event, Participation, Claim, ClaimParty, ClaimRelation, Citation)
EVENT_IS_REPORTED, IS_REPORTED = EventStanding.REPORTED.value, Standing.REPORTED.value
FIGURE, ASSERTS, NORMAL = ClaimKind.FIGURE.value, Stance.ASSERTS.value, Rank.NORMAL.value
CLAIMANT, SUBJECT = PartyRole.CLAIMANT.value, PartyRole.SUBJECT.value
PART_OF = ClaimRelationKind.PART_OF.value


@dataclass
class Writer(SharedEntryWriter):
    """Writes planned lines: new events, and revisions of known ones."""

    def write(self, chunk: Sequence[PlannedRow]) -> None:
        new = [planned for planned in chunk if planned.outcome == Outcome.NEW]
        revised = [planned for planned in chunk if planned.outcome == Outcome.CHANGED]
        self._mark_vanished(chunk)
        if not new and not revised:
            return
        drafts = [planned.draft for planned in (*revised, *new) if planned.draft]  # as they were planned
        self._make_actors(drafts)
        moved = [planned.revision.moved for planned in revised if planned.revision and planned.revision.moved]
        self._make_places([*(draft.place for draft in drafts), *(place.parent for place in moved if place.parent)])
        sources = self._sources(drafts)
        if made := [planned for planned in new if not planned.attached_to]:
            with bulk_copy.of_new_entries(*WRITTEN):
                self._write_events(made, sources)
        if attached := [planned for planned in new if planned.attached_to]:
            self._attach(attached, sources)
        cited: list[tuple[int, int]] = []
        claims_cited: list[tuple[int, int]] = []
        for planned in revised:
            cited += self._revise(planned, sources)
            claims_cited += self._revise_claims(planned, sources)
        self._cite("event_id", cited)
        self._cite("claim_id", claims_cited)

    def _mark_vanished(self, chunk: Sequence[PlannedRow]) -> None:
        """Mark events missing from the file, unless already decided; unmark those that are back."""
        known = ExternalId.objects.filter(dataset=self.dataset.name)
        if gone := [planned.external_id for planned in chunk if planned.outcome == Outcome.VANISHED]:
            waiting = [name for name in gone if not self.matcher.is_decided(ChoiceKind.VANISHED, name)]
            known.filter(external_id__in=waiting).update(vanished_in=self.run)
        if there := [
            planned.external_id for planned in chunk if planned.outcome in (Outcome.CHANGED, Outcome.UNCHANGED)
        ]:
            known.filter(external_id__in=there, vanished_in__isnull=False).update(vanished_in=None)

    # New events

    def _write_events(self, new: Sequence[PlannedRow], sources: dict[str, int]) -> None:
        events = list(zip(new, bulk_copy.ids(Event, len(new)), strict=True))
        event_rows, part_rows, id_rows = [], [], []
        claims: list[NewClaim] = []
        citations: list[tuple[int, int]] = []
        for planned, pk in events:
            draft = planned.draft
            if draft is None:
                raise TypeError(f"Line {planned.line} is planned as new and has no draft.")
            span = f"[{draft.days.starts_on},{draft.days.ends_before})"
            key, cited = self.dataset.key_of(planned.external_id), self._cited(draft, sources)
            event_rows.append(
                (
                    *(pk, key, draft.title, draft.summary, draft.kind.value),
                    *(draft.days.text, span, draft.as_written, "", "", EVENT_IS_REPORTED),
                    *((place := self._place(draft.place)), draft.place_precision.value if place else ""),
                    planned.period_id,
                    self.dataset.identifier(planned.external_id),
                )
            )
            part_rows += self._part_rows(pk, draft.parts)
            claims += [(pk, f"{key}-{claim.name}", claim, cited) for claim in draft.claims]
            citations += [(pk, source) for source in cited]
            id_rows.append(self._id_row(planned, pk, draft))
        bulk_copy.insert(
            Event,
            (
                *("id", "key", "title", "summary", "kind", "when", "span", "as_written", "date_basis", "year_basis"),
                *("standing", "location_id", "location_precision", "period_id", "identifiers"),
            ),
            event_rows,
        )
        self._write_parts(part_rows)
        self._write_claims(claims)
        self._cite("event_id", citations)
        bulk_copy.insert(ExternalId, ID_COLUMNS, id_rows)

    def _id_row(self, planned: PlannedRow, event: int, draft: EventDraft) -> tuple[Any, ...]:
        row = msgspec.json.encode(planned.row).decode()
        on, country = draft.days.starts_on, draft.country[:120]
        return (self.dataset.name, planned.external_id, event, bool(planned.attached_to), country, on, row)

    def _part_rows(self, event: int, parts: Iterable[PartDraft]) -> list[tuple[Any, ...]]:
        """Rows of participations, in the order of the row; two names of one actor share one part per role."""
        found: dict[tuple[int, str], str] = {}
        for part in parts:
            if actor := self._actor(part.actor):
                found.setdefault((actor, part.role.value), part.side.value if part.side else "")
        return [(event, actor, role, side, IS_REPORTED, "") for (actor, role), side in found.items()]

    def _attach(self, attached: Sequence[PlannedRow], sources: dict[str, int]) -> None:
        """Add the row's figures as claims of its compiler to an existing event of the desk."""
        events = dict(
            Event.objects.filter(key__in=[planned.attached_to for planned in attached]).values_list("key", "pk")
        )
        claims: list[NewClaim] = []
        id_rows = []
        for planned in attached:
            draft, event = planned.draft, events[planned.attached_to]
            if draft is None:
                continue
            key, cited = self.dataset.key_of(planned.external_id), self._cited(draft, sources)
            claims += [(event, f"{key}-{claim.name}", claim, cited) for claim in draft.claims]
            id_rows.append(self._id_row(planned, event, draft))
        self._write_claims(claims)
        bulk_copy.insert(ExternalId, ID_COLUMNS, id_rows)

    def _write_parts(self, rows: Sequence[tuple[Any, ...]]) -> None:
        bulk_copy.insert(Participation, ("event_id", "actor_id", "role", "side", "standing", "note"), rows)

    def _write_claims(self, claims: Sequence[NewClaim], there: Mapping[str, int] = MappingProxyType({})) -> None:
        """Write new claims. `there` has the primary keys of those that their events have already, by key."""
        made = bulk_copy.ids(Claim, len(claims))
        rows, parties, citations = [], [], []
        by_key = {**there, **dict(zip((key for _, key, _, _ in claims), made, strict=True))}
        parts = []
        for pk, (event, key, claim, reports) in zip(made, claims, strict=True):
            rows.append(
                (
                    *(pk, event, key, FIGURE, claim.measure.value, claim.statement, claim.as_worded, ASSERTS, False),
                    *(claim.low, claim.best, claim.high, claim.qualifier.value, "", "", NORMAL, ""),
                )
            )
            parties += self._parties(pk, claim)
            if claim.part_of and (whole := by_key.get(f"{key.removesuffix(claim.name)}{claim.part_of}")):
                parts.append((pk, PART_OF, whole))
            citations += [(pk, source) for source in (reports if claim.cites_reports else [self._release_id])]
        bulk_copy.insert(
            Claim,
            (
                *("id", "event_id", "key", "kind", "measure", "statement", "as_worded", "stance", "negated"),
                *("low", "best", "high", "qualifier", "unit", "made_on", "rank", "rank_reason"),
            ),
            rows,
        )
        self._write_parties(parties)
        bulk_copy.insert(ClaimRelation, ("claim_id", "kind", "other_id"), parts)
        self._cite("claim_id", citations)

    def _write_parties(self, rows: Sequence[tuple[Any, ...]]) -> None:
        bulk_copy.insert(ClaimParty, ("claim_id", "role", "actor_id", "described_as", "position"), rows)

    def _parties(self, claim_id: int, claim: ClaimDraft) -> list[tuple[Any, ...]]:
        """Claimant (the compiler unless another is named) and subject of a claim."""
        claimant = claim.claimant or self.dataset.compiler
        parties = [self._party(claim_id, CLAIMANT, claimant)]
        return [*parties, self._party(claim_id, SUBJECT, claim.subject)] if claim.subject else parties

    def _party(self, claim_id: int, role: str, who: ActorDraft | str) -> tuple[Any, ...]:
        """Row for a party: an actor, or a description in words if it is not an actor of the desk."""
        actor = self._actor(who) if isinstance(who, ActorDraft) else None
        words = who if isinstance(who, str) else who.name
        return (claim_id, role, actor, "" if actor else words, 0)

    def _cited(self, draft: EventDraft, sources: dict[str, int]) -> list[int]:
        return list(dict.fromkeys([self._release_id, *(sources[source.key] for source in self._reports(draft))]))

    def _cite(self, column: str, citations: Iterable[tuple[int, int]]) -> None:
        columns = (column, "source_id", "locator", "quotation", "basis", "note")
        bulk_copy.insert(Citation, columns, ((owner, source, "", "", "", "") for owner, source in citations))

    # Known events

    def _revise(self, planned: PlannedRow, sources: dict[str, int]) -> list[tuple[int, int]]:
        """Apply the release's changes to the event itself; return (event, source) pairs to cite."""
        revision = _revision_of(planned)
        event = revision.event
        if revision.fields or revision.place:
            for name, value in revision.fields.items():
                setattr(event, name, value)
            if revision.place:
                event.location_id = self._place(revision.place)
            event.save()
        if revision.moved and revision.moved.parent:
            Location.objects.filter(pk=self._place(revision.moved)).update(parent=self._place(revision.moved.parent))
        for claim in revision.deprecated:
            claim.rank, claim.rank_reason = Rank.DEPRECATED, REPLACED
            claim.save()
        if revision.parts_removed:
            Participation.objects.filter(pk__in=revision.parts_removed).delete()
        for pk, side in revision.sides.items():
            Participation.objects.filter(pk=pk).update(side=side)
        self._write_parts(self._part_rows(event.pk, revision.parts_added))
        cited = {citation.source_id for citation in event.citations.all()}
        added = {sources[source.key] for source in revision.sources_added if source.key in sources} - cited
        if revision.says_something and self._release_id not in cited:
            added.add(self._release_id)
        if not revision.asked:  # until an editor decides, the stored row stays as it was, and the next file asks again
            ExternalId.objects.filter(dataset=self.dataset.name, external_id=planned.external_id).update(
                row=planned.row,
                starts_on=planned.draft.days.starts_on if planned.draft else None,
                country=planned.draft.country[:120] if planned.draft else "",
            )
        return [(event.pk, source) for source in sorted(added)]

    def _revise_claims(self, planned: PlannedRow, sources: dict[str, int]) -> list[tuple[int, int]]:
        """Update the compiler's claims to the release, and cite it; the history keeps their earlier values."""
        revision = _revision_of(planned)
        on_desk = {claim.key: claim for claim in revision.event.claims.all()}
        reports = self._cited(planned.draft, sources) if planned.draft else []
        added: list[NewClaim] = []
        citing = []
        for draft in revision.claims:
            key = f"{self.dataset.key_of(planned.external_id)}-{draft.name}"
            claim = on_desk.get(key)
            if claim is None:
                added.append((revision.event.pk, key, draft, reports))
                continue
            claim.low, claim.best, claim.high = draft.low, draft.best, draft.high
            claim.qualifier = draft.qualifier.value
            claim.statement, claim.as_worded = draft.statement, draft.as_worded
            claim.save()
            if any(party.role == SUBJECT for party in claim.parties.all()):
                claim.parties.filter(role=SUBJECT).delete()
            self._write_parties(self._parties(claim.pk, draft)[1:])
            if not any(cited.source_id == self._release_id for cited in claim.citations.all()):
                citing.append((claim.pk, self._release_id))
        if added:
            self._write_claims(added, {claim.key: claim.pk for claim in on_desk.values()})
        return citing


def _revision_of(planned: PlannedRow) -> Revision:
    if planned.revision is None:
        raise TypeError(f"Line {planned.line} is planned as changed and has no revision.")
    return planned.revision
