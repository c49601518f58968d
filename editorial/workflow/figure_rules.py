"""Rules between the figures in the document of one event. Violations are refused before publication.

Totals survive such figures (`conflict.totals`), since the log may hold them from before there were rules.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from conflict.estimates import REPLACING, asserts, identity, is_denial, reached_from, related, unit_of
from conflict.findings import Finding, figure
from conflict.message import gettext as _
from conflict.vocabulary import DISPUTING, ClaimRelationKind, FindingAspect, Measure

Claim = Mapping[str, Any]

K = ClaimRelationKind
PARTS = frozenset({K.PART_OF})
REPEATING = frozenset(
    {K.CONFIRMS, *REPLACING}
)  # relations that count the same things again; a contradiction may concern the thing itself
OF_ONE_UNIT = frozenset({Measure.DISTANCE, Measure.DURATION})  # measured quantities; the others are counts


def broken_by(event: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each fault in the document of an event, with what to do about it."""
    yield from _between_claims(event["claims"])
    yield from _two_decisions(event["findings"])


def _between_claims(claims: Iterable[Claim]) -> Iterator[str]:
    by_key = {claim["key"]: claim for claim in claims}
    for kinds in (PARTS, REPLACING):
        for circle in circles({key: related(claim, kinds) for key, claim in by_key.items()}):
            fault = (
                _("are part of each other: say which one is the whole")
                if kinds is PARTS
                else _("revise each other: say which one came later")
            )
            yield _("The claims %(circle)s %(fault)s.") % {"circle": " and ".join(circle), "fault": fault}
    for claim in by_key.values():
        yield from _beside_others(claim, by_key)
    yield from _two_units(by_key.values())


def circles(steps: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """Groups of keys that all lead to one another."""
    reached = {start: reached_from(start, steps) for start in steps}
    seen: set[str] = set()
    for start in sorted(steps):
        if start not in seen and start in reached[start]:
            circle = sorted(key for key in reached[start] if start in reached.get(key, ()))
            seen.update(circle)
            yield circle


def _beside_others(claim: Claim, by_key: Mapping[str, Claim]) -> Iterator[str]:
    key = claim["key"]
    if is_denial(claim) and not related(claim, DISPUTING):
        yield _(
            "The claim %(key)s is a denial and does not say what it denies: relate it to the claim that it denies."
        ) % {"key": key}
    for other in (by_key[found] for found in related(claim, REPEATING) if found in by_key):
        if (
            claim["measure"] == other["measure"]
            and claim["unit"]
            and other["unit"]
            and unit_of(claim) != unit_of(other)
        ):
            yield (
                _(
                    "The claims %(key)s and %(key_2)s count the same and give two units, %(unit)s and %(unit_2)s: give both in one."
                )
                % {"key": key, "key_2": other["key"], "unit": claim["unit"], "unit_2": other["unit"]}
            )
    for whole in (by_key[found] for found in related(claim, PARTS) if found in by_key):
        if claim["measure"] == whole["measure"] and _bottom(claim) > _top(whole):
            yield (
                _(
                    "The claim %(key)s (%(bottom)s) is larger than %(key_2)s (%(high)s), which it is part of: correct a figure, or take the relation out."
                )
                % {"key": key, "bottom": _bottom(claim), "key_2": whole["key"], "high": whole["high"]}
            )


def _two_units(claims: Iterable[Claim]) -> Iterator[str]:
    units: dict[tuple[Any, ...], dict[str, Claim]] = defaultdict(dict)
    for claim in claims:
        if claim["measure"] in OF_ONE_UNIT and claim["unit"] and asserts(claim):
            units[claim["measure"], identity(claim["subject"])].setdefault(unit_of(claim), claim)
    for (measure, _subject), found in sorted(units.items()):
        if len(found) > 1:
            one, other, *_more = (f"{claim['key']} ({claim['unit']})" for _, claim in sorted(found.items()))
            yield (
                _(
                    "The claims %(one)s and %(other)s give one %(measure)s in two units: give both in one, or say of whom or what each is."
                )
                % {"one": one, "other": other, "measure": Measure(measure).label}
            )


def _two_decisions(findings: Iterable[Finding]) -> Iterator[str]:
    decided: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for finding in findings:
        if finding["aspect"] == FindingAspect.FIGURE and figure(finding):
            decided[finding["measure"], identity(finding["subject"])].append(finding["key"])
    for (measure, _subject), (one, *others) in sorted(decided.items()):
        if others:
            yield (
                _(
                    "The findings %(one)s and %(other)s both decide one figure (%(measure)s): keep one, or say of whose losses each is."
                )
                % {"one": one, "other": others[0], "measure": Measure(measure).label}
            )


def _bottom(claim: Claim) -> int:
    return claim["low"] or 0


def _top(claim: Claim) -> float:
    """The upper figure, where there is one: “at least 7” has none."""
    return float("inf") if claim["high"] is None else int(claim["high"])
