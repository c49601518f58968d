"""Rival figures on a common scale: a dot for a number, a bar for a range, an arrow for an open end, nothing invented."""

from dataclasses import dataclass
from typing import Any

from conflict.public.claim_groups import ABOUT_A_FIGURE, ClaimGroup
from conflict.vocabulary import Qualifier
from conflict.wording import figures

STEPS = (1, 2, 5)
TICKS = 5
OPEN_BELOW = frozenset({Qualifier.UP_TO})
OPEN_ABOVE = frozenset({Qualifier.AT_LEAST, Qualifier.MORE_THAN})
ROOM = 96  # per cent of the width; the rest is for the last number and an arrowhead


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One account on the scale. A figure in words only (`is_in_words`) has no position."""

    start: str = ""
    end: str = ""
    width: str = ""
    is_point: bool = False
    is_open_above: bool = False
    is_open_below: bool = False
    is_in_words: bool = False
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    ticks: list[Tick]
    marks: dict[str, Mark]
    span: Mark


def scale(matter: ClaimGroup) -> Scale | None:
    """Scale of the accounts; None if there is nothing to compare: fewer than two accounts, or no number."""
    numbers = [value for claim in matter.claims for value in (claim["low"], claim["high"]) if value is not None]
    if matter.about != ABOUT_A_FIGURE or len(matter.claims) < 2 or not numbers:
        return None
    top, step = round_top(max(numbers))
    ticks = [Tick(_at(value, top), figures.number(value)) for value in range(0, top + 1, step)]
    return Scale(ticks, {claim["key"]: _mark(claim, top) for claim in matter.claims}, _span(matter, top))


def _mark(claim: dict[str, Any], top: int) -> Mark:
    low, high, qualifier = claim["low"], claim["high"], claim["qualifier"]
    if low is None and high is None:
        return Mark(is_in_words=True)
    if low is None or (qualifier in OPEN_BELOW and high is not None):
        return _bar(low or 0, high, top, is_open_below=True)
    if qualifier in OPEN_ABOVE or high is None:
        return Mark(start=_at(low, top), end="100%", width=_at(top, top, 100 - _share(low, top)), is_open_above=True)
    if low == high:
        return Mark(start=_at(low, top), is_point=True, is_vague=qualifier == Qualifier.ABOUT)
    return _bar(low, high, top)


def _bar(low: int, high: int, top: int, *, is_open_below: bool = False) -> Mark:
    return Mark(
        start=_at(low, top),
        end=_at(high, top),
        width=f"{_share(high, top) - _share(low, top):.2f}%",
        is_open_below=is_open_below,
    )


def _span(matter: ClaimGroup, top: int) -> Mark:
    """Mark for the computed range of all accounts."""
    estimate = matter.estimate
    if not estimate or estimate["low"] is None or estimate["high"] is None or estimate["low"] == estimate["high"]:
        return Mark()
    return _bar(estimate["low"], estimate["high"], top)


def round_top(largest: int) -> tuple[int, int]:
    """End of the scale and distance between its ticks, both round numbers."""
    magnitude = 1
    while True:
        for factor in STEPS:
            step = factor * magnitude
            if step * TICKS >= largest:
                return max(-(-largest // step), 1) * step, step
        magnitude *= 10


def _share(value: int, top: int) -> float:
    return value / top * ROOM + 1.5


def _at(value: int, top: int, share: float | None = None) -> str:
    return f"{_share(value, top) if share is None else share:.2f}%"
