"""Who and where a row means: entries that are on the desk already, by key or by name, or keys for new ones.

What is matched is read once, when an import starts; nothing is merged silently: a name
matches only if exactly one entry of the desk carries it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import msgspec

from conflict.models import Actor, ActorName, Location, LocationName
from conflict.vocabulary import LocationKind
from editorial.import_export.drafts import ActorDraft, PlaceDraft

SHORTEST_NAME = 4  # two or three letters name different groups in different countries
NEAR_ENOUGH = Decimal("0.1")  # degrees, about 11 km
DIVISIONS = frozenset({LocationKind.COUNTRY, LocationKind.REGION, LocationKind.CERCLE})
WORDS_OF_KIND = re.compile(r"\b(sub-district|district|town|village|city|region|cercle|state|province|commune)\b")


class Place(NamedTuple):
    key: str
    kind: str
    country: str
    point: tuple[Decimal, Decimal] | None


@dataclass
class Matching:
    """The actors and places of the desk, by key and by name."""

    actors: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    _actor_names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _place_names: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    _found: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_desk(cls) -> "Matching":
        desk = cls()
        for pk, key, name in Actor.objects.values_list("pk", "key", "name").iterator():
            desk.actors[key] = pk
            desk._actor_names[normalize_name(name)].add(key)
        for key, name in ActorName.objects.values_list("actor__key", "name").iterator():
            desk._actor_names[normalize_name(name)].add(key)
        for place_id, *told in Location.objects.values_list(
            "pk", "key", "name", "kind", "country", "latitude", "longitude"
        ).iterator():
            desk.places[told[0]] = place_id
            desk._note_place(*told)
        for told in LocationName.objects.values_list(
            "location__key",
            "name",
            "location__kind",
            "location__country",
            "location__latitude",
            "location__longitude",
        ).iterator():
            desk._note_place(*told)
        return desk

    def _note_place(
        self, key: str, name: str, kind: str, country: str, latitude: Decimal | None, longitude: Decimal | None
    ) -> None:
        """Places that imports made are told apart by their keys; only the desk's own are matched by name."""
        if key.startswith(("ucdp-place-", "acled-place-")):
            return
        point = (latitude, longitude) if latitude is not None and longitude is not None else None
        self._place_names[strip_kind(name)].add(Place(key, kind, normalize_name(country), point))

    def actor_key(self, draft: ActorDraft) -> str:
        """The key of the desk's entry, or of the one to be made."""
        if draft.key in self.actors:
            return draft.key
        if (found := self._found.get(draft.key)) is None:
            found = self._found[draft.key] = self._actor_by_name(draft) or draft.key
        return found

    def _actor_by_name(self, draft: ActorDraft) -> str:
        if len(draft.name) < SHORTEST_NAME:
            return ""
        own = "-".join(draft.key.split("-")[:2]) + "-"  # the same compiler told them apart
        named = {key for key in self._actor_names.get(normalize_name(draft.name), ()) if not key.startswith(own)}
        return named.pop() if len(named) == 1 else ""

    def place_key(self, draft: PlaceDraft) -> str:
        """The key of the desk's entry, or of the one to be made.

        The first row that names a place says how it is called. Those it lies in are looked up with it, or whoever writes
        the plan would look them up in another order than it was made in, and find others.
        """
        if draft.key in self.places:
            return draft.key
        if (found := self._found.get(draft.key)) is None:
            if draft.parent:
                self.place_key(draft.parent)
            found = self._found[draft.key] = self._place_by_name(draft) or draft.key
        return found

    def _place_by_name(self, draft: PlaceDraft) -> str:
        country = normalize_name(draft.country)
        named = {
            place.key
            for place in self._place_names.get(strip_kind(draft.name), ())
            if (place.country == country or draft.kind == LocationKind.COUNTRY)
            and (
                place.kind == draft.kind  # wherever its middle is said to be
                if draft.kind in DIVISIONS
                else place.kind not in DIVISIONS and _near(place.point, draft.point)
            )
        }
        return named.pop() if len(named) == 1 else ""

    def new_actors(self, drafts: Iterable[ActorDraft]) -> dict[str, ActorDraft]:
        """Those that the desk lacks, by key."""
        return {key: draft for draft in drafts if (key := self.actor_key(draft)) not in self.actors}

    def new_places(self, drafts: Iterable[PlaceDraft]) -> dict[str, PlaceDraft]:
        """Those that the desk lacks with the places they lie in, by key, the containing before the contained."""
        found: dict[str, PlaceDraft] = {}
        for draft in drafts:
            chain: list[PlaceDraft] = []
            above: PlaceDraft | None = draft
            while above is not None and self.place_key(above) not in self.places:
                chain.append(above)
                above = above.parent if above.key not in found else None
            for place in reversed(chain):
                known = found.setdefault(place.key, place)
                if known.point is None and place.point is not None:
                    found[place.key] = msgspec.structs.replace(known, point=place.point, precision=place.precision)
        return found


def _near(one: tuple[Decimal, Decimal] | None, other: tuple[Decimal, Decimal] | None) -> bool:
    if one is None or other is None:
        return True
    return all(abs(a - b) <= NEAR_ENOUGH for a, b in zip(one, other, strict=True))


def normalize_name(name: str) -> str:
    """A name without accents, capitals and surplus spaces."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())


def strip_kind(name: str) -> str:
    """A place's name without the word for its kind: Gao and Gao town."""
    return " ".join(WORDS_OF_KIND.sub(" ", normalize_name(name)).split()) or normalize_name(name)
