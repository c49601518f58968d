"""An event's dead in a sentence: the figure, its claimants with their side, their earlier figures, and denials.

A sentence begins with its `lead`, the figure itself; the `rest` always names its claimants.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from conflict import findings
from conflict.estimates import REPLACING, accounts_differ, asserts, identity, matter
from conflict.vocabulary import ClaimKind, ClaimRelationKind, ClaimScope, Measure, Side
from conflict.wording import days, figures
from conflict.wording.articles import of, unqualified, with_article
from conflict.wording.messages import gettext as _
from conflict.wording.messages import language, ngettext, pgettext
from conflict.wording.terms import capital, term

Claim = Mapping[str, Any]
Event = Mapping[str, Any]

MOST_ACCOUNTS = 3  # accounts per sentence
OBJECTING = (ClaimRelationKind.DENIES, ClaimRelationKind.DISPUTES)
SINGULAR = frozenset({"a", "an", "one", "another"})
PLURAL = re.compile(r"[^s]s$")
REMARKS = re.compile(r"\s*\(.*?\)")
SILENT = (ClaimRelationKind.LEAVES_OPEN, ClaimRelationKind.GIVES_NO_ANSWER_TO)


class Headline(NamedTuple):
    lead: str
    rest: str

    @property
    def sentence(self) -> str:
        return f"{self.lead}{self.rest}."


def headlines(event: Event) -> list[Headline]:
    """One sentence for each current figure of the dead, then for each of bodies seen."""
    return [
        _headline(event, estimate)
        for measure in (Measure.KILLED, Measure.BODIES)
        for estimate in event["estimates"]
        if estimate["measure"] == measure
    ]


def text(event: Event) -> str:
    """All headlines as one text."""
    return " ".join(headline.sentence for headline in headlines(event))


def _headline(event: Event, estimate: Mapping[str, Any]) -> Headline:
    claims = {claim["key"]: claim for claim in event["claims"]}
    counted = [claims[key] for key in estimate["claims"]]
    if finding := findings.deciding(event, estimate):
        figure = {**findings.figure(finding)._asdict(), "in_words": []}  # type: ignore[union-attr]  # it decides one
        if figure["best"] is not None:
            figure |= {"low": figure["best"], "high": figure["best"]}
        rule = {"rule": term(finding["rule"], "FindingRule")}
        if not accounts_differ(estimate):
            given = _given_by_all(counted, claims, estimate)
            return Headline(
                _lead(estimate, figure, counted),
                f", {figures.listed([given, _('our finding (rule: %(rule)s)') % rule])}",
            )
        accounts = {"accounts": _accounts(counted, claims, estimate)}
        return Headline(
            _lead(estimate, figure, counted),
            _(", our finding (rule: %(rule)s); accounts: %(accounts)s") % {**rule, **accounts},
        )
    if not accounts_differ(estimate):
        numbered = [claim for claim in counted if claim["high"] is not None or claim["low"] is not None]
        return Headline(
            _lead(estimate, (numbered or counted)[0], counted), f", {_given_by_all(counted, claims, estimate)}"
        )
    rest = _(": accounts differ (%(accounts)s)") % {"accounts": _accounts(counted, claims, estimate)}
    return Headline(_lead(estimate, estimate, counted), rest)


def _lead(estimate: Mapping[str, Any], figure: Mapping[str, Any], counted: list[Claim]) -> str:
    """The figure and whose dead they are; the unit is that of the claims, in the reader's language."""
    unit = counted[0]["unit"] if estimate["unit"] else ""
    whose = figures.joined([unqualified(party["name"]) for party in estimate["subject"]])
    if estimate["is_person"] and figure["low"] == figure["high"] == 1 and estimate["measure"] == Measure.KILLED:
        phrase = _("%(person)s killed") % {"person": of(whose)}
    else:
        phrase = figures.dead(figure, estimate["measure"], unit)
        if whose and not estimate["unit"][:1].isupper():  # “39 Westerners killed” already says who they were
            phrase = pgettext("whose dead", "%(whose)s: %(said)s") % {"whose": whose, "said": phrase}
    phrase = capital(phrase)
    match estimate["scope"]:
        case ClaimScope.EPISODE:
            return _("%(said)s in the whole episode") % {"said": phrase}
        case ClaimScope.PERIOD | ClaimScope.PART if estimate["scope_when"]:
            return f"{phrase} ({days.words(estimate['scope_when'])})"
        case ClaimScope.PERIOD:
            return _("%(said)s over a longer period") % {"said": phrase}
        case ClaimScope.PART:
            return _("%(said)s in a part of it") % {"said": phrase}
    return phrase


