"""Totals of the figures of one or many events: each person is counted once, as far as anybody says who is part of whom.

They follow the practice of casualty recording:

- Every Casualty Counts, *Standards for Casualty Recording* (2016): each person is counted once, sources that may report
  the same dead are matched before anything is added up, and what cannot be matched is stated.
- UCDP GED: an event has a low, a best and a high estimate; a total and its breakdown by side are one figure presented
  in two ways, and never added.
- Iraq Body Count: lower and upper sums are kept apart; a total reported for a longer time or a wider area is compared
  with the single incidents that it may contain, and only the excess is added.
- Airwars: claims are recorded by claimant, with a range from the lowest to the highest; a part ("of whom three
  children") lies within the whole.

These are the four rules here.

1. **Whole before parts.** A figure contained in another, by a relation between claims or events or because its subject
   is named among several, is not added to it. A whole without a number contains nothing.
2. **Disjoint where that is known**: the two sides of an event, two camps (a state's forces, each family of rebels,
   civilians), two events neither of which is part of the other or possibly the same, two ranges of days that do not
   meet. Disjoint figures are added, low to low and high to high.
3. **Otherwise they may overlap**: the total lies between the largest set of figures that cannot overlap, and the sum of
   all. The total says so.
4. A figure for a longer period may contain the dead of every event within its days, and a named person may be among the
   dead counted in another part of the same episode: such deaths are often reported days later.

So no total exceeds the sum of its parts' upper bounds, none is below the largest lower bound, and neither order nor
repetition changes it (tests/conflict/test_totals.py). Events that tell one story are an **episode**: one event that the
others are part of. It is not a separate kind of entry but an event, with a title, days, claims and sources, and is
reviewed, cited and withdrawn as one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

from conflict import dates, findings
from conflict.estimates import Subject, identity, leading_to, related
from conflict.vocabulary import ClaimRelationKind, ClaimScope, EventRelationKind

Body = Mapping[str, Any]

EVENT, PART, EPISODE, PERIOD = ClaimScope.EVENT, ClaimScope.PART, ClaimScope.EPISODE, ClaimScope.PERIOD
WIDTH = {PART.value: 0, EVENT.value: 1, EPISODE.value: 2, PERIOD.value: 3}
NEVER = "9999-99-99"


class Count(NamedTuple):
    """One estimate of one event, as needed for totals. `wholes` are pairs (claim, claim that it is part of)."""

    event: str
    measure: str
    subject: Subject
    unit: str = ""
    scope: str = EVENT.value
    scope_when: str = ""
    low: int | None = None
    best: int | None = None
    high: int | None = None
    is_open_above: bool = False
    claims: frozenset[str] = frozenset()
    wholes: frozenset[tuple[str, str]] = frozenset()
    starts_on: str = ""
    ends_before: str = NEVER
    side: str = ""
    camp: str = ""
    is_person: bool = False
    is_decided: bool = False

    @property
    def is_numbered(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def bottom(self) -> int:
        return self.low or 0

    @property
    def top(self) -> int:
        return max(self.bottom, self.high or 0)


@dataclass(slots=True)
class Ties:
    """Links between events: which are part of which, and which are possibly the same."""

    part_of: dict[str, set[str]] = field(default_factory=dict)
    same: set[frozenset[str]] = field(default_factory=set)

    @classmethod
    def between(cls, events: Iterable[Body]) -> "Ties":
        ties = cls()
        for event in events:
            for relation in event["relations"]:
                other = relation["event"]["key"]
                if relation["kind"] == EventRelationKind.PART_OF:
                    ties.part_of.setdefault(event["key"], set()).add(other)
                elif relation["kind"] == EventRelationKind.POSSIBLY_SAME_AS:
                    ties.same.add(frozenset((event["key"], other)))
        return ties


@dataclass(slots=True)
class Total:
    """Total of some figures of one measure.

    `may_overlap`: the relations do not tell whether some of them count the same persons; then `low` includes only those
    who cannot be the same, and `high` all. `in_words`: number of figures without a number ("dozens"), which count
    nothing. `counted`: the figures included, without those contained in them.
    """

    low: int | None
    high: int | None
    best: int | None
    is_open_above: bool
    may_overlap: bool
    in_words: int
    counted: list[Count]

    def as_dict(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "best": self.best,
            "high": self.high,
            "is_open_above": self.is_open_above,
            "may_overlap": self.may_overlap,
            "in_words": self.in_words,
            "events": len({count.event for count in self.counted}),
        }


def counts_of(event: Body, measure: str) -> list[Count]:
    """The event's estimates of a measure, from its body; if a finding decides one, with the finding's figures."""
    part_of = {claim["key"]: related(claim, {ClaimRelationKind.PART_OF}) for claim in event["claims"]}
    return [_count(event, estimate, part_of) for estimate in event["estimates"] if estimate["measure"] == measure]


def _count(event: Body, estimate: Body, part_of: Mapping[str, list[str]]) -> Count:
    low, best, high, is_open = (estimate[name] for name in ("low", "best", "high", "is_open_above"))
    finding = findings.deciding(event, estimate)
    if finding and (decided := findings.figure(finding)):
        low, best, high, is_open = decided
    starts_on, ends_before = event["starts_on"] or "", event["ends_before"] or NEVER
    if estimate["scope_when"]:
        when = dates.parse(estimate["scope_when"])
        starts_on = when.starts_on.isoformat() if when.starts_on else ""
        ends_before = when.ends_before.isoformat() if when.ends_before else NEVER
    return Count(
        event=event["key"],
        measure=estimate["measure"],
        subject=identity(estimate["subject"]),
        unit=estimate["unit"],
        scope=estimate["scope"],
        scope_when=estimate["scope_when"],
        low=low,
        best=best,
        high=high,
        is_open_above=is_open,
        claims=frozenset(estimate["claims"]),
        wholes=frozenset((claim, whole) for claim in estimate["claims"] for whole in part_of.get(claim, ())),
        starts_on=starts_on,
        ends_before=ends_before,
        side=estimate["side"],
        camp=estimate["camp"],
        is_person=estimate["is_person"],
        is_decided=finding is not None,
    )


def of_parties(counts: Iterable[Count], keys: Collection[str]) -> list[Count]:
    """Figures that concern these actors. If a figure names others as well, anywhere from none to all may be theirs.

    If the unit says who the persons are ("foreign peacekeepers"), or it is a single person, all named subjects are
    theirs.
    """
    found = []
    for count in counts:
        named = [key in keys for _, key in count.subject]
        if (all(named) and named) or (any(named) and (count.unit or count.top == 1)):
            found.append(count)
        elif any(named):
            found.append(count._replace(low=None, best=None))
    return found


def total(counts: Iterable[Count], ties: Ties | None = None) -> Total | None:
    """Total of figures of one measure; None if there are none."""
    ordered = sorted(set(counts), key=repr)
    if not ordered:
        return None
    numbered = [count for count in ordered if count.is_numbered]
    unnumbered = [count for count in ordered if not count.is_numbered]
    wholes, parts = _wholes(numbered, ties or Ties())
    lows = [max([count.bottom, *(part.bottom for part in parts[place])]) for place, count in enumerate(wholes)]
    tops = [max(low, count.top) for low, count in zip(lows, wholes, strict=True)]
    near = _overlapping(wholes, parts, ties or Ties())
    bests = [count.best for count in wholes if count.best is not None]
    has_low = any(count.low is not None for count in numbered)
    return Total(
        low=_least(lows, near) if has_low else None,
        high=sum(tops) if numbered else None,
        best=sum(bests) if bests and len(bests) == len(wholes) and not any(near) else None,
        is_open_above=any(count.is_open_above for count in (*wholes, *unnumbered)),
        may_overlap=any(near),
        in_words=len(unnumbered),
        counted=wholes,
    )


def _wholes(counts: Sequence[Count], ties: Ties) -> tuple[list[Count], list[list[Count]]]:
    """Figures not contained in any other, each with those that it contains."""
    if len(counts) < 2:
        return list(counts), [[] for _ in counts]
    above = leading_to(ties.part_of)
    claims: dict[str, set[str]] = defaultdict(set)
    for count in counts:
        for claim, whole in count.wholes:
            claims[claim].add(whole)
    claims_above = leading_to(claims)
    holders: dict[str, set[str]] = {}
    for cluster in _clusters(counts, ties):
        for one, other in combinations(cluster, 2):
            for place, holder in ((one, other), (other, one)):
                if _lies_within(counts[place], counts[holder], above, claims_above):
                    holders.setdefault(str(place), set()).add(str(holder))
    strictly = leading_to(holders)
    held = {int(place): {int(holder) for holder in found} for place, found in strictly.items() if found}
    places = [place for place in range(len(counts)) if place not in held]
    within = [[counts[part] for part, found in held.items() if place in found] for place in places]
    return [counts[place] for place in places], within


def _clusters(counts: Sequence[Count], ties: Ties) -> Iterator[list[int]]:
    """Positions of the figures whose events or claims are connected in any way."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for event, wholes in ties.part_of.items():
        for whole in wholes:
            root[find(event)] = find(whole)
    for pair in ties.same:
        one, *others = sorted(pair)
        for other in others:
            root[find(one)] = find(other)
    for count in counts:
        for claim in count.claims | {whole for _, whole in count.wholes}:
            root[find(f"claim {claim}")] = find(count.event)
    found: dict[str, list[int]] = defaultdict(list)
    for place, count in enumerate(counts):
        found[find(count.event)].append(place)
    yield from found.values()


