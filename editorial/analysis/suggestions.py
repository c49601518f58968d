"""Suggested findings from an event's claims: a grade and a range, never more than a suggestion.

Grades as Airwars publishes them: confirmed, a party accepted it; fair, two or more origins;
weak, a single one; contested, rival accounts. On an encyclopaedia alone, fair is the highest.
Pure: claims as documents have them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conflict import rival_facts
from conflict.documents.encyclopaedias import capped
from conflict.estimates import Estimate, Subject, denies, estimates, identity, in_force
from conflict.independence import Houses, Independence, independence
from conflict.vocabulary import ClaimKind, FindingAspect, FindingRule, Grade

Claim = Mapping[str, Any]

ON_OCCURRENCE = frozenset({ClaimKind.OCCURRENCE, ClaimKind.CONFIRMATION, ClaimKind.DENIAL})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A finding that an editor may accept, change or ignore; `reason` explains its basis."""

    aspect: FindingAspect
    grade: Grade
    rule: FindingRule
    reason: str
    claims: tuple[str, ...]
    measure: str = ""
    subject: Subject = ()
    low: int | None = None
    best: int | None = None
    high: int | None = None


def suggestions(event: Mapping[str, Any], houses: Houses, articles: frozenset[str] = frozenset()) -> list[Suggestion]:
    """Suggestions: figures by measure and subject, then occurrence, attribution, and rival dates, places and
    participants; empty without claims. `houses` are those of the publishers of what the claims cite, `articles` those of
    the sources that are an encyclopaedia's.
    """
    claims = event["claims"]
    counted = in_force(claims)
    found: list[Suggestion | None] = [_of_figure(estimate, counted, houses) for estimate in estimates(claims)]
    found += [_of_occurrence(counted, houses), _of_attribution(counted, houses, articles)]
    found += [_of_rivals(event, fact) for fact in rival_facts.rival_facts(event)]
    return [suggestion for suggestion in found if suggestion]


def _carried(found: Independence) -> str:
    """“3 articles, 1 origin”"""
    return f"{_count(found.articles, 'article')}, {_count(found.origins, 'origin')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _of_rivals(event: Mapping[str, Any], fact: ClaimKind) -> Suggestion:
    """The event's own date, places or participants as a choice that is contested, for an editor to give the reason."""
    keys = tuple(claim["key"] for claim in rival_facts.in_force(event["claims"], fact))
    reason = "Accounts say other than this, or than one another. Say why the event says what it says."
    return Suggestion(FindingAspect(fact.value), Grade.CONTESTED, FindingRule.EDITORS_JUDGEMENT, reason, keys)


def _of_figure(estimate: Estimate, counted: Sequence[Claim], houses: Houses) -> Suggestion | None:
    claims = [claim for claim in counted if claim["key"] in estimate.claims]
    if estimate.low is None and estimate.high is None:
        return None
    best, found = _majority(claims, houses), independence(claims, houses)
    if len(claims) == 1:
        grade, rule, best = Grade.WEAK, FindingRule.SINGLE_CLAIM, None
        reason = "One account gives a figure."
    elif best is not None:
        grade, rule = Grade.FAIR, FindingRule.INDEPENDENT_MAJORITY
        reason = f"Most of {len(claims)} accounts ({_carried(found)}) give {best}."
    elif _rival(claims):
        grade, rule = Grade.CONTESTED, FindingRule.RANGE_OF_CLAIMS
        reason = f"{len(claims)} accounts contradict each other."
    else:
        grade, rule = Grade.FAIR if found.origins > 1 else Grade.WEAK, FindingRule.RANGE_OF_CLAIMS
        reason = f"{len(claims)} accounts ({_carried(found)}) span this range."
    low, high = estimate.low, None if estimate.is_open_above else estimate.high
    if best is not None and high is not None and best > high:
        best = None
    subject = identity(estimate.subject)
    return Suggestion(
        FindingAspect.FIGURE, grade, rule, reason, tuple(estimate.claims), estimate.measure, subject, low, best, high
    )


def _majority(claims: Sequence[Claim], houses: Houses) -> int | None:
    """The number given by more than half of the accounts, from at least two origins."""
    by_number: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim["low"] is not None and claim["low"] == claim["high"]:
            by_number[claim["low"]].append(claim)
    for number, agreeing in by_number.items():
        if 2 * len(agreeing) > len(claims) and independence(agreeing, houses).origins > 1:
            return number
    return None


def _rival(claims: Sequence[Claim]) -> bool:
    keys = {claim["key"] for claim in claims}
    return any(keys.issuperset(pair) for pair in rival_facts.disputes(claims))


def _of_occurrence(counted: Sequence[Claim], houses: Houses) -> Suggestion | None:
    claims = [claim for claim in counted if claim["kind"] in ON_OCCURRENCE]
    if not claims:
        return None
    keys = tuple(claim["key"] for claim in claims)
    denying = [claim for claim in claims if denies(claim)]
    if denying and len(denying) < len(claims):
        return Suggestion(
            FindingAspect.OCCURRENCE,
            Grade.CONTESTED,
            FindingRule.RANGE_OF_CLAIMS,
            "Some say that it happened, others deny it.",
            keys,
        )
    if denying:
        return Suggestion(
            FindingAspect.OCCURRENCE,
            Grade.DISCOUNTED,
            FindingRule.RANGE_OF_CLAIMS,
            "Whoever spoke of it denies that it happened.",
            keys,
        )
    found = independence(claims, houses)
    return _by_origins(FindingAspect.OCCURRENCE, found, keys, "say that it happened")


def _of_attribution(counted: Sequence[Claim], houses: Houses, articles: frozenset[str]) -> Suggestion | None:
    """Attribution: claims of responsibility, by the party they name."""
    named: dict[Subject, list[Claim]] = defaultdict(list)
    denied: set[Subject] = set()
    for claim in counted:
        if claim["kind"] == ClaimKind.RESPONSIBILITY and claim["subject"]:
            subject = identity(claim["subject"])
            if denies(claim):
                denied.add(subject)
            else:
                named[subject].append(claim)
    if not named:
        return None
    keys = tuple(claim["key"] for claims in named.values() for claim in claims)
    accepted = [
        subject for subject, claims in named.items() if any(identity(claim["claimant"]) == subject for claim in claims)
    ]
    contested = len(named) > 1 or bool(denied & named.keys())
    if contested:
        return Suggestion(
            FindingAspect.ATTRIBUTION,
            Grade.CONTESTED,
            FindingRule.RANGE_OF_CLAIMS,
            "Accounts of who did it compete, or who is named denies it.",
            keys,
        )
    [(subject, claims)] = named.items()
    if accepted:
        return Suggestion(
            FindingAspect.ATTRIBUTION,
            capped(Grade.CONFIRMED, claims, articles),
            FindingRule.MOST_AUTHORITATIVE,
            "The party itself says that it did it.",
            keys,
            subject=subject,
        )
    found = independence(claims, houses)
    return _by_origins(FindingAspect.ATTRIBUTION, found, keys, "name the same party", subject)


def _by_origins(
    aspect: FindingAspect, found: Independence, keys: tuple[str, ...], say: str, subject: Subject = ()
) -> Suggestion:
    if found.origins > 1:
        reason = f"{_carried(found)} {say}."
        return Suggestion(aspect, Grade.FAIR, FindingRule.INDEPENDENT_MAJORITY, reason, keys, subject=subject)
    reason = f"{_carried(found)} says so." if found.articles > 1 else "A single source says so."
    return Suggestion(aspect, Grade.WEAK, FindingRule.SINGLE_CLAIM, reason, keys, subject=subject)
