"""Timeline of control over a place: one bar per claim of control, hatching where no claim applies.

Nothing is filled in. A claim covers only the days it names; the stretch between one claim and the next is hatched,
because no account says who held the place or when it changed hands. All days have the same width; a long gap is
shortened, and the cut is marked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from conflict import dates
from conflict.estimates import denies, identity, in_force
from conflict.public.charts.broken_axis import ROOM, BrokenAxis, Gap
from conflict.rival_facts import Party, leaves_no_room
from conflict.wording import days
from conflict.wording.headlines import claimants
from conflict.wording.localized_texts import alike

ROW = 48
TICK = 18.0  # width of a day's label, in per cent
TELLER = 26  # characters
ROOM_OF_A_LETTER = 1.4  # per cent of the width
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
class Piece:
    """Days of a bar that are contested, or are not. `fade` as in TimelineClaim."""

    x: str
    width: str
    is_contested: bool
    fade: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Claim on a holder's line, in pieces. `teller` is the claimant; without `teller_y` there is no room for the name."""

    pieces: list[Piece]
    y: int
    account: TimelineClaim
    look: str
    teller: str
    teller_x: str
    teller_y: int | None
    room: tuple[float, float]
    is_at_the_end: bool

    @property
    def is_contested(self) -> bool:
        return any(piece.is_contested for piece in self.pieces)


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
    accounts: list[TimelineClaim]
    lines: list[Line]
    bars: list[Bar]
    gaps: list[Gap]
    ticks: list[Tick]
    height: int

    @property
    def ticks_y(self) -> int:
        """Position of the days' labels, beneath the lengths of cuts."""
        return self.height + 17 + 11 * (max((gap.line for gap in self.gaps if gap.line is not None), default=-1) + 1)


def control_timeline(claims: Iterable[Body]) -> ControlTimeline | None:
    """Timeline of control; None if there are no claims, without a drawing if fewer than two can be drawn.

    Claims without a date, and those that are deprecated or replaced, are listed and not drawn.
    """
    claims = list(claims)
    ordered = sorted(map(_timeline_claim, claims), key=lambda one: one.order)
    if not ordered:
        return None
    counted = {claim["key"] for claim in in_force(claims)}
    drawn = [one for one in ordered if one.days and one.claim["key"] in counted]
    if len(drawn) < 2:
        return ControlTimeline(ordered, [], [], [], [], 0)
    across = BrokenAxis([one.days for one in drawn if one.days])
    lines: dict[str, Line] = {}
    bars: list[Bar] = []
    for one in drawn:
        for holder in one.holders:
            key = _key(holder)
            line = lines.setdefault(key, Line(holder["name"], len(lines) * ROW))
            bars.append(_bar(one, identity([holder])[0], line, across, drawn, bars))
    return ControlTimeline(
        ordered, list(lines.values()), bars, list(across.gaps()), list(_ticks(drawn, across)), len(lines) * ROW
    )


def _bar(
    one: TimelineClaim, party: Party, line: Line, across: BrokenAxis, accounts: list[TimelineClaim], before: list[Bar]
) -> Bar:
    start, end = one.days or (date.min, date.min)
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
        pieces=list(
            _pieces(
                one,
                across,
                [] if one.is_denial else [other for other in accounts if leaves_no_room(other.claim, party)],
            )
        ),
        y=line.y,
        account=one,
        look="denied" if one.is_denial else "own" if one.is_by_holder else "said",
        teller=teller,
        teller_x=f"{reach:.2f}%",
        teller_y=next((y for y in (line.y + ABOVE, line.y + BELOW) if _is_free(room, y, before)), None),
        room=room,
        is_at_the_end=is_at_the_end,
    )


def _pieces(one: TimelineClaim, across: "BrokenAxis", rivals: list[TimelineClaim]) -> Iterator[Piece]:
    start, end = one.days or (date.min, date.min)
    spans = [other.days for other in rivals if other.days and other.days[0] < end and start < other.days[1]]
    edges = sorted({start, end, *(day for span in spans for day in span if start < day < end)})
    parts = [(any(begins <= since < ends for begins, ends in spans), since, until) for since, until in pairwise(edges)]
    for is_contested, alike_parts in groupby(parts, key=itemgetter(0)):
        days = [day for _, *part in alike_parts for day in part]
        fade = _faded(
            one.fade in ("start", "both") and days[0] == start, one.fade in ("end", "both") and days[-1] == end
        )
        yield Piece(*across(days[0], days[-1]), is_contested, fade)


def _is_free(room: tuple[float, float], y: int, before: list[Bar]) -> bool:
    """Return True if a label in this room, at this height, runs into no other."""
    return not any(bar.teller_y == y and bar.room[0] < room[1] and room[0] < bar.room[1] for bar in before)


def _timeline_claim(claim: Body) -> TimelineClaim:
    when = claim["scope_when"] or claim["event_when"] or claim["made_on"]
    claimants = {party.get("key") for party in claim["claimant"]} - {None}
    return TimelineClaim(
        when=when,
        order=((dates.parse(when).sorts_on if when else date.max), claim["key"]),
        days=_days(when),
        holders=claim["holder"] or [{"kind": "described", "name": ""}],
        claim=claim,
        is_denial=denies(claim),
        is_by_holder=bool(claimants & {party.get("key") for party in claim["holder"]}),
        fade=_fade(when) if when else "",
    )


def _fade(when: str) -> str:
    """Edges of the bar that are uncertain: open, doubted, or no day but a month or a year."""
    points = dates.sides(when)
    start, end = (
        not point or point.precision != dates.Precision.DAY or bool(point.approximate or point.uncertain)
        for point in (points[0], points[-1])
    )
    return _faded(start or when[0] in "[{", end or when[0] in "[{")


def _faded(start: bool, end: bool) -> str:
    return "both" if start and end else "start" if start else "end" if end else ""


def _key(holder: dict[str, str]) -> str:
    return holder.get("key") or holder["name"]


def _days(text: str) -> tuple[date, date] | None:
    """Days that the claim covers. An open end is not extended: only the day named counts."""
    if not text:
        return None
    when = dates.parse(text)
    start = when.starts_on or when.sorts_on
    return start, when.ends_before if when.ends_before and when.starts_on else start + timedelta(days=1)


def _ticks(accounts: list[TimelineClaim], across: BrokenAxis) -> Iterator[Tick]:
    """First days of covered ranges, as many as there is room to label: the first, the last, then the others.

    Close to the end of the line, the last label ends where the line does.
    """
    labels = {one.days[0]: _first_day(one) for one in reversed(accounts) if one.days}
    first, *others = sorted(labels)
    last = others.pop() if others else first
    begins = {first: 0.0}
    for day in (last, *others):
        at = min(across.at(day), 100 - TICK) if day == last else across.at(day)
        if all(abs(at - other) >= TICK for other in begins.values()):
            begins[day] = at
    for day in sorted(begins):
        yield Tick(f"{across.at(day):.2f}%", labels[day], is_last=begins[day] < across.at(day))


def _first_day(one: TimelineClaim) -> str:
    """First day that the claim covers, as precise as it is known: a day, a month or a year."""
    start = one.days[0] if one.days else date.min
    point = dates.sides(one.when)[0]
    if not point or point.precision == dates.Precision.DAY:
        return days.day(start, short=True)
    return days.month(start.year, start.month) if point.precision == dates.Precision.MONTH else str(start.year)
