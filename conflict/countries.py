"""Countries by each of their names, with their codes and regions in UCDP's and ACLED's formats.

The chronology's file has those of its own countries; `countries.csv` has those of all others, which imports may bring.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from conflict.chronology import Codes
from conflict.text import folded

BRACKETS = re.compile(r"\s*\([^()]*\)")

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
    20: "Antarctica",
}
UCDP_REGIONS = ("Europe", "Middle East", "Asia", "Africa", "Americas")  # in UCDP's numbering, from 1
# Gleditsch and Ward number the countries of the world region by region.
FIRST_CODES = ((700, "Asia"), (630, "Middle East"), (400, "Africa"), (200, "Europe"), (2, "Americas"))


def ucdp_region(gleditsch_ward: int) -> str:
    return next((region for first, region in FIRST_CODES if gleditsch_ward >= first), "")


@cache
def world() -> Mapping[str, Codes]:
    """Codes of today's states, by each of their names as `_plain` writes it: UCDP's, ACLED's, and others in use."""
    return {_plain(name): codes for name, codes in _read()}


def _read() -> Iterator[tuple[str, Codes]]:
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            numbers = (int(row["gleditsch_ward"]), int(row["iso"] or 0))
            for name in row["names"].split("; "):
                yield name, Codes(*numbers, row["iso3"], row["iso2"], int(row["region"]))


def _plain(name: str) -> str:
    """Words of the name that tell it from others, however spelled and in whatever order: “Korea, South”."""
    words = re.findall(r"\w+", folded(name).replace("&", " and "))
    return " ".join(sorted(word for word in words if word != "the"))


def without_brackets(name: str) -> str:
    """“Myanmar (Burma)” is Myanmar."""
    return BRACKETS.sub("", name)


def codes() -> list[Codes]:
    return [*world().values(), *settings.CHRONOLOGY.codes.values()]


def codes_of(country: str) -> Codes:
    return settings.CHRONOLOGY.codes.get(country) or _of_the_world(country)


@lru_cache(maxsize=1_000)
def _of_the_world(country: str) -> Codes:
    """Codes by the whole name if that is known, or else by the name without its brackets."""
    return world().get(_plain(country)) or world().get(_plain(without_brackets(country))) or Codes()


@lru_cache(maxsize=1_000)
def identity(country: str) -> str:
    """What all names of a country have in common: its ISO code, or for one without codes its name without brackets."""
    return codes_of(country).iso3 or _plain(without_brackets(country))
