"""Accounts: the claims of an event arranged so that rival ones on the same matter stand beside each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conflict.estimates import REPLACING, identity
from conflict.public.wording import figures
from conflict.public.wording.translation import gettext as _
from conflict.public.wording.translation import pgettext
from conflict.vocabulary import ClaimKind, ClaimRelationKind, FindingAspect, Measure

Claim = dict[str, Any]

ABOUT_A_FIGURE = "figure"
ABOUT_CONTROL = "control"
ABOUT_SOMETHING_ELSE = "statement"
MEASURES = {measure.value: place for place, measure in enumerate(Measure)}


@dataclass(slots=True)
class ClaimGroup:
    """One thing that accounts differ or agree on: a measure of one subject's losses, who holds a place, what was said."""

    about: str
    title: str
    claims: list[Claim] = field(default_factory=list)
    estimate: dict[str, Any] | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def range(self) -> str:
        return range_of(self.estimate, {claim["key"]: claim for claim in self.claims}) if self.estimate else ""

    @property
    def stands_alone(self) -> bool:
        """Of several accounts only one still counts: the others were revised or set aside."""
        return self.estimate is not None and len(self.estimate["claims"]) == 1 and len(self.claims) > 1

    @property
    def replaced(self) -> set[str]:
        """Claims here that a later one took the place of."""
        return {claim["key"] for claim in self.claims if _is_replaced(claim)}

    @property
    def is_undecided(self) -> bool:
        """Several accounts, and no recorded conclusion."""
        return self.about == ABOUT_A_FIGURE and len(self.claims) > 1 and not self.findings


def matters(event: Mapping[str, Any]) -> list[ClaimGroup]:
    """The event's claims as matters: figures by measure and subject, control by place, then what else was said."""
    groups: dict[tuple[str, str, Any], list[Claim]] = defaultdict(list)
    for claim in event["claims"]:
        groups[_matter_of(claim)].append(claim)
    estimates = {(estimate["measure"], identity(estimate["subject"])): estimate for estimate in event["estimates"]}
    arranged = []
    for (about, measure, subject), claims in sorted(groups.items(), key=lambda item: _order(item[0])):
        matter = ClaimGroup(about, _title(about, measure, claims), _side_by_side(claims))
        if about == ABOUT_A_FIGURE:
            matter.estimate = estimates.get((measure, subject))
            matter.findings = [
                finding
                for finding in event["findings"]
                if finding["aspect"] == FindingAspect.FIGURE
                and (finding["measure"], identity(finding["subject"])) == (measure, subject)
            ]
        arranged.append(matter)
    return arranged


