"""What both shapes need to know of an event: its days, two sides, place in the tree of places, and a range of deaths.

Both shapes hold one row with one figure an event. What they cannot hold is said in the docs:
who gave a figure, rival accounts, findings, uncertainty of a date beyond a number, events of
politics and society, and events without a first day.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange

from conflict.api.compat.countries import CODES, UNKNOWN, Codes
from conflict.api.public import public
from conflict.record.models import PublishedActor, PublishedEvent, PublishedLocation
from conflict.vocabulary import ActorFamily, ActorKind, LocationKind, ParticipantRole, Side

Body = dict[str, Any]
ROLE = ParticipantRole
ATTACKING = frozenset({ROLE.ATTACKER, ROLE.PERPETRATOR, ROLE.BLAMED, ROLE.WINNER, ROLE.ACTING})
ATTACKED = frozenset({ROLE.DEFENDER, ROLE.TARGET, ROLE.VICTIM, ROLE.OPPONENT, ROLE.LOSER, ROLE.DISPLACED})
TAKING_NO_PART = frozenset({ROLE.CONTEXT, ROLE.REPORTER, ROLE.MEDIATOR, ROLE.HOST, ROLE.ORIGIN})
AT_ONCE = 500


class Actor(NamedTuple):
    key: str
    name: str
    kind: str
    family: str

    @property
    def is_civilian(self) -> bool:
        return self.family == ActorFamily.CIVILIAN

    @property
    def is_state(self) -> bool:
        states = (
            ActorKind.STATE,
            ActorKind.GOVERNMENT,
            ActorKind.ARMED_FORCE,
            ActorKind.PEACE_OPERATION,
            ActorKind.OPERATION,
        )
        return self.kind in states and self.family in (
            ActorFamily.STATE,
            ActorFamily.FOREIGN,
            ActorFamily.INTERNATIONAL,
        )


class Deaths(NamedTuple):
    """Bounds that hold every account that counts: no lower than the largest lower figure about one subject, no higher
    than the sum of the upper ones, because subjects may be different people or the same.
    """

    low: int
    high: int
    best: int | None


@dataclass(frozen=True)
class Event:
    """An event with a first day, as both shapes see it."""

    body: Body
    first_day: date
    last_day: date | None
    side_a: tuple[Actor, ...]
    side_b: tuple[Actor, ...]
    country: str
    admin_1: str
    admin_2: str
    place: str
    place_kind: str
    deaths: Deaths | None

    @property
    def key(self) -> str:
        return str(self.body["key"])

    @property
    def codes(self) -> Codes:
        return CODES.get(self.country, UNKNOWN)

    @property
    def days(self) -> int:
        """How many days it may have happened on; many where the end is open."""
        return (self.last_day - self.first_day).days + 1 if self.last_day else 10_000

    @property
    def sources(self) -> list[Body]:
        """The sources behind the event and its claims, each once, in order."""
        citations = [*self.body["citations"], *(cited for claim in self.body["claims"] for cited in claim["citations"])]
        return list({citation["source"]["key"]: citation["source"] for citation in citations}.values())

    def killed(self, side: tuple[Actor, ...]) -> int:
        """The lower figure of those killed on this side; 0 where nobody gave one."""
        keys = {actor.key for actor in side}
        lows = [
            estimate["low"] or 0
            for estimate in self.body["estimates"]
            if estimate["measure"] == "killed"
            and estimate["subject"]
            and {party.get("key") for party in estimate["subject"]} <= keys
        ]
        return max(lows, default=0)


class Place(NamedTuple):
    name: str
    kind: str
    path: list[str]


def events(start: date | None = None, end: date | None = None) -> Iterator[Event]:
    """All events with a first day, in the order of the chronology; those that overlap [start, end) where it is given."""
    actors = {row[0]: Actor(*row) for row in public(PublishedActor).values_list("key", "label", "kind", "family")}
    places = {
        key: Place(name, kind, path)
        for key, name, kind, path in public(PublishedLocation).values_list("key", "label", "kind", "path")
    }
    rows = public(PublishedEvent).filter(span__isnull=False, span__startswith__isnull=False).order_by("sorts_on", "key")
    if start or end:
        rows = rows.filter(span__overlap=DateRange(start, end))
    for text in rows.values_list("body", flat=True).iterator(chunk_size=AT_ONCE):
        yield event(json.loads(text), actors, places)


def event(body: Body, actors: dict[str, Actor], places: dict[str, Place]) -> Event:
    here = places.get(body["location"]["key"]) if body["location"] else None
    above = [places[key] for key in here.path if key in places] if here else []
    side_a, side_b = _sides(body, actors)
    ends_before = body["ends_before"]
    return Event(
        body=body,
        first_day=date.fromisoformat(body["starts_on"]),
        last_day=date.fromisoformat(ends_before) - timedelta(days=1) if ends_before else None,
        side_a=side_a,
        side_b=side_b,
        country=_named(above, LocationKind.COUNTRY),
        admin_1=_named(above, LocationKind.REGION),
        admin_2=_named(above, LocationKind.CERCLE),
        place=here.name if here else "",
        place_kind=here.kind if here else "",
        deaths=_deaths(body),
    )


def number(text: str) -> int:
    """A number for shapes whose ids are numbers: always the same for the same key, and small enough for any client."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _sides(body: Body, actors: dict[str, Actor]) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Who acted and who was acted upon. Who stands on neither side fills the empty one: sides imply no blame."""
    one, other, rest = [], [], []
    for part in body["participants"]:
        actor = actors.get(part["actor"]["key"])
        if actor is None or part["role"] in TAKING_NO_PART:
            continue
        if part["side"] == Side.ATTACKING or (not part["side"] and part["role"] in ATTACKING):
            one.append(actor)
        elif part["side"] == Side.DEFENDING or part["role"] in ATTACKED:
            other.append(actor)
        else:
            rest.append(actor)
    if not one:
        one, rest = rest[:1], rest[1:]
    if not other:
        other, rest = rest[:1], rest[1:]
    return tuple(dict.fromkeys(one)), tuple(dict.fromkeys(other))


def _named(above: list[Place], kind: str) -> str:
    return next((place.name for place in reversed(above) if place.kind == kind), "")


def _deaths(body: Body) -> Deaths | None:
    found = [estimate for estimate in body["estimates"] if estimate["measure"] == "killed"]
    lows = [estimate["low"] for estimate in found if estimate["low"] is not None]
    highs = [estimate["high"] for estimate in found if estimate["high"] is not None]
    if not lows and not highs:
        return None
    bests = [
        finding["best"]
        for finding in body["findings"]
        if finding["measure"] == "killed" and finding["best"] is not None
    ]
    low = max(lows, default=0)
    return Deaths(low, max(low, sum(highs)), bests[0] if len(bests) == 1 else None)
