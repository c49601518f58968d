"""Facts about an event that both compatible formats need: days, two sides, place hierarchy and a range of deaths.

Both formats have one row with one figure per event. The documentation lists what they cannot hold: who gave a figure,
rival accounts, findings, uncertainty of a date beyond a number, political and social events, and events without a first
day.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from conflict.chronology import CIVILIAN, Codes
from conflict.countries import codes_of
from conflict.documents.references import referring
from conflict.public import queries
from conflict.record.models import PublishedActor, PublishedEvent, PublishedLocation
from conflict.record.projection import incidents
from conflict.record.projection.incidents import Actor, Deaths, Parties
from conflict.vocabulary import ClaimScope, LocationKind, Measure

Body = dict[str, Any]
AT_ONCE = 500


class Place(NamedTuple):
    """A place in both formats, with the names of the places that contain it."""

    name: str = ""
    kind: str = ""
    country: str = ""
    admin_1: str = ""
    admin_2: str = ""
    admin_3: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def codes(self) -> Codes:
        return codes_of(self.country)


NOWHERE = Place()


@dataclass(frozen=True)
class Event:
    """An event with a first day, in both formats."""

    body: Body
    first_day: date
    last_day: date | None
    side_a: Parties
    side_b: Parties
    place: Place
    deaths: Deaths | None

    @property
    def key(self) -> str:
        return str(self.body["key"])

    @property
    def days(self) -> int:
        """Number of days on which it may have happened; 10,000 if the end is open."""
        return (self.last_day - self.first_day).days + 1 if self.last_day else 10_000

    @property
    def sources(self) -> list[Body]:
        """Sources cited by the event and its parts, each once."""
        cited = (named for named in referring(self.body) if named["kind"] == "source")
        return list({source["key"]: source for source in cited}.values())

    def killed(self, side: Parties) -> int:
        """Best, or else lowest figure of those killed on this side; 0 if there is none."""
        keys = {actor.key for actor in side}
        return self._most(
            lambda estimate: estimate["subject"] and {party.get("key") for party in estimate["subject"]} <= keys
        )

    def civilians_killed(self) -> int:
        """Highest number of civilians killed, on either side."""
        return self._most(lambda estimate: estimate["camp"] == CIVILIAN)

    def _most(self, of: Callable[[Body], Any]) -> int:
        found = [
            best_of(estimate)
            for estimate in self.body["estimates"]
            if estimate["measure"] == Measure.KILLED
            and estimate["scope"] in (ClaimScope.EVENT, ClaimScope.PART)
            and of(estimate)
        ]
        return max(found, default=0)


def best_of(figure: Mapping[str, Any]) -> int:
    """Single number for an estimate or a total, for formats that have only one: the best figure, or else the lowest."""
    return figure["best"] if figure["best"] is not None else figure["low"] or 0


def events(keys: Iterable[str]) -> Iterator[Event]:
    """Events with these keys, in the order of the keys; read in batches to limit memory."""
    iterator = iter(keys)
    while some := list(islice(iterator, AT_ONCE)):
        texts = dict(queries.rows(PublishedEvent).filter(pk__in=some).values_list("pk", "body"))
        bodies = [json.loads(texts[key]) for key in some if key in texts]
        actors = named_in(bodies)
        places = places_of({body["location"]["key"] for body in bodies if body["location"]})
        for body in bodies:
            yield event(body, actors, places)


def named_in(bodies: Sequence[Body]) -> dict[str, Actor]:
    keys = {part["actor"]["key"] for body in bodies for part in body["participants"]}
    rows = queries.rows(PublishedActor).filter(pk__in=keys).values_list("key", "label", "kind", "family")
    return {row[0]: Actor(*row) for row in rows}


def places_of(keys: Collection[str] | None = None) -> dict[str, Place]:
    """Places with these keys, or all of them, with the places that contain them."""
    rows = queries.rows(PublishedLocation)
    found = rows.filter(pk__in=keys) if keys is not None else rows.all()
    listed = list(found.values_list("key", "label", "kind", "path", "latitude", "longitude"))
    above = {key for *_, path, _, _ in listed for key in path}
    labels = {key: (label, kind) for key, label, kind in rows.filter(pk__in=above).values_list("key", "label", "kind")}

    def within(path: Sequence[str], wanted: str) -> str:
        return next((labels[key][0] for key in reversed(path) if labels[key][1] == wanted), "")

    return {
        key: Place(
            label,
            kind,
            within(path, LocationKind.COUNTRY),
            within(path, LocationKind.REGION),
            within(path, LocationKind.CERCLE),
            within(path, LocationKind.COMMUNE),
            float(latitude) if latitude is not None else None,
            float(longitude) if longitude is not None else None,
        )
        for key, label, kind, path, latitude, longitude in listed
    }


def event(body: Body, actors: Mapping[str, Actor], places: Mapping[str, Place]) -> Event:
    side_a, side_b = incidents.sides(body, actors)
    return Event(
        body=body,
        first_day=date.fromisoformat(body["starts_on"]),
        last_day=incidents.last_day(body),
        side_a=side_a,
        side_b=side_b,
        place=places.get(body["location"]["key"], NOWHERE) if body["location"] else NOWHERE,
        deaths=incidents.deaths(body),
    )
