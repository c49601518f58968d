"""Writer of what imported events share: actors, places and sources, each made once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conflict.models import Actor, Location, Source
from conflict.record.successors import successors
from conflict.vocabulary import LocationKind, SourceAccess
from editorial.import_export import bulk_copy, imported_actors
from editorial.import_export.dataset import Dataset
from editorial.import_export.drafts import ActorDraft, EventDraft, PlaceDraft, SourceDraft
from editorial.import_export.matcher import Matcher
from editorial.models import ImportRun, SourceTerms

ORIGIN = {"ucdp": "UCDP GED", "acled": "ACLED"}


@dataclass
class SharedEntryWriter:
    """Makes the actors, places and sources that drafts name and the desk lacks."""

    dataset: Dataset
    matcher: Matcher
    release: SourceDraft
    run: ImportRun
    _compiler_id: int = 0
    _release_id: int = 0
    _renamed: set[str] = field(default_factory=set)
    _told: dict[str, tuple[bool, bool]] = field(default_factory=dict)  # of actors, as far as they are written
    _merged: dict[str, str] = field(default_factory=lambda: successors("source"))  # withdrawn sources

    def _make_actors(self, drafts: Sequence[EventDraft]) -> None:
        needed = [self.dataset.compiler]
        for draft in drafts:
            needed += [part.actor for part in draft.parts]
        parts = [actor for actor in needed if self._told.get(actor.key, (False, False)) < imported_actors.says(actor)]
        for draft in drafts:
            needed += [claim.subject for claim in draft.claims if isinstance(claim.subject, ActorDraft)]
            needed += [claim.claimant for claim in draft.claims if isinstance(claim.claimant, ActorDraft)]
            needed += [source.publisher for source in draft.sources if source.publisher]
        new = self.matcher.new_actors(needed)
        made = dict(zip(new, bulk_copy.ids(Actor, len(new)), strict=True)) if new else {}
        bulk_copy.insert(
            Actor,
            ("id", "key", "name", "kind", "family", "country", "when", "description"),
            ((made[key], key, draft.name, draft.kind.value, draft.family, "", "", "") for key, draft in new.items()),
        )
        self.matcher.actors |= made
        there = [actor for actor in parts if self.matcher.actor_key(actor) == actor.key and actor.key not in made]
        imported_actors.tell_more(there)
        self._told |= {actor.key: imported_actors.says(actor) for actor in sorted(parts, key=imported_actors.says)}
        names = {key: new.name for key, new in self.matcher.new_names.items() if new.is_taken}
        imported_actors.rename({key: name for key, name in names.items() if key not in self._renamed})
        self._renamed |= names.keys()
        self._compiler_id = self.matcher.actors.get(self.matcher.actor_key(self.dataset.compiler), 0)

    def _actor(self, draft: ActorDraft) -> int | None:
        """Primary key of the actor; None if an editor decided to leave it out."""
        return self.matcher.actors.get(self.matcher.actor_key(draft))

    def _make_places(self, drafts: Sequence[PlaceDraft]) -> None:
        new = self.matcher.new_places(drafts)
        made = dict(zip(new, bulk_copy.ids(Location, len(new)), strict=True)) if new else {}
        self.matcher.places |= made
        bulk_copy.insert(
            Location,
            (
                *("id", "key", "name", "kind", "parent_id", "country", "latitude", "longitude"),
                *("coordinate_precision", "coordinate_origin", "pcode", "when", "description"),
            ),
            (self._place_row(made[key], draft) for key, draft in new.items()),
        )
        self._place_later({key: draft for draft in drafts if draft.point and (key := self.matcher.place_key(draft))})

    def _place_later(self, pointed: dict[str, PlaceDraft]) -> None:
        """Give points to places of this data set that have none: divisions, until a row is about one of them itself."""
        own = [key for key, draft in pointed.items() if key.partition("-")[0] == draft.key.partition("-")[0]]
        for place in Location.objects.filter(key__in=own, latitude=None).in_key_order():
            draft = pointed[place.key]
            place.latitude, place.longitude, place.coordinate_precision, place.coordinate_origin = self._point(draft)
            place.save()

    def _place_row(self, pk: int, draft: PlaceDraft) -> tuple[Any, ...]:
        parent = self._place(draft.parent) if draft.parent else None
        kind = LocationKind(draft.kind).value
        return (pk, draft.key, draft.name, kind, parent, draft.country, *self._point(draft), "", "", "")

    def _point(self, draft: PlaceDraft) -> tuple[Any, Any, str, str]:
        """Latitude, longitude, their precision and their origin."""
        if not draft.point:
            return None, None, "", ""
        precision = draft.precision.value if draft.precision else ""
        return (*draft.point, precision, ORIGIN.get(draft.key.split("-")[0], self.dataset.title))

    def _place(self, draft: PlaceDraft) -> int | None:
        return self.matcher.places.get(self.matcher.place_key(draft))

    def _sources(self, drafts: Iterable[EventDraft]) -> dict[str, int]:
        """Ids of all sources that these drafts cite, by key; those that the desk lacks are made."""
        wanted = {self.release.key: self.release}
        for draft in drafts:
            wanted.update((source.key, source) for source in self._reports(draft))
        merged = {key: successor for key in wanted if (successor := self._merged.get(key))}
        known = dict(Source.objects.filter(key__in=[*wanted, *merged.values()]).values_list("key", "pk"))
        known |= {key: known[successor] for key, successor in merged.items() if successor in known}
        new = {key: draft for key, draft in wanted.items() if key not in known}
        made = dict(zip(new, bulk_copy.ids(Source, len(new)), strict=True)) if new else {}
        bulk_copy.insert(
            Source,
            (
                *("id", "key", "kind", "resolved", "title", "publisher_id", "published_on", "published_span"),
                *("note", "url", "authors", "container", "pages", "archived_url", "doi", "isbn", "language", "access"),
            ),
            (self._source_row(made[key], draft) for key, draft in new.items()),
        )
        sources = {**known, **made}
        self._release_id = sources[self.release.key]
        if self.release.key in made and self.dataset.licence:
            SourceTerms.objects.create(
                source_id=self._release_id, licence=self.dataset.licence, note=self.dataset.terms[:300]
            )
        return sources

    def _reports(self, draft: EventDraft) -> list[SourceDraft]:
        """The sources that the row names, without those of outlets that are left out and those that were withdrawn."""
        return [
            source
            for source in draft.sources
            if self._merged.get(source.key, source.key)
            and (not source.publisher or self.matcher.actor_key(source.publisher))
        ]

    def _source_row(self, pk: int, draft: SourceDraft) -> tuple[Any, ...]:
        publisher = self._actor(draft.publisher) if draft.publisher else None
        span = f"[{draft.published_on},{draft.published_on}]" if draft.published_on else None  # always one day
        return (
            *(pk, draft.key, draft.kind.value, draft.is_resolved, draft.title, publisher, draft.published_on, span),
            *(draft.note, draft.url, "", "", "", "", "", "", "", SourceAccess.PUBLIC.value),
        )
