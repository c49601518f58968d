"""Who held a place when, as far as anybody says: one mark per claim, a gap where nobody says anything.

Nothing is filled in. A claim holds for the days it speaks of; between one claim and the next
stands a hatched stretch, because no account says who held the place or when it changed hands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conflict import dates
from conflict.pages.wording import days

ROW = 30
SHORTEST = 1.2  # per cent of the width that a single day is drawn with


@dataclass(frozen=True, slots=True)
class Stretch:
    """One claim on the line of the one who is said to hold the place, or not to."""

    x: str
    width: str
    y: int
    claim: dict[str, Any]
    is_denial: bool
    is_claimed_by_holder: bool


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    key: str
    y: int


@dataclass(frozen=True, slots=True)
class Gap:
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Holding:
    claims: list[dict[str, Any]]
    lines: list[Line]
    stretches: list[Stretch]
    gaps: list[Gap]
    ticks: list[tuple[str, str]]
    height: int


def held(claims: Iterable[dict[str, Any]]) -> Holding | None:
    """None where no claim says who holds the place; without a drawing where fewer than two have a date."""
    told = list(claims)
    if not told:
        return None
    dated = [(claim, *_days(claim)) for claim in told if _days(claim)]
    if len(dated) < 2:
        return Holding(told, [], [], [], [], 0)
    first, last = min(start for _, start, _ in dated), max(end for _, _, end in dated)
    length = (last - first).days or 1
    lines: dict[str, Line] = {}
    stretches = []
    for claim, start, end in dated:
        for holder in claim["holder"] or [{"kind": "described", "name": ""}]:
            key = holder.get("key") or holder["name"]
            line = lines.setdefault(key, Line(holder["name"], holder.get("key", ""), len(lines) * ROW))
            own = any(party.get("key") == holder.get("key") for party in claim["claimant"] if party.get("key"))
            stretches.append(Stretch(*_across(start, end, first, length), line.y, claim, _denies(claim), own))
    gaps = [
        Gap(*_across(start, end, first, length)) for start, end in _unsaid([(start, end) for _, start, end in dated])
    ]
    return Holding(told, list(lines.values()), stretches, gaps, _ticks(first, last, length), len(lines) * ROW)


def _denies(claim: dict[str, Any]) -> bool:
    return bool(claim["negated"]) or claim["stance"] == "denies"


def _days(claim: dict[str, Any]) -> tuple[date, date] | None:
    """The days the claim speaks of: its event's, else the day it was made."""
    text = claim.get("event_when") or claim["made_on"]
    if not text:
        return None
    when = dates.parse(text)
    start = when.starts_on or (when.ends_before - timedelta(days=1) if when.ends_before else None)
    if start is None:
        return None
    return start, when.ends_before or start + timedelta(days=1)


def _unsaid(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """The stretches between claims for which no claim speaks."""
    gaps = []
    reached = None
    for start, end in sorted(spans):
        if reached and start > reached:
            gaps.append((reached, start))
        reached = max(reached, end) if reached else end
    return gaps


def _across(start: date, end: date, first: date, length: int) -> tuple[str, str]:
    x = (start - first).days / length * 98
    width = max((end - start).days / length * 98, SHORTEST)
    return f"{min(x, 100 - SHORTEST):.2f}%", f"{width:.2f}%"


def _ticks(first: date, last: date, length: int) -> list[tuple[str, str]]:
    """At most five days or months to read the line by."""
    steps = min(4, length)
    at = [first + timedelta(days=round(length * step / steps)) for step in range(steps)]
    words = [days.day(day, short=True) if length < 800 else days.month(day.year, day.month) for day in at]
    return [(f"{(day - first).days / length * 98:.2f}%", word) for day, word in zip(at, words, strict=True)]
