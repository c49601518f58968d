"""The range that an event's claims span, where no finding was decided: computed, and without a best figure.

One estimate per measure and subject: the smallest lower figure and the largest upper one over
the claims that are neither deprecated nor revised. Figures about different subjects are never
added up or mixed: 46 bodies of one side and 148 of all sides are two estimates. A part of a
whole that is counted too (41 of 800 hostages) does not widen the range downwards.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conflict.vocabulary import QUALIFIERS_IN_WORDS, ClaimKind, ClaimRelationKind, Qualifier, Rank

OPEN_ABOVE = frozenset(
    {Qualifier.AT_LEAST, Qualifier.MORE_THAN, *QUALIFIERS_IN_WORDS} - {Qualifier.ALL, Qualifier.UNKNOWN}
)
REPLACING = frozenset({ClaimRelationKind.REVISES, ClaimRelationKind.SUPERSEDES})

Claim = Mapping[str, Any]
Subject = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Estimate:
    """What the counted claims on one measure and subject span.

    `low` or `high` is None where no claim gives a number for it. `is_open_above`: somebody
    said "at least" or "dozens", so the range does not end at `high`. `in_words`: qualifiers
    that stood without a number. `claims`: keys of the claims that count, in order.
    """

    measure: str
    subject: list[dict[str, str]]
    low: int | None = None
    high: int | None = None
    is_open_above: bool = False
    in_words: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    claimants: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "subject": self.subject,
            "low": self.low,
            "high": self.high,
            "is_open_above": self.is_open_above,
            "in_words": self.in_words,
            "claims": self.claims,
            "claimants": self.claimants,
        }


def estimates(claims: Iterable[Claim], replaced: Collection[str] = ()) -> list[Estimate]:
    """Estimates in order of measure and subject.

    `claims` are claims as documents have them; `replaced` are keys of claims that claims of
    other events revise or supersede. Claims that say something was not so give no figure.
    """
    claims = list(claims)
    out = set(replaced) | {
        relation["claim"]["key"] for claim in claims for relation in claim["relations"] if relation["kind"] in REPLACING
    }
    groups: dict[tuple[str, Subject], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim["kind"] == ClaimKind.FIGURE and claim["rank"] != Rank.DEPRECATED and claim["key"] not in out:
            groups[claim["measure"], identity(claim["subject"])].append(claim)
    return [
        _spanning(measure, _wholes(group)) for (measure, _), group in sorted(groups.items(), key=lambda item: item[0])
    ]


def _wholes(claims: list[Claim]) -> list[Claim]:
    """Without those that are part of another claim on the same measure and subject."""
    if len(claims) == 1:
        return claims
    here = {claim["key"] for claim in claims}
    return [
        claim
        for claim in claims
        if not any(
            relation["kind"] == ClaimRelationKind.PART_OF and relation["claim"]["key"] in here
            for relation in claim["relations"]
        )
    ]


def identity(subject: Iterable[Mapping[str, str]]) -> Subject:
    """What makes two subjects the same: kinds and keys (or descriptions), in any order."""
    return tuple(sorted((party["kind"], party.get("key") or party["name"]) for party in subject))


def _spanning(measure: str, claims: list[Claim]) -> Estimate:
    lows = [claim["low"] for claim in claims if claim["low"] is not None]
    tops = [
        top for claim in claims if (top := claim["high"] if claim["high"] is not None else claim["low"]) is not None
    ]
    return Estimate(
        measure=measure,
        subject=list(claims[0]["subject"]),
        low=min(lows, default=None),
        high=max(tops, default=None),
        is_open_above=any(claim["qualifier"] in OPEN_ABOVE for claim in claims),
        in_words=sorted({claim["qualifier"] for claim in claims if claim["qualifier"] in QUALIFIERS_IN_WORDS}),
        claims=[claim["key"] for claim in claims],
        claimants=len({identity(claim["claimant"]) for claim in claims}),
    )
