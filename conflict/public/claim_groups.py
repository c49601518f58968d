"""Accounts: the claims of an event, with rival ones on the same matter placed side by side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conflict import findings
from conflict.estimates import REPLACING, accounts_differ, denies, identity, matter, replaced_within, unit_of
from conflict.findings import Finding
from conflict.rival_facts import FACTS, Dispute, disputes, in_force, rival_facts, rival_holders
from conflict.vocabulary import ClaimKind, ClaimScope, FindingAspect, Measure
from conflict.wording import days, figures, headlines
from conflict.wording.articles import with_article
from conflict.wording.messages import gettext as _
from conflict.wording.terms import capital, term

Claim = dict[str, Any]

ABOUT_A_FIGURE = "figure"
ABOUT_CONTROL = "control"
ABOUT_A_FACT = "fact"
ABOUT_SOMETHING_ELSE = "statement"
MEASURES = {measure.value: place for place, measure in enumerate(Measure)}


@dataclass(slots=True)
class ClaimGroup:
    """Claims on the same matter: one subject's losses by one measure, control of a place, or a statement."""

    about: str
    title: str
    claims: list[Claim] = field(default_factory=list)
    estimate: dict[str, Any] | None = None
    findings: list[Finding] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)
    """Claims that a later one replaced."""
    is_rival_fact: bool = False
    """Of a date, place or participants: accounts say other than the event, or than one another."""
    rival_holders: list[tuple[Claim, Claim]] = field(default_factory=list)
    """Of claims of control: pairs of which one leaves no room for a holder that the other names."""
    disputes: list[Dispute] = field(default_factory=list)
    """Those that one of these claims makes or meets."""

    @property
    def range(self) -> str:
        return figures.spanned(self.estimate) if self.estimate else ""

    @property
    def earlier(self) -> dict[str, str]:
        """Figures that a claim's own author gave before, by key of the claim."""
        claims = {claim["key"]: claim for claim in self.claims}
        return {key: words for key, claim in claims.items() if (words := headlines.earlier([claim], claims))}

    @property
    def competes(self) -> bool:
        """True if accounts differ, or one is disputed by another."""
        if self.disputes or self.is_rival_fact:
            return True
        if self.about == ABOUT_A_FIGURE:
            return self.estimate is not None and accounts_differ(self.estimate)
        if self.about == ABOUT_CONTROL:
            return bool(self.rival_holders)
        return False

    @property
    def verdict(self) -> str:
        """Sentence that sums up these accounts for readers while no finding decides between them."""
        if self.about != ABOUT_A_FIGURE or self.findings:
            return ""
        if len({unit_of(claim) for claim in self.claims}) > 1:
            return _("Accounts differ. We decide on none.")
        if not self.estimate:
            return ""
        counted = [claim for claim in self.claims if claim["key"] in self.estimate["claims"]]
        if self.estimate["claimants"] == 1:
            who = headlines.speaker(counted[0])
            return _("Only %(who)s gives a figure. We have not verified it.") % {"who": who}
        if not accounts_differ(self.estimate):
            agree = (
                _("%(accounts)s, one with a number: %(range)s. We have not verified it.")
                if self.estimate["figures"] and self.estimate["in_words"]
                else _("%(accounts)s give the same figure. We have not verified it.")
            )
            return agree % {"accounts": capital(figures.accounts(len(counted))), "range": self.range}
        if self.estimate["high"] is None:
            return _("Accounts differ. We decide on none.")
        return _("Accounts differ: %(range)s. We decide on none.") % {"range": self.range}


