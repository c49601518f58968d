"""Timeline of an actor's affiliations: one line each from start to end, dashed where dates are unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from conflict import dates
from conflict.vocabulary import AffiliationKind

ROW = 36  # room for a name on two lines; the stylesheet has the same height
FIRST = date((settings.CHRONOLOGY.since or 2001) - 1, 1, 1)  # what began earlier begins at the edge
LOOKS = {
    AffiliationKind.SPLINTER_OF: "split",
    AffiliationKind.MERGED_INTO: "merge",
    AffiliationKind.RENAMED_TO: "rename",
    AffiliationKind.SUCCESSOR_OF: "rename",
    AffiliationKind.OPPOSED_TO: "opposed",
}
DRAWN = frozenset(
    {
        AffiliationKind.PART_OF,
        AffiliationKind.SPLINTER_OF,
        AffiliationKind.SUCCESSOR_OF,
        AffiliationKind.RENAMED_TO,
        AffiliationKind.MERGED_INTO,
        AffiliationKind.ALLIED_WITH,
        AffiliationKind.OPPOSED_TO,
        AffiliationKind.GOVERNS,
    }
)


@dataclass(frozen=True, slots=True)
class AffiliationBar:
    """Bar of the chart: the other actor, and the known extent of the line."""

    words: str
    is_inverse: bool
    name: str
    key: str
    family: str
    look: str
    y: int
    x: str
    end: str
    is_dated: bool
    is_open: bool
    is_open_before: bool
    when: str


@dataclass(frozen=True, slots=True)
class AffiliationTimeline:
    ties: list[AffiliationBar]
    years: list[tuple[int, str]]
    height: int


def affiliation_timeline(
    own: Iterable[dict[str, Any]], to_it: Iterable[dict[str, Any]], until: int
) -> AffiliationTimeline | None:
    """Timeline of the actor's affiliations (`own`) and of those of others with it (`to_it`, by their `actor`)."""
    drawn = sorted(
        (tie for tie in (*own, *to_it) if tie["kind"] in DRAWN),
        key=lambda tie: (tie["starts_on"] or "9", tie["actor"]["name"]),
    )
    if not drawn:
        return None
    last = date(until + 1, 1, 1)
    lines = [_line(tie, number * ROW, last) for number, tie in enumerate(drawn)]
    years = [(year, _at(date(year, 1, 1), last)) for year in range(FIRST.year, until + 1)]
    return AffiliationTimeline(lines, years, len(lines) * ROW)


def _line(tie: dict[str, Any], y: int, last: date) -> AffiliationBar:
    kind = AffiliationKind(tie["kind"])
    when = dates.parse(tie["when"]) if tie["when"] else None
    start = when.starts_on if when else None
    end = when.ends_before if when else None
    is_open = bool(when and when.ends_before is None)
    return AffiliationBar(
        words=str(kind.label),
        is_inverse="family" in tie,
        name=tie["actor"]["name"],
        key=tie["actor"]["key"],
        family=tie.get("family", ""),
        look=f"{LOOKS.get(kind, 'tie')} stands-{tie['standing']}",
        y=y + ROW // 2,
        x=_at(max(start, FIRST), last) if start else "0%",
        end="100%" if end is None else _at(min(max(end, FIRST), last), last),
        is_dated=when is not None,
        is_open=is_open,
        is_open_before=bool(when and start is None),
        when=tie["when"],
    )


def _at(day: date, last: date) -> str:
    return f"{(day - FIRST).days / (last - FIRST).days * 100:.2f}%"