def _accounts(counted: list[Claim], claims: Mapping[str, Claim], estimate: Mapping[str, Any]) -> str:
    """Each figure with its claimants, the lowest first: “1, says A; 13, say B and C”."""
    by_figure: dict[str, list[Claim]] = {}
    for claim in sorted(counted, key=lambda claim: claim["low"] if claim["low"] is not None else claim["high"] or 0):
        by_figure.setdefault(figures.claimed(claim) or _("no number"), []).append(claim)
    phrases = [
        f"{figure}, {_given_by(group, claims, estimate)}" for figure, group in list(by_figure.items())[:MOST_ACCOUNTS]
    ]
    if (more := len(by_figure) - MOST_ACCOUNTS) > 0:
        phrases.append(ngettext("%(number)s more", "%(number)s more", more) % {"number": figures.number(more)})
    return figures.listed(phrases)


def _given_by_all(counted: list[Claim], claims: Mapping[str, Claim], estimate: Mapping[str, Any]) -> str:
    """Claimants of one figure, and those who put it in words: “says one witness; “dozens”, say witnesses”."""
    in_words = [claim for claim in counted if claim["qualifier"] in estimate["in_words"]]
    numbered = [claim for claim in counted if claim not in in_words] or in_words
    given = [_given_by(numbered, claims, estimate)]
    for word in estimate["in_words"]:
        group = [claim for claim in in_words if claim["qualifier"] == word and numbered is not in_words]
        if group:
            given.append(
                _("“%(word)s”") % {"word": term(word, "Qualifier")} + f", {_given_by(group, claims, estimate)}"
            )
    return figures.listed(given)


def _given_by(group: list[Claim], claims: Mapping[str, Claim], estimate: Mapping[str, Any]) -> str:
    """Claimants of a figure, with the figures they gave before and the replies of others."""
    parties = {identity(claim["claimant"]): claim for claim in group}
    named = [speaker(claim, estimate) for claim in parties.values()]
    plural = len(named) > 1 or any(_is_plural(claim["claimant"]) for claim in parties.values())
    phrase = (_("say %(who)s") if plural else _("says %(who)s")) % {"who": figures.joined(named)}
    if before := earlier(group, claims):
        phrase += f" ({_('first %(figures)s') % {'figures': before}})"
    return figures.listed([phrase, *_answers(group, claims)])


def claimants(claim: Claim) -> str:
    """Claimants by name: “the National Army and France”."""
    names = [with_article(unqualified(party["name"])) for party in claim["claimant"]]
    return figures.joined(names) or _("somebody unnamed")


def speaker(claim: Claim, estimate: Mapping[str, Any] | None = None) -> str:
    """Claimants by name, with their side in the event: “the CSP, the attacker”."""
    who = claimants(claim)
    if not claim["claimant"]:
        return who
    if estimate and identity(claim["claimant"]) == identity(estimate["subject"]):
        several = _is_plural(claim["claimant"])
        return (_("%(who)s of their own side") if several else _("%(who)s of its own side")) % {"who": who}
    return f"{who}, {of_side}" if (of_side := side(claim)) else who


def side(claim: Claim) -> str:
    """Side of the claimant in the event, in words; empty if it took none."""
    match claim.get("claimant_side"):
        case Side.ATTACKING:
            return _("the attackers") if _is_plural(claim["claimant"]) else _("the attacker")
        case Side.DEFENDING:
            return _("the attacked")
    return ""