def matters(event: Mapping[str, Any]) -> list[ClaimGroup]:
    """Claims of the event by matter: figures by measure, subject, unit and scope, then control by place, then when and
    where it happened and who took part, then everything else.
    """
    groups: dict[tuple[str, Any], list[Claim]] = defaultdict(list)
    for claim in event["claims"]:
        groups[_matter_of(claim)].append(claim)
    replaced = _replaced(event)
    disputed = disputes(event["claims"], replaced)
    _join_rivals_in_other_units(groups, disputed)
    estimates = {key: estimate for estimate in event["estimates"] for key in estimate["claims"]}
    arranged = []
    victims, rivals = _victims(groups), rival_facts(event, replaced)
    for (about, _key), claims in sorted(groups.items(), key=lambda item: _order(item[0], victims)):
        group = ClaimGroup(about, _title(about, claims), _side_by_side(claims, replaced))
        keys = {claim["key"] for claim in claims}
        group.replaced = replaced & keys
        group.disputes = [pair for pair in disputed if not keys.isdisjoint(pair)]
        if about == ABOUT_A_FIGURE:
            if len({unit_of(claim) for claim in claims}) == 1:
                group.estimate = next((estimates[claim["key"]] for claim in claims if claim["key"] in estimates), None)
            first = claims[0]
            group.findings = findings.on_figure(event, first["measure"], identity(first["subject"]), first["scope"])
        if about == ABOUT_CONTROL:
            group.rival_holders = rival_holders(claims, event["when"], replaced)
        if about == ABOUT_A_FACT:
            group.is_rival_fact = claims[0]["kind"] in rivals
            group.findings = [finding for finding in event["findings"] if finding["aspect"] == claims[0]["kind"]]
        arranged.append(group)
    return arranged


def _join_rivals_in_other_units(groups: dict[tuple[str, Any], list[Claim]], disputed: Iterable[Dispute]) -> None:
    """Join contradicting figures in different units: thirty vehicles bombed and four vehicles hit belong side by side,
    although no range spans both.
    """
    of_claim = {claim["key"]: group for group, claims in groups.items() for claim in claims}
    for pair in disputed:
        group, other = (of_claim.get(key, (ABOUT_SOMETHING_ELSE, ())) for key in pair)
        if (
            group[0] == other[0] == ABOUT_A_FIGURE
            and group != other
            and (group[1][0], *group[1][2:]) == (other[1][0], *other[1][2:])
        ):
            groups[group] += groups.pop(other)
            of_claim |= {joined["key"]: group for joined in groups[group]}


def compete(groups: Iterable[ClaimGroup]) -> bool:
    return any(group.competes for group in groups)


