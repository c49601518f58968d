"""Independence of accounts: how many origins the articles that carry them have. Pure.

Three articles that quote one spokesman, carry one agency's report or belong to one house have one origin. The origins of
an account are its claimants, its outermost relay, and the house that published it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from conflict.estimates import identity

Claim = Mapping[str, Any]
Origin = tuple[str, str]
Houses = Mapping[str, str]  # by key of the source: key of the actor that its publisher is part of, from the top

EXACT_UP_TO = 16  # accounts; of more, those with the fewest origins are taken first


class Independence(NamedTuple):
    """Number of articles that carry some claims, and of the origins that these have."""

    articles: int
    origins: int


def independence(claims: Iterable[Claim], houses: Houses) -> Independence:
    """Articles that these claims cite, and as many of their accounts as have no origin in common."""
    claims = list(claims)
    articles = {citation["source"]["key"] for claim in claims for citation in claim["citations"]}
    return Independence(len(articles), _most_disjoint(_accounts(claims, houses)))


def houses(publishers: Mapping[str, str], parents: Iterable[tuple[str, str]]) -> dict[str, str]:
    """House of each source: what its publisher is part of, from the top; of several wholes, the first by key.

    `publishers` are the actors that published the sources, `parents` pairs of an actor and one that it is part of.
    """
    above: dict[str, str] = {}
    for actor, parent in parents:
        above[actor] = min(parent, above.get(actor, parent))
    return {source: _top(publisher, above) for source, publisher in publishers.items()}


def _top(actor: str, above: Mapping[str, str]) -> str:
    way = [actor]
    while (higher := above.get(way[-1])) is not None:
        if higher in way:  # parts of one another, at different times
            return min(way[way.index(higher) :])
        way.append(higher)
    return way[-1]


def _accounts(claims: Iterable[Claim], houses: Houses) -> list[frozenset[Origin]]:
    """Origins of each claim as each article carries it."""
    return list(
        {
            frozenset((*_said_by(claim), _house(citation["source"]["key"], houses)))
            for claim in claims
            for citation in claim["citations"]
        }
    )


def _said_by(claim: Claim) -> list[Origin]:
    return [*identity(claim["claimant"]), *identity(claim["relayed_by"][-1:])]


def _house(source: str, houses: Houses) -> Origin:
    return ("actor", houses[source]) if source in houses else ("source", source)


def _most_disjoint(accounts: list[frozenset[Origin]]) -> int:
    """Size of the largest set of accounts without a common origin."""
    waiting = sorted(accounts, key=lambda account: (len(account), sorted(account)))
    if len(waiting) > EXACT_UP_TO:
        taken: set[Origin] = set()
        number = 0
        for account in waiting:
            if not account & taken:
                taken |= account
                number += 1
        return number
    return _largest(waiting)


def _largest(accounts: list[frozenset[Origin]]) -> int:
    if not accounts:
        return 0
    first, *rest = accounts
    with_it = 1 + _largest([account for account in rest if not account & first])
    return with_it if with_it > len(rest) else max(with_it, _largest(rest))