def graded(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Findings on whether it happened and who did it, and on figures that no claim gives."""
    claimed = {
        (claim["measure"], identity(claim["subject"])) for claim in event["claims"] if claim["kind"] == ClaimKind.FIGURE
    }
    return [
        finding
        for finding in event["findings"]
        if finding["aspect"] != FindingAspect.FIGURE
        or (finding["measure"], identity(finding["subject"])) not in claimed
    ]


def headline(event: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a list says of the event's dead: decided figures as such, computed ranges as undecided."""
    lines = []
    claims = {claim["key"]: claim for claim in event["claims"]}
    decided = {
        (finding["measure"], identity(finding["subject"])): finding
        for finding in event["findings"]
        if finding["aspect"] == FindingAspect.FIGURE and finding["measure"] == Measure.KILLED
    }
    for estimate in event["estimates"]:
        if estimate["measure"] != Measure.KILLED:
            continue
        finding = decided.get((estimate["measure"], identity(estimate["subject"])))
        figure = finding_figure(finding) if finding else range_of(estimate, claims)
        said = _("decided") if finding else figures.standing(estimate)
        if replaced := replaced_by(estimate["claims"], claims):
            said = _("revised from %(figures)s, %(accounts)s") % {"figures": replaced, "accounts": said}
        if not finding and len(estimate["claims"]) > 1:
            said = _("%(accounts)s, undecided") % {"accounts": said}
        lines.append(
            {"who": figures.joined([party["name"] for party in estimate["subject"]]), "figure": figure, "said": said}
        )
    return lines


def replaced_by(keys: Iterable[str], claims: Mapping[str, Claim]) -> str:
    """The earlier figures that these claims took the place of: “98”."""
    earlier = [
        claims[relation["claim"]["key"]]
        for key in keys
        for relation in claims[key]["relations"]
        if relation["kind"] in REPLACING and relation["claim"]["key"] in claims
    ]
    return figures.joined([figure for claim in earlier if (figure := figures.claimed(claim))])


def range_of(estimate: Mapping[str, Any], claims: Mapping[str, Claim]) -> str:
    """What the accounts span; a single account speaks in its own words."""
    if len(estimate["claims"]) == 1:
        return figures.claimed(claims[estimate["claims"][0]]) or _("no number given")
    return figures.spanned(estimate)


def finding_figure(finding: Mapping[str, Any]) -> str:
    """“81 (range 70–98)”, “70–98”, or empty for a grade alone."""
    low, best, high = finding["low"], finding["best"], finding["high"]
    spread = (
        figures.spanned({"low": low, "high": high, "is_open_above": False, "in_words": []}) if high is not None else ""
    )
    if best is None:
        return spread
    if not spread or low == high:
        return figures.number(best)
    return _("%(best)s (range %(range)s)") % {"best": figures.number(best), "range": spread}


def _matter_of(claim: Claim) -> tuple[str, str, Any]:
    if claim["kind"] == ClaimKind.FIGURE:
        return ABOUT_A_FIGURE, claim["measure"], identity(claim["subject"])
    if claim["kind"] == ClaimKind.CONTROL:
        return ABOUT_CONTROL, "", identity(claim["subject"])
    return ABOUT_SOMETHING_ELSE, "", ()


def _order(matter: tuple[str, str, Any]) -> tuple[int, int, Any]:
    about, measure, subject = matter
    rank = (ABOUT_A_FIGURE, ABOUT_CONTROL, ABOUT_SOMETHING_ELSE).index(about)
    return rank, MEASURES.get(measure, len(MEASURES)), subject


def _title(about: str, measure: str, claims: list[Claim]) -> str:
    subject = claims[0]["subject"]
    if about == ABOUT_A_FIGURE:
        return figures.measured(measure, subject)
    if about == ABOUT_CONTROL:
        names = figures.joined([party["name"] for party in subject])
        return _("Who holds %(place)s") % {"place": names} if names else _("Who holds the place")
    return _("What else was said")


def _is_replaced(claim: Claim) -> bool:
    return any(relation["kind"] in REPLACING for relation in claim["related_from"])


def _side_by_side(claims: list[Claim]) -> list[Claim]:
    """By when they were made and said, each claim followed at once by those of the group that bear on it."""
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

    for claim in sorted(claims, key=lambda claim: (not _is_replaced(claim), claim["made_on"] or "9", claim["key"])):
        place(claim)
    return list(ordered.values())


INVERSE = {
    ClaimRelationKind.CONTRADICTS: lambda: pgettext("claim", "contradicted by"),
    ClaimRelationKind.CONFIRMS: lambda: pgettext("claim", "confirmed by"),
    ClaimRelationKind.DENIES: lambda: pgettext("claim", "denied by"),
    ClaimRelationKind.DISPUTES: lambda: pgettext("claim", "disputed by"),
    ClaimRelationKind.REVISES: lambda: pgettext("claim", "revised by"),
    ClaimRelationKind.SUPERSEDES: lambda: pgettext("claim", "superseded by"),
    ClaimRelationKind.QUALIFIES: lambda: pgettext("claim", "qualified by"),
    ClaimRelationKind.COMMENTS_ON: lambda: pgettext("claim", "commented on by"),
    ClaimRelationKind.LEAVES_OPEN: lambda: pgettext("claim", "neither confirmed nor denied by"),
    ClaimRelationKind.GIVES_NO_ANSWER_TO: lambda: pgettext("claim", "left without an answer by"),
    ClaimRelationKind.CANNOT_VERIFY: lambda: pgettext("claim", "could not be verified, says"),
    ClaimRelationKind.PART_OF: lambda: pgettext("claim", "includes"),
    ClaimRelationKind.ALTERNATIVE_TO: lambda: pgettext("claim", "is an alternative to"),
    ClaimRelationKind.SEE_ALSO: lambda: pgettext("claim", "see also"),
}
SYMMETRIC = {ClaimRelationKind.CONTRADICTS, ClaimRelationKind.ALTERNATIVE_TO, ClaimRelationKind.SEE_ALSO}
WEIGHTY = {
    ClaimRelationKind.CONTRADICTS,
    ClaimRelationKind.DENIES,
    ClaimRelationKind.DISPUTES,
    ClaimRelationKind.REVISES,
    ClaimRelationKind.SUPERSEDES,
    ClaimRelationKind.CONFIRMS,
}


def bearing(claim: Claim, here: Iterable[str]) -> list[dict[str, Any]]:
    """How the claim and others bear on each other, in words, each other claim once per kind.

    `here` are the keys of the claims on the same page: a link to one of them needs no journey.
    """
    own = set(here)
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for relation in claim["relations"]:
        kind = ClaimRelationKind(relation["kind"])
        said[kind, relation["claim"]["key"]] = {
            "words": str(kind.label),
            "kind": kind.value,
            "other": relation["claim"],
        }
    for relation in claim["related_from"]:
        kind = ClaimRelationKind(relation["kind"])
        key = relation["claim"]["key"]
        words = str(kind.label) if kind in SYMMETRIC else INVERSE[kind]()
        if not (kind in SYMMETRIC and (kind, key) in said):
            said[kind, f"from {key}"] = {"words": words, "kind": kind.value, "other": relation["claim"]}
    return [
        {**line, "is_here": line["other"]["key"] in own, "is_weighty": line["kind"] in WEIGHTY}
        for line in said.values()
    ]