def says(claim: Claim) -> str:
    """Claimants with their verb: “the CSP, the attacker, says”, “residents say”."""
    english = side(claim) and (language() or "en").startswith("en")
    who = {"who": f"{speaker(claim)}," if english else speaker(claim)}
    several = _is_plural(claim["claimant"])
    return (_("%(who)s say") if several else _("%(who)s says")) % who


def _is_plural(parties: Sequence[Mapping[str, str]]) -> bool:
    """True for several parties, or one with a plural name: “residents”, “Islamist forces (unspecified)”."""
    return len(parties) > 1 or any(_is_plural_name(party["name"]) for party in parties)


@lru_cache(maxsize=10_000)
def _is_plural_name(name: str) -> bool:
    words = REMARKS.sub("", name).split()
    return bool(words and words[0] not in SINGULAR and words[-1].islower() and PLURAL.search(words[-1]))


def earlier(group: Iterable[Claim], claims: Mapping[str, Claim]) -> str:
    """Earlier figures that these replaced: “98”."""
    return figures.joined(
        list(
            dict.fromkeys(
                figure
                for claim in group
                for key in _reached(claim, claims, REPLACING)
                if (figure := figures.claimed(claims[key]))
            )
        )
    )


def _reached(claim: Claim, claims: Mapping[str, Claim], kinds: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = [claim]
    for one in waiting:
        for relation in one["relations"]:
            key = relation["claim"]["key"]
            if relation["kind"] in kinds and key in claims and key not in found and key != claim["key"]:
                found[key] = None
                waiting.append(claims[key])
    return list(found)


def _contradicted_elsewhere(claim: Claim, claims: Mapping[str, Claim]) -> Iterator[str]:
    """Statements that contradict a figure and count something else: “only nine wounded” against a dozen dead.

    Rival figures of the same kind stand beside it anyway.
    """
    for relation in (*claim["relations"], *claim.get("related_from", ())):
        other = claims.get(relation["claim"]["key"])
        if other is None or relation["kind"] != ClaimRelationKind.CONTRADICTS:
            continue
        if asserts(other) and matter(other) != matter(claim):
            yield other["statement"]


def _answers(group: Collection[Claim], claims: Mapping[str, Claim]) -> Iterator[str]:
    """Replies to a figure: who denies it, who confirms it, who gives none. Replies to its earlier versions count, too."""
    if not any(claim["relations"] or claim.get("related_from") for claim in group):
        return
    answered = {key for claim in group for key in (claim["key"], *_reached(claim, claims, REPLACING))}
    own = {identity(claim["claimant"]) for claim in group}
    answers: dict[str, None] = {}
    for claim in group:
        for statement in _contradicted_elsewhere(claim, claims):
            answers[_("but: %(statement)s") % {"statement": statement.rstrip(".")}] = None
    for key in answered:
        for relation in claims[key].get("related_from", ()):
            other = claims.get(relation["claim"]["key"])
            if other is None:
                if relation["kind"] in OBJECTING:
                    answers[_("but: %(statement)s") % {"statement": relation["claim"]["name"].rstrip(".")}] = None
                continue
            if other["rank"] == "deprecated" or identity(other["claimant"]) in own:
                continue
            who = {"who": figures.joined([with_article(party["name"]) for party in other["claimant"]])}
            several = len(other["claimant"]) > 1 or _is_plural(other["claimant"])
            if relation["kind"] in OBJECTING:
                answers[(_("%(who)s deny it") if several else _("%(who)s denies it")) % who] = None
            elif relation["kind"] == ClaimRelationKind.CONFIRMS and asserts(other):
                answers[(_("%(who)s confirm it") if several else _("%(who)s confirms it")) % who] = None
            elif relation["kind"] in SILENT or other["kind"] == ClaimKind.NO_COMMENT:
                answers[(_("%(who)s give no figure") if several else _("%(who)s gives no figure")) % who] = None
    yield from sorted(answers)
