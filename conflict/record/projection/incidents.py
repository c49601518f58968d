"""Incidents: data for formats with one figure and two sides, and the table by which they are queried."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from conflict import families
from conflict.chronology import CIVILIAN, Camp
from conflict.vocabulary import ActorKind, Measure, ParticipantRole, Side

Body = dict[str, Any]
ROLE = ParticipantRole
ATTACKING = frozenset({ROLE.ATTACKER, ROLE.PERPETRATOR, ROLE.BLAMED, ROLE.WINNER, ROLE.ACTING})
ATTACKED = frozenset({ROLE.DEFENDER, ROLE.TARGET, ROLE.VICTIM, ROLE.OPPONENT, ROLE.LOSER, ROLE.DISPLACED})
TAKING_NO_PART = frozenset({ROLE.CONTEXT, ROLE.REPORTER, ROLE.MEDIATOR, ROLE.HOST, ROLE.ORIGIN})
STATES = frozenset(
    {ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.ARMED_FORCE, ActorKind.PEACE_OPERATION, ActorKind.OPERATION}
)
NOT_OF_A_STATE = frozenset({Camp.REBELS, Camp.MILITIA, Camp.CIVILIANS})
FIRST_SIDE, SECOND_SIDE = frozenset({Side.ATTACKING, Side.FIRST}), frozenset({Side.DEFENDING, Side.SECOND})
UNARMED = frozenset({ActorKind.CIVILIANS, ActorKind.POPULATION})
FORCES = frozenset(
    {ActorKind.ARMED_FORCE, ActorKind.OPERATION, ActorKind.PEACE_OPERATION, ActorKind.PRIVATE_MILITARY, ActorKind.STATE}
)
STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3
COLUMNS = (
    *("event_id", "sorts_on", "first_day", "last_day", "kind", "location_id", "side_a", "side_b"),
    *("number", "side_a_number", "side_b_number", "dyad_number", "violence", "deaths_low", "deaths_high"),
)
AT_ONCE = 500


class Actor(NamedTuple):
    key: str
    name: str
    kind: str
    family: str
    is_associated: bool = False  # named only along with another actor of its side

    @property
    def camp(self) -> Camp:
        return families.camp(self.family)

    @property
    def is_civilian(self) -> bool:
        return self.camp == Camp.CIVILIANS or self.kind == ActorKind.CIVILIANS

    @property
    def is_state(self) -> bool:
        return self.kind in STATES and self.camp not in NOT_OF_A_STATE


Parties = tuple[Actor, ...]


class Deaths(NamedTuple):
    """Total killed, from `conflict.totals`."""

    low: int
    high: int
    best: int | None


def incident(body: Body, sorts_on: date, actors: Mapping[str, Actor]) -> tuple[Any, ...]:
    """Values of the event's row, in the order of COLUMNS."""
    side_a, side_b = sides(body, actors)
    dead, (name_a, name_b) = deaths(body), (name_of(side_a), name_of(side_b))
    return (
        body["key"],
        sorts_on,
        date.fromisoformat(body["starts_on"]),
        last_day(body),
        body["kind"],
        body["location"]["key"] if body["location"] else None,
        names(side_a),
        names(side_b),
        number(body["key"]),
        number(name_a),
        number(name_b),
        number(dyad(name_a, name_b)),
        violence(side_a, side_b),
        dead.low if dead else None,
        dead.high if dead else None,
    )


def last_day(body: Body) -> date | None:
    return date.fromisoformat(body["ends_before"]) - timedelta(days=1) if body["ends_before"] else None


def sides(body: Body, actors: Mapping[str, Actor], *, is_even: bool = True) -> tuple[Parties, Parties]:
    """Split the participants into those who acted and those acted upon.

    If both sides are wanted, a party without a side fills the empty one: sides imply no blame. Whoever is only
    associated with the second side never stands for it.
    """
    one: list[Actor] = []
    other: list[Actor] = []
    both: list[Actor] = []  # associated with either side
    rest: list[Actor] = []
    for part in body["participants"]:
        actor = actors.get(part["actor"]["key"])
        if actor is None or part["role"] in TAKING_NO_PART:
            continue
        actor = actor._replace(is_associated=part["role"] == ROLE.ASSOCIATED)
        if actor.is_associated and not part["side"]:
            both.append(actor)
        elif part["side"] in FIRST_SIDE or (not part["side"] and part["role"] in ATTACKING):
            one.append(actor)
        elif part["side"] in SECOND_SIDE or part["role"] in ATTACKED:
            other.append(actor)
        else:
            rest.append(actor)
    if is_even and _first(one) is None:
        one, rest = one + rest[:1], rest[1:]
    if is_even and _first(other) is None:
        other, rest = other + rest[:1], rest[1:]
    side_a, side_b = _in_order(one + both), _in_order(other + both if _first(other) or not is_even else other)
    if is_even and side_a and side_a[0].is_associated:  # nobody else is known to have acted
        side_a = (side_a[0]._replace(is_associated=False), *side_a[1:])
    return side_a, side_b


