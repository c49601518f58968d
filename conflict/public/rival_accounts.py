"""Events whose accounts contradict each other, each reduced to one question and two answers."""

from dataclasses import dataclass
from typing import Any

from conflict.estimates import identity, in_force
from conflict.public import claim_groups
from conflict.public.charts import figure_scale
from conflict.public.claim_groups import ABOUT_A_FACT, ABOUT_A_FIGURE, ABOUT_SOMETHING_ELSE, ClaimGroup
from conflict.wording import figures, headlines
from conflict.wording.localized_texts import in_page_language
from conflict.wording.messages import gettext as _
from conflict.wording.messages import pgettext
from conflict.wording.terms import capital

Claim = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One answer: who gives it (“The army says”), in their words or as a figure, and the key of the claim."""

    who: str
    answer: str
    claim: str


@dataclass(frozen=True, slots=True)
class RivalAccounts:
    event: dict[str, Any]
    question: str
    sides: list[Side]
    others: int
    """Number of accounts of the same matter beside these two."""
    questions: int
    """Number of further questions about the event on which accounts differ."""
    scale: figure_scale.Scale | None


def rival_accounts(event: dict[str, Any]) -> RivalAccounts | None:
    """First question about the event on which accounts differ; None if there is none."""
    groups = [group for group in claim_groups.matters(event) if group.competes]
    if not groups:
        return None
    claims = {claim["key"]: claim for claim in event["claims"]}
    sides, first = max(((_sides(group, claims), group) for group in groups), key=lambda found: len(found[0]))
    return RivalAccounts(
        event=event,
        question=_("What happened") if first.about == ABOUT_SOMETHING_ELSE else first.title,
        sides=sides,
        others=len(_current(first)) - len(sides) if first.about == ABOUT_A_FIGURE else 0,
        questions=len(groups) - 1,
        scale=figure_scale.scale(first),
    )


def _sides(group: ClaimGroup, claims: dict[str, Claim]) -> list[Side]:
    """The lowest and the highest figure; of other accounts, one that is challenged and the one that challenges it."""
    current = _current(group)
    if group.about == ABOUT_A_FIGURE:
        counted = sorted(current, key=lambda claim: claim["low"] if claim["low"] is not None else -1)
        if len(counted) > 1 and figures.claimed(counted[0]) != figures.claimed(counted[-1]):
            return [_side(group, counted[0]), _side(group, counted[-1])]
    if group.disputes:
        disputing, disputed = group.disputes[0]
        return [_side_of(group, disputed, claims), _side_of(group, disputing, claims)]
    if group.rival_holders:
        return [_side(group, claim) for claim in group.rival_holders[0]]
    if group.about == ABOUT_A_FACT:
        for claim in current[1:]:
            if (claim["when"], identity(claim["subject"])) != (current[0]["when"], identity(current[0]["subject"])):
                return [_side(group, current[0]), _side(group, claim)]
    return [_side(group, claim) for claim in current[:1]]


def _side_of(group: ClaimGroup, key: str, claims: dict[str, Claim]) -> Side:
    """Side of a claim; of one of another event, only the statement is at hand, in the relation to it."""
    if key in claims:
        return _side(group, claims[key])
    relations = (relation for claim in group.claims for relation in (*claim["relations"], *claim["related_from"]))
    statement = next(relation["claim"]["name"] for relation in relations if relation["claim"]["key"] == key)
    return Side(_("Another account:"), statement, key)


def _current(group: ClaimGroup) -> list[Claim]:
    """Claims of the group that nobody replaced or set aside."""
    return in_force(group.claims, group.replaced)


def _side(group: ClaimGroup, claim: Claim) -> Side:
    figure = in_page_language(figures.counted(claim)) if group.about == ABOUT_A_FIGURE else ""
    # a statement says itself who says so
    who = headlines.says(claim) if figure else headlines.speaker(claim) + pgettext("sign after a label", ":")
    return Side(capital(who), figure or claim["statement"] or _("no number"), claim["key"])
