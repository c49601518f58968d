"""Lineage of armed movements: a lane for each, forks where one split off, joins where it merged.

A lane is solid from the first to the last day on which something is recorded of the movement, and dotted beyond, up to a
known end or the edge. An undated fork or join is dotted, too, and stands where the record of the younger movement begins.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conflict import dates
from conflict.public import queries
from conflict.record.models import PublishedActor
from conflict.vocabulary import ActorKind, AffiliationKind
from conflict.wording.localized_texts import label_of

ROW = 42  # three lines of a label on a phone, and a gap
MOVEMENTS = (ActorKind.ARMED_GROUP, ActorKind.MILITIA, ActorKind.COALITION, ActorKind.POLITICAL_MOVEMENT)
FORKS = (AffiliationKind.SPLINTER_OF, AffiliationKind.SUCCESSOR_OF)  # the other actor is the older one
JOINS = (AffiliationKind.MERGED_INTO, AffiliationKind.RENAMED_TO)  # the other actor is the younger one

Mentions = Mapping[str, tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    key: str
    family: str
    y: int
    start: str
    solid_start: str
    solid_end: str
    end: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Line from one lane to another. `kind` is the affiliation, told from the actor that has it."""

    kind: AffiliationKind
    actor: Any
    other: Any
    when: str
    standing: str
    x: str
    y1: int
    y2: int
    family: str
    tie: Mapping[str, Any]

    @property
    def is_dated(self) -> bool:
        return bool(self.when)


@dataclass(frozen=True, slots=True)
class Lineage:
    lanes: list[Lane]
    branches: list[Branch]
    years: list[tuple[int, str]]
    height: int


def lineage(mentions: Mentions, first: int, until: int) -> Lineage | None:
    """Lineage between two years. `mentions` are the days of the first and the last event that name each actor."""
    rows = {row.key: row for row in queries.actors().filter(kind__in=MOVEMENTS).by_name()}
    ties = [
        (row, tie, rows[tie["actor"]["key"]])
        for row in rows.values()
        for tie in queries.body(row)["affiliations"]
        if tie["kind"] in (*FORKS, *JOINS) and tie["actor"]["key"] in rows
    ]
    if not ties:
        return None
    across = _Scale(date(first, 1, 1), date(until + 1, 1, 1))
    born, ended = _lives(ties)
    order = _in_order(ties, {key: born.get(key) or mentions.get(key, (date.max,))[0] for key in rows})
    y = {row.key: place * ROW + ROW // 2 for place, row in enumerate(order)}
    lanes = [
        _lane(row, y[row.key], born.get(row.key), ended.get(row.key), mentions.get(row.key), across) for row in order
    ]
    branches = [_branch(row, tie, other, y, mentions, across) for row, tie, other in ties]
    branches.sort(key=lambda branch: (not branch.when, dates.parse(branch.when).sorts_on if branch.when else date.max))
    return Lineage(
        lanes, branches, [(year, across(date(year, 1, 1))) for year in range(first, until + 1)], len(order) * ROW
    )


class _Scale:
    """Position of a day, in per cent of the width."""

    def __init__(self, first: date, end: date) -> None:
        self.first, self.end = first, end

    def __call__(self, day: date) -> str:
        inside = min(max(day, self.first), self.end)
        return f"{(inside - self.first).days / (self.end - self.first).days * 100:.2f}%"


def _day(tie: Mapping[str, Any]) -> date | None:
    return dates.parse(tie["when"]).sorts_on if tie["when"] else None


def _lives(ties: Iterable[tuple[Any, Any, Any]]) -> tuple[dict[str, date], dict[str, date]]:
    """Days on which movements began, and on which they ended, as far as a dated fork or join says so."""
    born: dict[str, date] = {}
    ended: dict[str, date] = {}
    for row, tie, other in ties:
        if day := _day(tie):
            younger, older = (row, other) if tie["kind"] in FORKS else (other, row)
            if younger.key not in born or day < born[younger.key]:
                born[younger.key] = day
            if tie["kind"] != AffiliationKind.SPLINTER_OF:
                ended[older.key] = day
    return born, ended


def _in_order(ties: Iterable[tuple[Any, Any, Any]], starts: Mapping[str, date]) -> list[PublishedActor]:
    """Movements so that related ones are neighbours: each followed by those tied to it, the oldest first."""
    near: dict[str, dict[str, Any]] = defaultdict(dict)
    rows: dict[str, Any] = {}
    for row, _tie, other in ties:
        rows |= {row.key: row, other.key: other}
        near[row.key][other.key] = other
        near[other.key][row.key] = row
    placed: dict[str, Any] = {}

    def place(key: str) -> None:
        if key not in placed:
            placed[key] = rows[key]
            for following in sorted(near[key], key=lambda other: (starts[other], other)):
                place(following)

    for key in sorted(rows, key=lambda key: (starts[key], key)):
        place(key)
    return list(placed.values())


def _lane(
    row: Any, y: int, born: date | None, ended: date | None, mentions: tuple[date, date] | None, across: _Scale
) -> Lane:
    known = [day for day in (born, *(mentions or ()), ended) if day]
    solid = (min(known), max(known)) if known else (across.first, across.first)
    end = across(ended) if ended else "100%"
    return Lane(
        name=label_of(row),
        key=row.key,
        family=row.family,
        y=y,
        start=across(born) if born else "0%",
        solid_start=across(solid[0]),
        solid_end=across(min(solid[1], ended) if ended else solid[1]),
        end=end,
    )


def _branch(
    row: Any, tie: Mapping[str, Any], other: Any, y: Mapping[str, int], mentions: Mentions, across: _Scale
) -> Branch:
    younger = row if tie["kind"] in FORKS else other
    day = _day(tie) or mentions.get(younger.key, (across.first,))[0]
    return Branch(
        kind=AffiliationKind(tie["kind"]),
        actor=row,
        other=other,
        when=tie["when"],
        standing=tie["standing"],
        x=across(day),
        y1=y[row.key],
        y2=y[other.key],
        family=younger.family,
        tie=tie,
    )
