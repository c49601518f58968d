"""Who held a place when, as far as anybody says: a bar per claim, a mark per event, hatching where nobody says anything.

Nothing is filled in. A claim holds for the days it speaks of and an event for its own; between
one and the next stands a hatched stretch, because no account says who held the place or when it
changed hands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from conflict import dates
from conflict.pages.wording import days
from conflict.vocabulary import ParticipantRole

ROW = 32
ROOM = 97  # per cent of the width; the rest leaves space for the last day
SHORTEST = 1.4
TAKING = (ParticipantRole.HOLDER, ParticipantRole.WINNER, ParticipantRole.ATTACKER, ParticipantRole.PERPETRATOR)
LONG = 800  # days from which months are enough to read the line by

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
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
class Stretch:
    x: str
    width: str
    y: int
    told: Told
    look: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    y: int


@dataclass(frozen=True, slots=True)
class Holding:
    told: list[Told]
    lines: list[Line]
    stretches: list[Stretch]
    gaps: list[tuple[str, str]]
    ticks: list[tuple[str, str]]
    height: int


def held(claims: Iterable[Body], events: Iterable[Body]) -> Holding | None:
    """None where nobody says who holds the place; without a drawing where fewer than two accounts have a date."""
    told = sorted([*_claims(claims), *_events(events)], key=lambda one: one.order)
    if not told:
        return None
    spans = [one.days for one in told if one.days]
    if len(spans) < 2:
        return Holding(told, [], [], [], [], 0)
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    across = _Scale(first, max((last - first).days, 1))
    lines: dict[str, Line] = {}
    stretches = []
    for one in told:
        for holder in one.holders if one.days else ():
            key = holder.get("key") or holder["name"]
            line = lines.setdefault(key, Line(holder["name"], len(lines) * ROW))
            stretches.append(Stretch(*across(*one.days), line.y, one, _look(one)))  # type: ignore[misc]
    gaps = [across(start, end) for start, end in _unsaid(spans)]
    return Holding(told, list(lines.values()), stretches, gaps, list(_ticks(first, last, across)), len(lines) * ROW)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    length: int

    def __call__(self, start: date, end: date) -> tuple[str, str]:
        """Place and width of the half-open stretch of days, as percentages."""
        width = max((end - start).days / self.length * ROOM, SHORTEST)
        return f"{self.at(start):.2f}%", f"{width:.2f}%"

    def at(self, day: date) -> float:
        return (day - self.first).days / self.length * ROOM


def _claims(claims: Iterable[Body]) -> Iterator[Told]:
    for claim in claims:
        when = claim["event_when"] or claim["made_on"]
        claimants = {party.get("key") for party in claim["claimant"]} - {None}
        yield Told(
            when=when,
            order=(_sorts_on(when), claim["key"]),
            days=_days(when),
            holders=claim["holder"] or [{"kind": "described", "name": ""}],
            claim=claim,
            is_denial=bool(claim["negated"]) or claim["stance"] == "denies",
            is_by_holder=bool(claimants & {party.get("key") for party in claim["holder"]}),
        )


def _events(events: Iterable[Body]) -> Iterator[Told]:
    """Events whose claims do not say it already."""
    for event in events:
        if any(claim["kind"] == "control" for claim in event["claims"]):
            continue
        takers = [part["actor"] for role in TAKING for part in event["participants"] if part["role"] == role]
        if takers:
            when = event["when"]
            yield Told(when, (_sorts_on(when), event["key"]), _days(when), takers, event=event)


def _look(told: Told) -> str:
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


def _ticks(first: date, last: date, across: _Scale) -> Iterator[tuple[str, str]]:
    """Days, or months of a long line, to read it by; none twice."""
    steps = min(4, across.length)
    at = [first + timedelta(days=across.length * step // steps) for step in range(steps)]
    is_long = across.length > LONG
    words = [days.month(day.year, day.month) if is_long else days.day(day, short=True) for day in at]
    for (day, word), (_next, following) in pairwise([*zip(at, words, strict=True), (last, "")]):
        if word != following:
            yield f"{across.at(day):.2f}%", word
