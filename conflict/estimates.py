"""Range given by an event's claims: computed, and without a best figure of our own.

There is one **estimate** for each measure, unit, subject and scope: the smallest lower and the largest upper figure of
the claims that count. Estimates are added up in `conflict.totals`.

A claim counts as long as it asserts a figure. Left out are denials, claims that something did not happen, deprecated
claims, and claims revised by another one that asserts and is not deprecated. Figures of different subjects, units or
scopes never form one range: 46 soldiers and 148 on all sides, 2 km and 300 m, seven dead in an assault and 39 in the
whole crisis. A part of a whole that is counted as well (41 of 800 hostages) does not lower the range.

That low, best and high of one claim are in order is a constraint of `conflict.models.claim`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from conflict.vocabulary import PERSONS, QUALIFIERS_IN_WORDS, ClaimKind, ClaimRelationKind, Qualifier, Rank, Stance

OPEN_ABOVE = frozenset(
    {Qualifier.AT_LEAST, Qualifier.MORE_THAN, *QUALIFIERS_IN_WORDS} - {Qualifier.ALL, Qualifier.UNKNOWN}
)
# Bounds of a figure in words, drawn wide: a witness who counted 46 does not contradict one who saw dozens.
NUMBERS_IN_WORDS = {Qualifier.SEVERAL: (3, 99), Qualifier.DOZENS: (20, 199), Qualifier.HUNDREDS: (200, 1999)}
ASSERTING = (Stance.ASSERTS, Stance.CONFIRMS)
REPLACING = frozenset({ClaimRelationKind.REVISES, ClaimRelationKind.SUPERSEDES})

Claim = Mapping[str, Any]
AnyClaim = TypeVar("AnyClaim", bound=Claim)
Subject = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Estimate:
    """Range of the counted claims on one measure, unit, subject and scope.

    `low` or `high` is None if no claim gives a number for it; `low` also if one of them gives only an upper figure ("up
    to 5"). `best` is the claimant's own, if only one figure is given. `is_open_above`: somebody said "at least" or
    "dozens", so the range does not end at `high`. `in_words`: qualifiers given without a number.

    `claims`: keys of the claims that count, in order; `figures`: number of different figures that they give. `side` is
    the side of the event on which all of the subject stood, `camp` the camp to which all of it belongs, `is_person`
    whether it is one named person; empty if unknown. These three are set by code that knows the parties.
    """

    measure: str
    unit: str
    scope: str
    scope_when: str
    subject: list[dict[str, str]]
    low: int | None = None
    best: int | None = None
    high: int | None = None
    is_open_above: bool = False
    in_words: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    claimants: int = 0
    figures: int = 0
    side: str = ""
    camp: str = ""
    is_person: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = tuple(one.name for one in fields(Estimate))


def estimates(claims: Iterable[Claim], replaced: Collection[str] | None = None) -> list[Estimate]:
    """Estimates, ordered by measure, unit, subject and scope. `claims` are claims in the form of documents."""
    groups: dict[tuple[Any, ...], list[Claim]] = defaultdict(list)
    for claim in counting(claims, replaced):
        groups[matter(claim)].append(claim)
    return [_spanning(_wholes(group)) for _, group in sorted(groups.items(), key=lambda item: item[0])]


def accounts_differ(estimate: Mapping[str, Any]) -> bool:
    """Return True if the claims give different figures: two numbers, or words that the number does not bear out."""
    words = estimate["in_words"]
    if estimate["figures"] != 1:
        return estimate["figures"] + len(words) > 1  # type: ignore[no-any-return]
    low, high = estimate["low"] or 0, estimate["high"]
    bounds = [NUMBERS_IN_WORDS.get(word) for word in words]
    return not all(bound and low <= bound[1] and high >= bound[0] for bound in bounds)


def counting(claims: Iterable[Claim], replaced: Collection[str] | None = None) -> list[Claim]:
    """Figures that count: asserted, and in force."""
    return [claim for claim in in_force(claims, replaced) if claim["kind"] == ClaimKind.FIGURE and asserts(claim)]


def in_force(claims: Iterable[AnyClaim], replaced: Collection[str] | None = None) -> list[AnyClaim]:
    """Claims that are neither deprecated nor replaced.

    `replaced` are the keys of replaced claims, if claims of other events were taken into account; otherwise those that
    others among these replace.
    """
    claims = list(claims)
    gone = replaced_within(claims) if replaced is None else replaced
    return [claim for claim in claims if claim["rank"] != Rank.DEPRECATED and claim["key"] not in gone]


def denies(claim: Claim) -> bool:
    """Return True if the claim says that something is not so."""
    return is_denial(claim) or bool(claim["negated"])


def is_denial(claim: Claim) -> bool:
    """Return True if the claim answers another one: “that is not so”."""
    return bool(claim["kind"] == ClaimKind.DENIAL or claim["stance"] == Stance.DENIES)


def asserts(claim: Claim) -> bool:
    """Return True if the claim says that something happened, and has not been deprecated."""
    return (
        claim["rank"] != Rank.DEPRECATED
        and not claim["negated"]
        and claim["kind"] != ClaimKind.DENIAL
        and claim["stance"] in ASSERTING
    )


def matter(claim: Claim) -> tuple[str, str, Subject, str, str]:
    """Key of what a figure is about: claims are rivals only if they agree in all of it."""
    return claim["measure"], unit_of(claim), identity(claim["subject"]), claim["scope"], claim["scope_when"]


def unit_of(claim: Claim) -> str:
    """The unit, regardless of spelling. For people it says who they are; they are counted in persons all the same."""
    if claim["measure"] in PERSONS:
        return ""
    return " ".join(claim["unit"].casefold().split()).removesuffix("s")


def identity(subject: Iterable[Mapping[str, str]]) -> Subject:
    """Identity of a subject: the kinds and keys (or descriptions) of its parties, in any order."""
    found = [(party["kind"], party.get("key") or party["name"]) for party in subject]
    return tuple(found) if len(found) < 2 else tuple(sorted(found))


def replaced_within(claims: Iterable[Claim]) -> set[str]:
    """Claims that others among these revise or supersede, even indirectly: through one that is deprecated, too.

    Claims that revise each other both remain valid.
    """
    claims = list(claims)
    later = {claim["key"]: related(claim, REPLACING) for claim in claims if not claim["negated"]}
    earlier = leading_to(later)
    return {key for claim in claims if asserts(claim) for key in earlier.get(claim["key"], ())}


def leading_to(steps: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """For each node, everything reachable from it that does not lead back: in a cycle, nothing ranks above anything."""
    reached = {start: reached_from(start, steps) for start in steps}
    return {start: {key for key in found if start not in reached.get(key, ())} for start, found in reached.items()}


def reached_from(start: str, steps: Mapping[str, Collection[str]]) -> set[str]:
    """Everything reachable from a node, itself if it lies on a cycle."""
    found: set[str] = set()
    waiting = list(steps[start])
    while waiting:
        if (key := waiting.pop()) not in found:
            found.add(key)
            waiting += steps.get(key, ())
    return found


def related(claim: Claim, kinds: Collection[str]) -> list[str]:
    """Keys of the claims to which this one has relations of these kinds."""
    return [relation["claim"]["key"] for relation in claim["relations"] if relation["kind"] in kinds]


def relating(claim: Claim, kinds: Collection[str]) -> list[str]:
    """Keys of the claims that have relations of these kinds to this one; none in a document, which does not say so."""
    return [relation["claim"]["key"] for relation in claim.get("related_from", ()) if relation["kind"] in kinds]


def _wholes(claims: list[Claim]) -> list[Claim]:
    """The claims without those that are part of another one on the same matter, if that one gives a number."""
    if len(claims) == 1:
        return claims
    above = leading_to({claim["key"]: related(claim, {ClaimRelationKind.PART_OF}) for claim in claims})
    numbered = {claim["key"] for claim in claims if _is_numbered(claim)}
    return [claim for claim in claims if not above[claim["key"]] & numbered]


def _is_numbered(claim: Claim) -> bool:
    return claim["low"] is not None or claim["high"] is not None


def _spanning(claims: list[Claim]) -> Estimate:
    first, numbered = claims[0], [claim for claim in claims if _is_numbered(claim)]
    lows = [claim["low"] for claim in numbered if claim["low"] is not None]
    tops = [claim["low"] if claim["high"] is None else claim["high"] for claim in numbered]
    figures = {(claim["low"], claim["best"], claim["high"], claim["qualifier"] in OPEN_ABOVE) for claim in numbered}
    units = {claim["unit"] for claim in claims}
    return Estimate(
        measure=first["measure"],
        unit=first["unit"] if len(units) == 1 or first["measure"] not in PERSONS else "",
        scope=first["scope"],
        scope_when=first["scope_when"],
        subject=list(first["subject"]),
        low=min(lows) if lows and len(lows) == len(numbered) else None,
        best=numbered[0]["best"] if len(figures) == 1 else None,
        high=max(tops, default=None),
        is_open_above=any(claim["qualifier"] in OPEN_ABOVE for claim in claims),
        in_words=sorted({claim["qualifier"] for claim in claims if claim["qualifier"] in QUALIFIERS_IN_WORDS}),
        claims=[claim["key"] for claim in claims],
        claimants=len({identity(claim["claimant"]) for claim in claims}),
        figures=len(figures),
    )