def graded(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Findings on whether it happened and who did it, and on figures and facts about which there is no claim."""
    claimed = {
        (claim["measure"], identity(claim["subject"])) for claim in event["claims"] if claim["kind"] == ClaimKind.FIGURE
    }
    facts = {claim["kind"] for claim in event["claims"] if claim["kind"] in FACTS}
    return [
        finding
        for finding in event["findings"]
        if finding["aspect"] not in facts
        and (
            finding["aspect"] != FindingAspect.FIGURE
            or (finding["measure"], identity(finding["subject"])) not in claimed
        )
    ]


@dataclass(frozen=True, slots=True)
class FactAccount:
    """One claim beside the event's own date, places or participants: “The army says: 9 June 2019”."""

    words: str
    claim: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Accounts of one fact of the event, and the findings that give the reason for the event's own."""

    accounts: list[FactAccount]
    findings: list[dict[str, Any]]


def facts(event: Mapping[str, Any]) -> dict[str, Fact]:
    """By fact (`date`, `place`, `participant`): what claims say of it, and why the event says what it says."""
    found = {}
    for fact in FACTS:
        accounts = [
            FactAccount(_fact_words(claim), claim["key"]) for claim in in_force(event["claims"], fact, _replaced(event))
        ]
        findings = [finding for finding in event["findings"] if finding["aspect"] == fact]
        if accounts or findings:
            found[fact.value] = Fact(accounts, findings)
    return found


def _fact_words(claim: Mapping[str, Any]) -> str:
    what = days.words(claim["when"]) if claim["when"] else figures.joined([party["name"] for party in claim["subject"]])
    sentence = _("%(says)s: not %(what)s") if denies(claim) else _("%(says)s: %(what)s")
    return sentence % {"says": capital(headlines.says(claim)), "what": what or claim["statement"]}


def finding_figure(finding: Mapping[str, Any]) -> str:
    """Figure of a finding: “81 (range 70–98)”, “70–98”, “8 or more”, or empty for a grade alone."""
    figure = findings.figure(finding)
    if figure is None:
        return ""
    spread = figures.spanned({**figure._asdict(), "in_words": []})
    if figure.best is None:
        return spread
    if figure.low == figure.high:
        return figures.number(figure.best)
    return _("%(best)s (range %(range)s)") % {"best": figures.number(figure.best), "range": spread}


def _matter_of(claim: Claim) -> tuple[str, Any]:
    if claim["kind"] == ClaimKind.FIGURE:
        return ABOUT_A_FIGURE, matter(claim)
    if claim["kind"] == ClaimKind.CONTROL:
        return ABOUT_CONTROL, ("", "", identity(claim["subject"]))
    if claim["kind"] in FACTS:
        return ABOUT_A_FACT, (claim["kind"],)
    return ABOUT_SOMETHING_ELSE, ()


def _victims(groups: Iterable[tuple[str, Any]]) -> dict[Any, int]:
    """Those whose losses the figures are, with the place of their weightiest measure: the dead come before aircraft."""
    victims: dict[Any, int] = {}
    for about, key in groups:
        if about == ABOUT_A_FIGURE:
            victims[key[1]] = min(victims.get(key[1], len(MEASURES)), MEASURES.get(key[0], len(MEASURES)))
    return victims


def _order(group: tuple[str, Any], victims: Mapping[Any, int]) -> tuple[int, int, Any, int, Any]:
    """Figures by victim, each victim's by measure; then control, then everything else."""
    about, key = group
    rank = (ABOUT_A_FIGURE, ABOUT_CONTROL, ABOUT_A_FACT, ABOUT_SOMETHING_ELSE).index(about)
    if about in (ABOUT_A_FACT, ABOUT_SOMETHING_ELSE):
        return rank, 0, (), 0, key
    victim = key[1] if about == ABOUT_A_FIGURE else key[2]
    return rank, victims.get(victim, 0), victim, MEASURES.get(key[0], len(MEASURES)), key


def _title(about: str, claims: list[Claim]) -> str:
    first = claims[0]
    subject = first["subject"]
    if about == ABOUT_A_FIGURE:
        units = {claim["unit"] for claim in claims}
        title = figures.measured(first["measure"], subject, first["unit"] if len(units) == 1 else "")
        return f"{title} ({_scope(first)})" if first["scope"] != ClaimScope.EVENT else title
    if about == ABOUT_CONTROL:
        names = figures.joined([with_article(party["name"]) for party in subject])
        return _("Who holds %(place)s") % {"place": names} if names else _("Who holds the place")
    if about == ABOUT_A_FACT:
        return capital(term(first["kind"], "ClaimKind"))
    return _("What else was said")


def _scope(claim: Claim) -> str:
    return days.words(claim["scope_when"]) if claim["scope_when"] else term(claim["scope"], "ClaimScope")


def _replaced(event: Mapping[str, Any]) -> set[str]:
    """Claims of the event that another one replaced; of figures that claims of other events revise, those in no range."""
    here = {claim["key"] for claim in event["claims"]}
    counted = {key for estimate in event["estimates"] for key in estimate["claims"]}
    return replaced_within(event["claims"]) | {
        claim["key"]
        for claim in event["claims"]
        if claim["key"] not in counted
        and any(
            relation["kind"] in REPLACING and relation["claim"]["key"] not in here for relation in claim["related_from"]
        )
    }


def _side_by_side(claims: list[Claim], replaced: set[str]) -> list[Claim]:
    """Claims ordered by date, each followed directly by those in the group that are related to it."""
    keys = {claim["key"]: claim for claim in claims}
    ordered: dict[str, Claim] = {}

    def place(claim: Claim) -> None:
        if claim["key"] in ordered:
            return
        ordered[claim["key"]] = claim
        for relation in [*claim["related_from"], *claim["relations"]]:
            other = keys.get(relation["claim"]["key"])
            if other:
                place(other)

    for claim in sorted(
        claims, key=lambda claim: (claim["key"] not in replaced, claim["made_on"] or "9", claim["key"])
    ):
        place(claim)
    return list(ordered.values())
