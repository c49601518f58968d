"""Matrix of who held which town when: towns by quarter, each cell an account of control; a quarter without any is left empty."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from conflict.estimates import in_force
from conflict.public import queries
from conflict.public.cache.counts import control_claims_by_place
from conflict.public.charts.control_timeline import TimelineClaim, control_timeline
from conflict.vocabulary import SETTLEMENTS, LocationKind

TOWNS = 12
TOWN_KINDS = SETTLEMENTS | {LocationKind.COMMUNE}

Quarter = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Column:
    """A quarter in which somebody says who held a town. `missing` quarters before it are left out."""

    year: int
    quarter: int
    missing: int


@dataclass(frozen=True, slots=True)
class Row:
    town: Any
    cells: list[list[TimelineClaim]]


@dataclass(frozen=True, slots=True)
class ControlMatrix:
    columns: list[Column]
    rows: list[Row]
    families: dict[str, str]
    """Family of each holder that is an actor, by key."""


def control_matrix() -> ControlMatrix | None:
    """The towns with the most accounts of control; None if nobody says who held one."""
    numbers = control_claims_by_place()
    towns = {
        row.key: row
        for row in queries.locations().filter(key__in=numbers, kind__in=TOWN_KINDS).by_name().defer("search")
    }
    busiest = sorted(towns, key=lambda key: (-numbers[key], key))[:TOWNS]
    claims = {key: queries.control_claims(key) for key in busiest}
    by_town = {key: _by_quarter(claims[key]) for key in busiest}
    quarters = sorted({quarter for cells in by_town.values() for quarter in cells})
    if not quarters:
        return None
    holders = {
        party["key"] for of_town in claims.values() for claim in of_town for party in claim["holder"] if "key" in party
    }
    return ControlMatrix(
        [Column(year, number, missing) for (year, number), missing in zip(quarters, _missing(quarters), strict=True)],
        [Row(towns[key], [by_town[key].get(quarter, []) for quarter in quarters]) for key in busiest if by_town[key]],
        dict(queries.actors().filter(key__in=holders).values_list("key", "family")),
    )


def _by_quarter(claims: list[dict[str, Any]]) -> dict[Quarter, list[TimelineClaim]]:
    """Accounts by the quarter in which the days that they cover begin.

    Those without a day, deprecated or replaced are left to the town's page.
    """
    quarters: dict[Quarter, list[TimelineClaim]] = {}
    timeline = control_timeline(in_force(claims))
    for one in timeline.accounts if timeline else ():
        if one.days:
            day = one.days[0]
            quarters.setdefault((day.year, (day.month - 1) // 3 + 1), []).append(one)
    return quarters


def _missing(quarters: list[Quarter]) -> list[int]:
    """Number of quarters left out before each."""
    numbers = [year * 4 + quarter for year, quarter in quarters]
    return [0, *(later - earlier - 1 for earlier, later in pairwise(numbers))]
