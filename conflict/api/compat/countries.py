"""Country codes of both formats, for the countries that occur in a chronology of this war."""

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


CODES = {
    "Algeria": Codes(615, 12, "DZA", "dz", 5),
    "Belgium": Codes(211, 56, "BEL", "be", 12),
    "Benin": Codes(434, 204, "BEN", "bj", 1),
    "Burkina Faso": Codes(439, 854, "BFA", "bf", 1),
    "Cameroon": Codes(471, 120, "CMR", "cm", 2),
    "Chad": Codes(483, 148, "TCD", "td", 2),
    "Ethiopia": Codes(530, 231, "ETH", "et", 3),
    "France": Codes(220, 250, "FRA", "fr", 12),
    "Ghana": Codes(452, 288, "GHA", "gh", 1),
    "Guinea": Codes(438, 324, "GIN", "gn", 1),
    "Guinea-Bissau": Codes(404, 624, "GNB", "gw", 1),
    "Ivory Coast": Codes(437, 384, "CIV", "ci", 1),
    "Libya": Codes(620, 434, "LBY", "ly", 5),
    "Mali": Codes(432, 466, "MLI", "ml", 1),
    "Mauritania": Codes(435, 478, "MRT", "mr", 1),
    "Morocco": Codes(600, 504, "MAR", "ma", 5),
    "Niger": Codes(436, 562, "NER", "ne", 1),
    "Nigeria": Codes(475, 566, "NGA", "ng", 1),
    "Russia": Codes(365, 643, "RUS", "ru", 12),
    "Senegal": Codes(433, 686, "SEN", "sn", 1),
    "Sudan": Codes(625, 729, "SDN", "sd", 5),
    "Togo": Codes(461, 768, "TGO", "tg", 1),
    "Tunisia": Codes(616, 788, "TUN", "tn", 5),
    "Ukraine": Codes(369, 804, "UKR", "ua", 12),
    "United Kingdom": Codes(200, 826, "GBR", "gb", 12),
    "United States": Codes(2, 840, "USA", "us", 18),
}
UNKNOWN = Codes()
ACLED_REGIONS = {
    0: "",
    1: "Western Africa",
    2: "Middle Africa",
    3: "Eastern Africa",
    5: "Northern Africa",
    12: "Europe",
    18: "North America",
}
UCDP_REGIONS = ("Europe", "Middle East", "Asia", "Africa", "Americas")  # in UCDP's numbering, from 1
# Gleditsch and Ward number the countries of the world region by region.
FIRST_CODES = ((700, "Asia"), (630, "Middle East"), (400, "Africa"), (200, "Europe"), (2, "Americas"))


def ucdp_region(gleditsch_ward: int) -> str:
    return next((region for first, region in FIRST_CODES if gleditsch_ward >= first), "")
