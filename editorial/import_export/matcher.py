"""Matching of actors and places: existing desk entries by decision, key or name, or keys for new ones.

Candidates are read once, when an import starts. Nothing is merged silently: a name matches only if exactly one
entry of the desk has it. Merely similar names are shown for an editor to decide, and never matched.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import msgspec

from conflict import countries, earth
from conflict.models import Actor, ActorName, Location, LocationName
from conflict.record.successors import successors
from conflict.text import folded
from conflict.vocabulary import SETTLEMENTS, LocationKind, NameKind, PlacePrecision
from editorial.import_export.drafts import ActorDraft, PlaceDraft
from editorial.import_export.imported_actors import NewName, new_name, says
from editorial.import_export.names import acronym_of, forms_of, level_of, strip_kind
from editorial.models import ChoiceKind, ImportChoice, Verdict

SHORTEST_NAME = 4  # two or three letters name different groups in different countries
NEAR = 11  # km: two points given for one place are no farther apart
FARTHEST = 300  # km: points farther apart are different places, except for the centre of a country
DIVISIONS = frozenset({LocationKind.COUNTRY, LocationKind.REGION, LocationKind.CERCLE, LocationKind.COMMUNE})
LEFT_OUT = ""
LEVELS = (LocationKind.REGION, LocationKind.CERCLE)

Point = tuple[Decimal, Decimal]


class Place(NamedTuple):
    key: str
    kind: str
    country: str  # what all its names have in common
    point: Point | None
    divisions: tuple[str, str]  # region and cercle, as far as known
    level: int  # of divisions, as the name says; 0 if it does not


@dataclass
class Matcher:
    """Actors and places of the desk by key and name, and editors' decisions about a source's names."""

    choices: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    actors: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    found_by: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)  # of the desk's places, by key
    names: dict[str, str] = field(default_factory=dict)  # the same
    new_names: dict[str, NewName] = field(default_factory=dict)  # of the data set's own actors, by key
    gone_actors: dict[str, str] = field(default_factory=dict)  # withdrawn ones, and what took their place
    gone_places: dict[str, str] = field(default_factory=dict)
    _actor_names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _acronyms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _place_names: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_desk(cls, source: str = "") -> "Matcher":
        desk = cls(gone_actors=successors("actor"), gone_places=successors("location"))
        for kind, name, verdict, target in ImportChoice.objects.filter(source=source).values_list(
            "kind", "name_key", "verdict", "target"
        ):
            desk.choices[kind, name] = (verdict, target)
        for pk, key, name in Actor.objects.values_list("pk", "key", "name").iterator():
            if key not in desk.gone_actors:
                desk.actors[key] = pk
                desk._note_actor(key, name)
        for key, name, kind in ActorName.objects.values_list("actor__key", "name", "kind").iterator():
            if key in desk.actors:
                desk._note_actor(key, name)
                if kind == NameKind.ACRONYM:
                    desk._acronyms[folded(name)].add(key)
        desk._read_places()
        return desk

    def _note_actor(self, key: str, name: str) -> None:
        for form in forms_of(name):
            self._actor_names[form].add(key)

    def _read_places(self) -> None:
        columns = ("pk", "key", "name", "kind", "country", "latitude", "longitude", "parent_id")
        rows = {row[0]: row for row in Location.objects.values_list(*columns).iterator()}
        places = {}
        for pk, key, name, kind, country, latitude, longitude, parent in rows.values():
            above: dict[str, str] = {}
            while parent in rows and len(above) < len(DIVISIONS):
                _, _, parent_name, parent_kind, *_, parent = rows[parent]
                above.setdefault(parent_kind, strip_kind(parent_name))
                if parent_kind == LocationKind.COUNTRY:
                    country = country or parent_name
            if key in self.gone_places:
                continue
            if rows[pk][-1] in rows:
                self.parents[key] = rows[rows[pk][-1]][1]
            self.places[key], self.names[key] = pk, name
            point = (latitude, longitude) if latitude is not None and longitude is not None else None
            divisions = (above.get(LEVELS[0], ""), above.get(LEVELS[1], ""))
            places[pk] = Place(key, kind, countries.identity(country), point, divisions, level_of(name))
            self._place_names[_name_key(name, kind)].append(places[pk])
        for pk, name in LocationName.objects.values_list("location_id", "name").iterator():
            if pk in places:
                self._place_names[_name_key(name, places[pk].kind)].append(places[pk])

    # Actors

    def actor_key(self, draft: ActorDraft) -> str:
        """The key of the desk's entry, or of the one to be created; empty if it is left out."""
        if (found := self._found.get(draft.key)) is None:
            found, how = self._actor(draft)
            self._found[draft.key], self.found_by[draft.key] = found, how
        return found

    def _actor(self, draft: ActorDraft) -> tuple[str, str]:
        for kind in (ChoiceKind.ACTOR, ChoiceKind.OUTLET):
            if choice := self._chosen(kind, draft.key, self.actors, self.gone_actors):
                return choice
        if draft.key in self.actors:
            self.note_name(draft)
            return draft.key, "key"
        if successor := self.gone_actors.get(draft.key):
            return successor, "successor"
        if len(draft.name) >= SHORTEST_NAME:
            own = "-".join(draft.key.split("-")[:2]) + "-"  # distinct according to the same compiler
            for form in forms_of(draft.name):
                named = {key for key in self._actor_names.get(form, ()) if not key.startswith(own)}
                if len(named) == 1 and len(form) >= SHORTEST_NAME:
                    return named.pop(), "name"
            acronym = folded(acronym_of(draft.name))
            if len(acronym) >= SHORTEST_NAME and len(named := self._acronyms.get(acronym, set())) == 1:
                return next(iter(named)), "acronym"
        return (LEFT_OUT, "withdrawn") if draft.key in self.gone_actors else (draft.key, "")

    def note_name(self, draft: ActorDraft) -> None:
        """Note the name if the data set's own actor has another one on the desk. Until an editor decides, theirs stays."""
        is_known = draft.key in self.new_names or any(
            draft.key in self._actor_names.get(form, ()) for form in forms_of(draft.name)
        )
        if not is_known and draft.key in self.actors and (found := new_name(draft)):
            verdict = self.verdict(ChoiceKind.KEPT, found.choice)
            if found.is_taken or verdict != Verdict.LEAVE_OUT:
                self.new_names[draft.key] = found._replace(is_taken=found.is_taken or verdict == Verdict.ACCEPT)

    def with_acronym_in(self, name: str) -> list[tuple[str, ...]]:
        """Entries whose acronym opens the name of several actors or of a faction: similar, and not the same."""
        acronym = name.partition(":")[0].strip()
        return [(key, acronym) for key in sorted(self._acronyms.get(folded(acronym), ()))]

    def _chosen(self, kind: str, name_key: str, known: dict[str, int], gone: dict[str, str]) -> tuple[str, str] | None:
        verdict, target = self.choices.get((kind, name_key), ("", ""))
        target = gone.get(target, target)
        if verdict == Verdict.LEAVE_OUT:
            return LEFT_OUT, "decision"
        if verdict == Verdict.MAP and target in known:
            return target, "decision"
        if verdict == Verdict.ACCEPT and target == "" and name_key in known:
            return name_key, "key"
        return None

    def is_decided(self, kind: str, name_key: str) -> bool:
        return (kind, name_key) in self.choices

    def verdict(self, kind: str, name_key: str) -> str:
        return self.choices.get((kind, name_key), ("", ""))[0]

    # Places

    def place_key(self, draft: PlaceDraft) -> str:
        """The key of the desk's entry, or of the one to be created; empty if it is left out.

        The first row that mentions a place determines its name. Its parents are looked up with it: the writer of a plan
        would otherwise look them up in a different order from its maker, and find other entries.
        """
        if (found := self._found.get(draft.key)) is None:
            if draft.parent:
                self.place_key(draft.parent)
            found, how = self._place(draft)
            self._found[draft.key], self.found_by[draft.key] = found, how
            if found == draft.key and draft.key not in self.places:
                self._place_names[_name_key(draft.name, draft.kind)].append(_placed(draft))
        return found

    def _place(self, draft: PlaceDraft) -> tuple[str, str]:
        if choice := self._chosen(ChoiceKind.PLACE, draft.key, self.places, self.gone_places):
            return choice
        if draft.key in self.places:
            return draft.key, "key"
        if successor := self.gone_places.get(draft.key):
            return successor, "successor"
        anew = (LEFT_OUT, "withdrawn") if draft.key in self.gone_places else (draft.key, "")
        looked_for = _placed(draft)
        is_vague = draft.precision == PlacePrecision.REGION and draft.kind == LocationKind.AREA
        named = {
            place.key: place
            for place in self._place_names.get(_name_key(draft.name, draft.kind), ())
            if _is_same(looked_for, place, is_vague=is_vague)
        }
        if len(named) == 1:
            return next(iter(named)), "name"
        if draft.kind not in DIVISIONS:
            near = [
                (distance, key)
                for key, place in named.items()
                if (distance := _distance(place.point, draft.point)) is not None
            ]
            return (min(near)[1], "name") if near else anew
        return anew

    # New entries

    def new_actors(self, drafts: Iterable[ActorDraft]) -> dict[str, ActorDraft]:
        """Those that the desk lacks, by key; of several drafts of one, the one that says most about it."""
        found: dict[str, ActorDraft] = {}
        for draft in drafts:
            if (key := self.actor_key(draft)) != LEFT_OUT and key not in self.actors and key == draft.key:
                found[key] = max(found.get(key, draft), draft, key=says)
        return found

    def new_places(self, drafts: Iterable[PlaceDraft]) -> dict[str, PlaceDraft]:
        """Those that the desk lacks with the places they lie in, by key, the containing before the contained."""
        found: dict[str, PlaceDraft] = {}
        for draft in drafts:
            chain: list[PlaceDraft] = []
            above: PlaceDraft | None = draft
            while above is not None and self.place_key(above) == above.key and above.key not in self.places:
                chain.append(above)
                above = above.parent if above.key not in found else None
            for place in reversed(chain):
                known = found.setdefault(place.key, place)
                if known.point is None and place.point is not None:
                    found[place.key] = msgspec.structs.replace(known, point=place.point, precision=place.precision)
        return found


