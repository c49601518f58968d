"""Timeline of control over a place: one bar per claim of control, hatching where no claim applies.

Nothing is filled in. A claim covers only the days it names; the stretch between one claim and the next is hatched,
because no account says who held the place or when it changed hands. All days have the same width; a long gap is
shortened, and the cut is marked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from conflict import dates
from conflict.wording import days
from conflict.wording.headlines import claimants
from conflict.wording.texts import alike
from conflict.wording.translation import ngettext

ROW = 48
ROOM = 97  # per cent of the width; the rest is for the last day
SHORTEST = 1.4
APART = 22.0  # width of a label, in per cent
SILENCE = 21  # longest gap in days drawn to scale; longer ones are cut
CUT, MOST_CUTS = 6.0, 55.0  # per cent of the width: for one cut, and for all together
TELLER = 26  # characters
ROOM_OF_A_LETTER = 1.4  # per cent of the width
ROOM_OF_A_LENGTH = 15.0  # per cent of the width, for the length of a cut in words
ABOVE, BELOW = 14, 44  # vertical positions of names on a line

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineClaim:
    """Claim of control, with the days that it covers, if it has any."""

    when: str
    order: tuple[date, str]
    days: tuple[date, date] | None
    holders: list[dict[str, str]]
    claim: Body
    is_denial: bool
    is_by_holder: bool
    fade: str
    """Uncertain edges: start, end or both; empty if both days are known."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Claim on a holder's line.

    `teller` is the claimant; `is_contested`: on one of its days, somebody else is said to hold the place.
    """

    x: str
    width: str
    y: int
    told: TimelineClaim
    look: str
    teller: str
    teller_x: str
    teller_y: int
    room: tuple[float, float]
    is_contested: bool
    is_at_the_end: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Days covered by no claim; for a shortened gap, `words` gives its length, written where it `has_room`."""

    x: str
    width: str
    words: str = ""
    has_room: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    y: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Labelled day. Near the end of the line the label stands to the left, for lack of space."""

    x: str
    label: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class ControlTimeline:
    told: list[TimelineClaim]
    lines: list[Line]
    bars: list[Bar]
    gaps: list[Gap]
    ticks: list[Tick]
    height: int


def control_timeline(claims: Iterable[Body]) -> ControlTimeline | None:
    """Timeline of control; None if there are no claims, without a drawing if fewer than two have a date."""
    ordered = sorted(map(_timeline_claim, claims), key=lambda one: one.order)
    if not ordered:
        return None
    spans = [one.days for one in ordered if one.days]
    if len(spans) < 2:
        return ControlTimeline(ordered, [], [], [], [], 0)
    across = _Scale(spans)
    lines: dict[str, Line] = {}
    bars: list[Bar] = []
    for one in ordered:
        for holder in one.holders if one.days else ():
            key = _key(holder)
            line = lines.setdefault(key, Line(holder["name"], len(lines) * ROW))
            bars.append(_bar(one, key, line, across, ordered, bars))
    return ControlTimeline(
        ordered, list(lines.values()), bars, list(across.gaps()), list(_ticks(spans, across)), len(lines) * ROW
    )


def _bar(
    one: TimelineClaim, key: str, line: Line, across: "_Scale", told: list[TimelineClaim], before: list[Bar]
) -> Bar:
    start, end = one.days or (date.min, date.min)
    rivals = (
        other
        for other in told
        if other.days and not other.is_denial and other.days[0] < end and start < other.days[1]
        if key not in map(_key, other.holders)
    )
    x, width = across(start, end)
    who = claimants(one.claim)
    teller = who if len(who) <= TELLER else alike(f"{who[: TELLER - 1].rstrip()}…", [who])
    is_at_the_end = across.at(start) > ROOM / 2
    reach = across.at(end) if is_at_the_end else across.at(start)
    room = (
        (reach - len(teller) * ROOM_OF_A_LETTER, reach)
        if is_at_the_end
        else (reach, reach + len(teller) * ROOM_OF_A_LETTER)
    )
    return Bar(
        x=x,
        width=width,
        y=line.y,
        told=one,
        look="denied" if one.is_denial else "own" if one.is_by_holder else "said",
        teller=teller,
        teller_x=f"{reach:.2f}%",
        teller_y=line.y + (BELOW if _is_crowded(room, line, before) else ABOVE),
        room=room,
        is_contested=not one.is_denial and any(True for _ in rivals),
        is_at_the_end=is_at_the_end,
    )


def _is_crowded(room: tuple[float, float], line: Line, before: list[Bar]) -> bool:
    """Return True if a label above the bar, in this room, would run into another label on the same line."""
    above = (bar.room for bar in before if bar.teller_y == line.y + ABOVE)
    return any(start < room[1] and room[0] < end for start, end in above)


class _Scale:
    """Maps days to positions at constant scale; gaps of more than SILENCE days are shortened to a fixed width."""

    def __init__(self, spans: list[tuple[date, date]]) -> None:
        self.silences = list(_unsaid(spans))
        ends = sorted({day for span in spans for day in span})
        cuts = {silence for silence in self.silences if (silence[1] - silence[0]).days > SILENCE}
        cut = min(CUT, MOST_CUTS / len(cuts)) if cuts else 0
        pieces = list(pairwise(ends))
        lasting = sum((end - start).days for start, end in pieces if (start, end) not in cuts) or 1
        self.cuts = cuts
        self.places = {ends[0]: 0.0}
        for start, end in pieces:
            length = cut if (start, end) in cuts else (ROOM - cut * len(cuts)) * (end - start).days / lasting
            self.places[end] = self.places[start] + length

    def __call__(self, start: date, end: date) -> tuple[str, str]:
        """Position and width of the half-open range of days, as percentages.

        Both days have to be ends of covered ranges.
        """
        return f"{self.at(start):.2f}%", f"{max(self.at(end) - self.at(start), SHORTEST):.2f}%"

    def at(self, day: date) -> float:
        return self.places[day]

    def gaps(self) -> Iterator[Gap]:
        written = -ROOM_OF_A_LENGTH
        for start, end in self.silences:
            words = _length(start, end) if (start, end) in self.cuts else ""
            has_room = bool(words) and self.at(start) - written >= ROOM_OF_A_LENGTH
            written = self.at(start) if has_room else written
            yield Gap(*self(start, end), words, has_room)


def _length(start: date, end: date) -> str:
    """Duration of a shortened gap in words: “10 years”, “7 months”."""
    months = max((end.year - start.year) * 12 + end.month - start.month, 1)
    if months >= 24:
        return ngettext("%(number)s year", "%(number)s years", months // 12) % {"number": months // 12}
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}


def _timeline_claim(claim: Body) -> TimelineClaim:
    when = claim["scope_when"] or claim["event_when"] or claim["made_on"]
    parsed = dates.parse(when) if when else None
    claimants = {party.get("key") for party in claim["claimant"]} - {None}
    return TimelineClaim(
        when=when,
        order=(_sorts_on(when), claim["key"]),
        days=_days(when),
        holders=claim["holder"] or [{"kind": "described", "name": ""}],
        claim=claim,
        is_denial=bool(claim["negated"]) or claim["stance"] == "denies",
        is_by_holder=bool(claimants & {party.get("key") for party in claim["holder"]}),
        fade=_fade(parsed) if parsed else "",
    )


def _fade(when: dates.When) -> str:
    """Edges of the bar that are uncertain."""
    if when.is_approximate or when.is_uncertain or (when.starts_on is None and when.ends_before is None):
        return "both"
    return "start" if when.starts_on is None else "end" if when.ends_before is None else ""


def _key(holder: dict[str, str]) -> str:
    return holder.get("key") or holder["name"]


def _sorts_on(text: str) -> date:
    return dates.parse(text).sorts_on if text else date.max


def _days(text: str) -> tuple[date, date] | None:
    """Days that the claim covers. An open end is not extended: only the day named counts."""
    if not text:
        return None
    when = dates.parse(text)
    start = when.starts_on or when.sorts_on
    return start, when.ends_before if when.ends_before and when.starts_on else start + timedelta(days=1)


def _unsaid(spans: list[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Ranges between claims that no claim covers."""
    reached = min(start for start, _ in spans)
    for start, end in sorted(spans):
        if start > reached:
            yield reached, start
        reached = max(reached, end)


def _ticks(spans: list[tuple[date, date]], across: _Scale) -> Iterator[Tick]:
    """First days of covered ranges, as far as there is room to label them."""
    written: list[tuple[float, date]] = []
    for day in sorted({start for start, _end in spans}):
        if not written or across.at(day) - written[-1][0] >= APART:
            written.append((across.at(day), day))
    if len(written) > 2 and written[-1][0] > ROOM - APART and written[-2][0] > ROOM - 2 * APART:
        del written[-2]  # its label would run into the last one, which stands to the left of its day
    for at, day in written:
        yield Tick(f"{at:.2f}%", days.day(day, short=True), is_last=at > ROOM - APART)