def _lies_within(
    part: Count, whole: Count, above: Mapping[str, Collection[str]], claims_above: Mapping[str, Collection[str]]
) -> bool:
    if any(whole.claims & set(claims_above.get(claim, ())) for claim in part.claims):
        return True
    if (whole.subject and not set(part.subject) <= set(whole.subject)) or (not part.subject and whole.subject):
        return False
    if part.event == whole.event:
        if part.scope == whole.scope:
            return part.scope_when == whole.scope_when and part.subject != whole.subject
        return WIDTH[part.scope] < WIDTH[whole.scope]
    if whole.event in above.get(part.event, ()):
        return whole.scope != PART and WIDTH[part.scope] <= WIDTH[EVENT]
    shared = {part.event, *above.get(part.event, ())} & {whole.event, *above.get(whole.event, ())}
    return whole.scope == EPISODE and bool(shared) and WIDTH[part.scope] <= WIDTH[EVENT]


def _overlapping(counts: Sequence[Count], parts: Sequence[Sequence[Count]], ties: Ties) -> list[set[int]]:
    """For each figure, the positions of those that may count the same persons."""
    if len(counts) < 2:
        return [set() for _ in counts]
    above = leading_to(ties.part_of)
    near: list[set[int]] = [set() for _ in counts]
    longer = [place for place, count in enumerate(counts) if count.scope == PERIOD]
    pairs = {(min(one, other), max(one, other)) for one in longer for other in range(len(counts)) if one != other}
    for cluster in _clusters(counts, ties):
        pairs.update(combinations(cluster, 2))
    for one, other in pairs:
        if _may_overlap(counts[one], counts[other], above, ties.same) or set(parts[one]) & set(parts[other]):
            near[one].add(other)
            near[other].add(one)
    return near