def _name_key(name: str, kind: str) -> str:
    """What the names have in common by which a place may be found."""
    return countries.identity(name) if kind == LocationKind.COUNTRY else strip_kind(name)


def _placed(draft: PlaceDraft) -> Place:
    above: dict[str, str] = {}
    parent = draft.parent
    while parent is not None:
        above.setdefault(parent.kind, strip_kind(parent.name))
        parent = parent.parent
    divisions = (above.get(LEVELS[0], ""), above.get(LEVELS[1], ""))
    country = countries.identity(draft.country)
    return Place(draft.key, draft.kind, country, draft.point, divisions, level_of(draft.name))


def _is_same(one: Place, other: Place, *, is_vague: bool) -> bool:
    """True if two places of one name are the same: same kind and country, and close by or in the same divisions."""
    if one.kind == LocationKind.COUNTRY:
        return other.kind == LocationKind.COUNTRY
    if one.level and other.level and one.level != other.level:  # a region and the district of the same name
        return False
    if one.country != other.country or not _alike(one.kind, other.kind, is_vague=is_vague):
        return False
    distance = _distance(one.point, other.point)
    if distance is not None and distance > FARTHEST:
        return False
    if one.kind in DIVISIONS:
        return all(a == b for a, b in zip(one.divisions, other.divisions, strict=True) if a and b)
    if distance is not None:
        return distance <= NEAR
    return all(a == b for a, b in zip(one.divisions, other.divisions, strict=True) if a and b)


def _alike(one: str, other: str, *, is_vague: bool) -> bool:
    """A town and a village may be one, a town and its airport may not; an area may be known as a settlement."""
    if one == other:
        return True
    if is_vague or other in DIVISIONS or one in DIVISIONS:
        return False
    settled = SETTLEMENTS | {LocationKind.AREA}
    return one in settled and other in settled


def _distance(one: Point | None, other: Point | None) -> float | None:
    if one is None or other is None:
        return None
    return earth.distance((float(one[0]), float(one[1])), (float(other[0]), float(other[1])))
