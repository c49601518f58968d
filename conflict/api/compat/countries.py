"""Regions of the world in the numbering of both formats; the codes of countries stand in the chronology's file."""

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
