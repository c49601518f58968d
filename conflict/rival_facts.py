"""Disputed events: claims that dispute one another, and rival dates, places, participants and holders of a place: claims
that say other than the event itself, or than one another. Pure.

The event's own date, places and participants are the published choice; a finding gives its reason.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations, permutations
from typing import Any

from conflict import dates, estimates
from conflict.estimates import AnyClaim, asserts, denies, identity
from conflict.vocabulary import DISPUTING, ClaimKind, EventStanding

Claim = Mapping[str, Any]
Event = Mapping[str, Any]
Party = tuple[str, str]
Dispute = tuple[str, str]
Replaced = Collection[str] | None

NOBODY_NAMED: Party = ("described", "")

FACTS = (ClaimKind.DATE, ClaimKind.PLACE, ClaimKind.PARTICIPANT)  # a finding's aspect has the same value


def in_force(claims: Iterable[Claim], fact: ClaimKind, replaced: Replaced = None) -> list[Claim]:
    """Claims on one of the facts that are in force."""
    return [claim for claim in estimates.in_force(claims, replaced) if claim["kind"] == fact]


def is_disputed(event: Event, replaced: Replaced = None) -> bool:
    """True if the event is contested, its claims dispute one another, or they exclude a fact of it.

    Here and below, `replaced` are the claims that others replaced, as for `estimates.in_force`.
    """
    return bool(
        event["standing"] == EventStanding.CONTESTED
        or disputes(event["claims"], replaced)
        or rival_facts(event, replaced)
    )


def disputes(claims: Iterable[Claim], replaced: Replaced = None) -> list[Dispute]:
    """Keys of each claim that contradicts, denies or disputes another, and of that other, both being in force.

    Of a claim of another event only the relation is known here: it counts, whichever of the two makes it. (Bodies leave
    out those of deprecated claims.)
    """
    claims = list(claims)
    gone = {claim["key"] for claim in claims} - {claim["key"] for claim in estimates.in_force(claims, replaced)}
    found: list[Dispute] = []
    for claim in claims:
        found += [(claim["key"], other) for other in estimates.related(claim, DISPUTING)]
        found += [(other, claim["key"]) for other in estimates.relating(claim, DISPUTING)]
    return [pair for pair in dict.fromkeys(found) if gone.isdisjoint(pair)]


def rival_facts(event: Event, replaced: Replaced = None) -> list[ClaimKind]:
    """The facts on which claims say other than the event, or than one another."""
    return [fact for fact in FACTS if _differ(event, fact, replaced)]


def _differ(event: Event, fact: ClaimKind, replaced: Replaced) -> bool:
    if not (claims := in_force(event["claims"], fact, replaced)):
        return False
    asserted = [claim for claim in claims if asserts(claim)]
    denied = [claim for claim in claims if denies(claim)]
    if fact == ClaimKind.DATE:
        days = {claim["when"] for claim in asserted} | ({event["when"]} if event["when"] else set())
        own = {event["when"], *(claim["when"] for claim in asserted)}
        return any(_exclude(one, other) for one, other in combinations(sorted(days), 2)) or any(
            claim["when"] in own for claim in denied
        )
    parties = {party for claim in asserted for party in identity(claim["subject"])}
    not_so = {party for claim in denied for party in identity(claim["subject"])}
    own_parties = set(identity(_own(event, fact)))
    return bool(own_parties and parties - own_parties) or bool(not_so & (own_parties | parties))


def rival_holders(claims: Iterable[AnyClaim], when: str, replaced: Replaced = None) -> list[tuple[AnyClaim, AnyClaim]]:
    """Of these claims of control over one place, each that names a holder for whom another leaves no room, and that other.

    A claim speaks of its own days, or else of those of the event (`when`); of other days, it is no rival.
    """
    claims = [claim for claim in estimates.in_force(claims, replaced) if asserts(claim) or denies(claim)]
    return [
        (one, other)
        for one, other in permutations(claims, 2)
        if not denies(one)
        and not _are_of_other_days(one, other, when)
        and any(leaves_no_room(other, holder) for holder in _holders(one))
    ]


def leaves_no_room(claim: Claim, holder: Party) -> bool:
    """True if the claim of control names other holders alone, or denies that this one held the place."""
    return denies(claim) == (holder in _holders(claim))


def _holders(claim: Claim) -> tuple[Party, ...]:
    return identity(claim["holder"]) or (NOBODY_NAMED,)


def _are_of_other_days(one: Claim, other: Claim, when: str) -> bool:
    first, second = one["scope_when"] or when, other["scope_when"] or when
    return bool(first and second and _exclude(first, second))


def _own(event: Event, fact: ClaimKind) -> list[Mapping[str, str]]:
    if fact == ClaimKind.PARTICIPANT:
        return [part["actor"] for part in event["participants"]]
    return [place for place in (event["location"], *event["other_locations"]) if place]


def _exclude(one: str, other: str) -> bool:
    """Return True if no day is meant by both dates."""
    first, second = dates.parse(one), dates.parse(other)
    return not first.may_lie_within(second.starts_on, second.ends_before)
