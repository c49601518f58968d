"""Who held a place when, as far as anybody says: a bar per claim, a mark per event, hatching where nobody says anything.

Nothing is filled in. A claim holds for the days it speaks of and an event for its own; between
one and the next stands a hatched stretch, because no account says who held the place or when it
changed hands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import log2
from typing import Any

from conflict import dates
from conflict.public.wording import days
from conflict.vocabulary import ParticipantRole

ROW = 32
ROOM = 97  # per cent of the width; the rest leaves space for the last day
SHORTEST = 1.4
TAKING = (ParticipantRole.HOLDER, ParticipantRole.WINNER, ParticipantRole.ATTACKER, ParticipantRole.PERPETRATOR)
APART = 17.0  # per cent of the width that a written day takes

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineClaim:
    """One claim, or one event that tells of a change of hands, with the days it speaks of where it has any."""

    when: str
    order: tuple[date, str]
    days: tuple[date, date] | None
    holders: list[dict[str, str]]
    claim: Body | None = None
    event: Body | None = None
    is_denial: bool = False
    is_by_holder: bool = False


@dataclass(frozen=True, slots=True)
class GapBar:
    x: str
    width: str
    y: int
    told: TimelineClaim
    look: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    y: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A written day. At the end of the line it is written before its place, else it would not fit."""

    x: str
    label: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class ControlTimeline:
    told: list[TimelineClaim]
    lines: list[Line]
    stretches: list[GapBar]
    gaps: list[tuple[str, str]]
    ticks: list[Tick]
    height: int


def control_timeline(claims: Iterable[Body], events: Iterable[Body]) -> ControlTimeline | None:
    """None where nobody says who holds the place; without a drawing where fewer than two accounts have a date."""
    told = sorted([*_claims(claims), *_events(events)], key=lambda one: one.order)
    if not told:
        return None
    spans = [one.days for one in told if one.days]
    if len(spans) < 2:
        return ControlTimeline(told, [], [], [], [], 0)
    across = _Scale(spans)
    lines: dict[str, Line] = {}
    stretches = []
    for one in told:
        for holder in one.holders if one.days else ():
            key = holder.get("key") or holder["name"]
            line = lines.setdefault(key, Line(holder["name"], len(lines) * ROW))
            stretches.append(GapBar(*across(*one.days), line.y, one, _look(one)))  # type: ignore[misc]
    gaps = [across(start, end) for start, end in _unsaid(spans)]
    return ControlTimeline(told, list(lines.values()), stretches, gaps, list(_ticks(spans, across)), len(lines) * ROW)


class _Scale:
    """Days as places on the line. Longer stretches are longer, but not in proportion: silence of years would leave days no room."""

    def __init__(self, spans: list[tuple[date, date]]) -> None:
        self.days = sorted({day for span in spans for day in span})
        weights = [log2(1 + (end - start).days) for start, end in pairwise(self.days)]
        self.places = [ROOM * place / sum(weights) for place in (0, *accumulate(weights))]

    def __call__(self, start: date, end: date) -> tuple[str, str]:
        """Place and width of the half-open stretch of days, as percentages. Both days are ends of told stretches."""
        return f"{self.at(start):.2f}%", f"{max(self.at(end) - self.at(start), SHORTEST):.2f}%"

    def at(self, day: date) -> float:
        return self.places[self.days.index(day)]


def _claims(claims: Iterable[Body]) -> Iterator[TimelineClaim]:
    for claim in claims:
        when = claim["event_when"] or claim["made_on"]
        claimants = {party.get("key") for party in claim["claimant"]} - {None}
        yield TimelineClaim(
            when=when,
            order=(_sorts_on(when), claim["key"]),
            days=_days(when),
            holders=claim["holder"] or [{"kind": "described", "name": ""}],
            claim=claim,
            is_denial=bool(claim["negated"]) or claim["stance"] == "denies",
            is_by_holder=bool(claimants & {party.get("key") for party in claim["holder"]}),
        )


def _events(events: Iterable[Body]) -> Iterator[TimelineClaim]:
    """Events whose claims do not say it already."""
    for event in events:
        if any(claim["kind"] == "control" for claim in event["claims"]):
            continue
        takers = [part["actor"] for role in TAKING for part in event["participants"] if part["role"] == role]
        if takers:
            when = event["when"]
            yield TimelineClaim(when, (_sorts_on(when), event["key"]), _days(when), takers, event=event)


def _look(told: TimelineClaim) -> str:
    if told.event:
        return "told"
    if told.is_denial:
        return "denied"
    return "own" if told.is_by_holder else "said"


def _sorts_on(text: str) -> date:
    return dates.parse(text).sorts_on if text else date.max


def _days(text: str) -> tuple[date, date] | None:
    """The days it speaks of. An open end is not drawn out: only the day that is named is said."""
    if not text:
        return None
    when = dates.parse(text)
    start = when.starts_on or when.sorts_on
    return start, when.ends_before if when.ends_before and when.starts_on else start + timedelta(days=1)


def _unsaid(spans: list[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """The stretches between accounts for which no account speaks."""
    reached = min(start for start, _ in spans)
    for start, end in sorted(spans):
        if start > reached:
            yield reached, start
        reached = max(reached, end)


def _ticks(spans: list[tuple[date, date]], across: _Scale) -> Iterator[Tick]:
    """The days on which told stretches begin, as far as there is room to write them."""
    written = -APART
    for day in sorted({start for start, _end in spans}):
        if across.at(day) - written >= APART:
            written = across.at(day)
            yield Tick(f"{written:.2f}%", days.day(day, short=True), is_last=written > ROOM - APART)