def _may_overlap(
    one: Count, other: Count, above: Mapping[str, Collection[str]], same: Collection[frozenset[str]]
) -> bool:
    if (not one.top and not one.is_open_above) or (not other.top and not other.is_open_above):
        return False  # nobody
    if one.camp and other.camp and one.camp != other.camp:
        return False
    apart = one.ends_before <= other.starts_on or other.ends_before <= one.starts_on
    if one.event == other.event:
        if one.side and other.side and one.side != other.side:
            return False
        return not (one.scope == other.scope == PART and apart)
    if PERIOD in (one.scope, other.scope):
        return not apart
    over_one, over_other = (set(above.get(event, ())) for event in (one.event, other.event))
    if one.event in over_other or other.event in over_one or frozenset((one.event, other.event)) in same:
        return True
    if over_one & over_other and (one.is_person or other.is_person):
        return True
    return EPISODE in (one.scope, other.scope) and bool(({one.event} | over_one) & ({other.event} | over_other))


def _least(lows: Sequence[int], near: Sequence[set[int]]) -> int:
    """Largest sum of figures that do not overlap, tried by size and by how many others each overlaps."""
    by_size = sorted(range(len(lows)), key=lambda place: (-lows[place], place))
    by_touch = sorted(by_size, key=lambda place: len(near[place]))
    return max(_taken(order, lows, near) for order in (by_size, by_touch))


def _taken(order: Iterable[int], lows: Sequence[int], near: Sequence[set[int]]) -> int:
    taken: set[int] = set()
    for place in order:
        if not near[place] & taken:
            taken.add(place)
    return sum(lows[place] for place in taken)
