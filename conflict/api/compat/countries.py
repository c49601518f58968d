"""Country codes that the shapes use, for the countries that a chronology of this war names."""

from typing import NamedTuple


class Codes(NamedTuple):
    """Gleditsch and Ward's number, and ISO 3166-1 as number and as three and two letters; 0 and empty where there is none."""

    gleditsch_ward: int = 0
    iso: int = 0
    iso3: str = ""
    iso2: str = ""


CODES = {
    "Algeria": Codes(615, 12, "DZA", "dz"),
    "Belgium": Codes(211, 56, "BEL", "be"),
    "Benin": Codes(434, 204, "BEN", "bj"),
    "Burkina Faso": Codes(439, 854, "BFA", "bf"),
    "Cameroon": Codes(471, 120, "CMR", "cm"),
    "Chad": Codes(483, 148, "TCD", "td"),
    "Ethiopia": Codes(530, 231, "ETH", "et"),
    "France": Codes(220, 250, "FRA", "fr"),
    "Ghana": Codes(452, 288, "GHA", "gh"),
    "Guinea": Codes(438, 324, "GIN", "gn"),
    "Guinea-Bissau": Codes(404, 624, "GNB", "gw"),
    "Ivory Coast": Codes(437, 384, "CIV", "ci"),
    "Libya": Codes(620, 434, "LBY", "ly"),
    "Mali": Codes(432, 466, "MLI", "ml"),
    "Mauritania": Codes(435, 478, "MRT", "mr"),
    "Morocco": Codes(600, 504, "MAR", "ma"),
    "Niger": Codes(436, 562, "NER", "ne"),
    "Nigeria": Codes(475, 566, "NGA", "ng"),
    "Russia": Codes(365, 643, "RUS", "ru"),
    "Senegal": Codes(433, 686, "SEN", "sn"),
    "Sudan": Codes(625, 729, "SDN", "sd"),
    "Togo": Codes(461, 768, "TGO", "tg"),
    "Tunisia": Codes(616, 788, "TUN", "tn"),
    "Ukraine": Codes(369, 804, "UKR", "ua"),
    "United Kingdom": Codes(200, 826, "GBR", "gb"),
    "United States": Codes(2, 840, "USA", "us"),
}
UNKNOWN = Codes()