def _first(side: Sequence[Actor]) -> Actor | None:
    return next((actor for actor in side if not actor.is_associated), None)


def _in_order(side: Sequence[Actor]) -> Parties:
    """Each actor once; those named only in association with another come last."""
    found: dict[str, Actor] = {}
    for actor in sorted(side, key=lambda actor: actor.is_associated):
        found.setdefault(actor.key, actor)
    return tuple(found.values())


def names(side: Parties) -> list[str]:
    """Names of the side, its first actor first; an empty name stands for it if only others associated with it are known."""
    return [*([""] if side and side[0].is_associated else []), *(actor.name for actor in side)]


def deaths(body: Body) -> Deaths | None:
    """Death toll; None if nobody gives a number."""
    for total in body.get("totals", ()):  # bodies from before there were totals, while an old database is upgraded
        if total["measure"] == Measure.KILLED and total["high"] is not None:
            return Deaths(total["low"] or 0, total["high"], total["best"])
    return None


def tell_parties(body: Body, actors: Mapping[str, Actor]) -> None:
    """Set the claimant's side on each claim, and the side and type of the subject on each estimate, as far as known."""
    side_a, side_b = ({actor.key for actor in side} for side in sides(body, actors, is_even=False))

    def side_of(parties: list[Body]) -> str:
        keys = {party.get("key", "") for party in parties}
        for side, own, other in ((Side.ATTACKING, side_a, side_b), (Side.DEFENDING, side_b, side_a)):
            if keys and keys <= own and not keys & other:
                return side.value
        return ""

    stood = sides_told(body)
    for claim in body["claims"]:
        claimants = {stood.get(party.get("key", ""), "") for party in claim["claimant"]}
        claim["claimant_side"] = claimants.pop() if len(claimants) == 1 else ""
    for estimate in body["estimates"]:
        estimate["side"] = side_of(estimate["subject"])
        if [party.get("name") for party in estimate["subject"]] == ["civilians"]:
            estimate["camp"] = CIVILIAN  # described by a category, as data sets do
        keys = {party.get("key", "") for party in estimate["subject"]}
        known = [actors[key] for key in keys if key in actors]
        if not keys or len(known) < len(keys):
            continue
        estimate["is_person"] = [actor.kind for actor in known] == [ActorKind.PERSON]
        camps = {camp_of(actor) for actor in known}
        estimate["camp"] = camps.pop() if len(camps) == 1 else ""


def sides_told(body: Body) -> dict[str, str]:
    """Side of each actor reported to have attacked or been attacked; actors that did both have none."""
    found: dict[str, set[str]] = {}
    for part in body["participants"]:
        if part["side"] == Side.ATTACKING or (not part["side"] and part["role"] in (ROLE.ATTACKER, ROLE.PERPETRATOR)):
            found.setdefault(part["actor"]["key"], set()).add(Side.ATTACKING.value)
        elif part["side"] == Side.DEFENDING or part["role"] in (ROLE.DEFENDER, ROLE.TARGET, ROLE.VICTIM):
            found.setdefault(part["actor"]["key"], set()).add(Side.DEFENDING.value)
    return {actor: sides.pop() for actor, sides in found.items() if len(sides) == 1}


def camp_of(actor: Actor) -> str:
    """Camp to which all of the party belongs, so that nobody counts among the dead of two camps. Empty if unsure.

    Foreign forces and peacekeepers form one camp, because the former serve among the latter.
    """
    if actor.kind in UNARMED:
        return CIVILIAN
    if actor.camp in (Camp.STATE, Camp.REBELS, Camp.MILITIA):
        return actor.family
    if actor.kind in FORCES and actor.camp in (Camp.FOREIGN, Camp.INTERNATIONAL):
        return Camp.FOREIGN.value
    return ""


def violence(side_a: Parties, side_b: Parties) -> int:
    """1 if a state fights an armed party, 2 if no party is a state, 3 if only civilians are attacked."""
    if side_b and all(actor.is_civilian for actor in side_b):
        return ONE_SIDED
    return STATE_BASED if any(actor.is_state for actor in (*side_a, *side_b)) else NON_STATE


def armed(side: Parties) -> Parties:
    return tuple(actor for actor in side if not actor.is_civilian)


def name_of(side: Parties) -> str:
    if side and all(actor.is_civilian for actor in side):
        return "Civilians"
    return ", ".join(actor.name for actor in armed(side)) or "Unknown"


def dyad(name_a: str, name_b: str) -> str:
    return f"{name_a} - {name_b}"


def number(text: str) -> int:
    """Numeric id for formats that need one: deterministic for the same text, and small enough for any client."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
