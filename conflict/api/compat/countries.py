"""Country codes of both formats, from `countries.csv`, a table of facts about today's states."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Codes(NamedTuple):
    """Gleditsch and Ward's number, ISO 3166-1 numeric, alpha-3 and alpha-2 codes, and ACLED's number of the region; 0
    or empty if there is none.
    """

    gleditsch_ward: int = 0
    iso: int = 0
    iso3: str = ""
    iso2: str = ""
    region: int = 0


UNKNOWN = Codes()


def _read() -> Iterator[tuple[str, Codes]]:
    """Every name of every state, with its codes; names are those of UCDP, of ACLED, and others in use."""
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            numbers = (int(row["gleditsch_ward"]), int(row["iso"] or 0))
            for name in row["names"].split("; "):
                yield name, Codes(*numbers, row["iso3"], row["iso2"], int(row["region"]))


CODES = dict(_read())
ACLED_REGIONS = {
    0: "",
    1: "Western Africa",
    2: "Middle Africa",
    3: "Eastern Africa",
    4: "Southern Africa",
    5: "Northern Africa",
    7: "South Asia",
    9: "Southeast Asia",
    11: "Middle East",
    12: "Europe",
    13: "Caucasus and Central Asia",
    14: "Central America",
    15: "South America",
    16: "Caribbean",
    17: "East Asia",
    18: "North America",
    19: "Oceania",
}
UCDP_REGIONS = ("Europe", "Middle East", "Asia", "Africa", "Americas")  # in UCDP's numbering, from 1
# Gleditsch and Ward number the countries of the world region by region.
FIRST_CODES = ((700, "Asia"), (630, "Middle East"), (400, "Africa"), (200, "Europe"), (2, "Americas"))


def ucdp_region(gleditsch_ward: int) -> str:
    return next((region for first, region in FIRST_CODES if gleditsch_ward >= first), "")
