"""Country codes that the shapes use, for the countries that a chronology of this war names."""

from typing import NamedTuple


class Codes(NamedTuple):
    """Gleditsch and Ward's number, and ISO 3166-1 as number and letters; 0 and empty where there is none."""

    gleditsch_ward: int = 0
    iso: int = 0
    iso3: str = ""


CODES = {
    "Algeria": Codes(615, 12, "DZA"),
    "Belgium": Codes(211, 56, "BEL"),
    "Benin": Codes(434, 204, "BEN"),
    "Burkina Faso": Codes(439, 854, "BFA"),
    "Cameroon": Codes(471, 120, "CMR"),
    "Chad": Codes(483, 148, "TCD"),
    "Ethiopia": Codes(530, 231, "ETH"),
    "France": Codes(220, 250, "FRA"),
    "Ghana": Codes(452, 288, "GHA"),
    "Guinea": Codes(438, 324, "GIN"),
    "Guinea-Bissau": Codes(404, 624, "GNB"),
    "Ivory Coast": Codes(437, 384, "CIV"),
    "Libya": Codes(620, 434, "LBY"),
    "Mali": Codes(432, 466, "MLI"),
    "Mauritania": Codes(435, 478, "MRT"),
    "Morocco": Codes(600, 504, "MAR"),
    "Niger": Codes(436, 562, "NER"),
    "Nigeria": Codes(475, 566, "NGA"),
    "Russia": Codes(365, 643, "RUS"),
    "Senegal": Codes(433, 686, "SEN"),
    "Sudan": Codes(625, 729, "SDN"),
    "Togo": Codes(461, 768, "TGO"),
    "Tunisia": Codes(616, 788, "TUN"),
    "Ukraine": Codes(369, 804, "UKR"),
    "United Kingdom": Codes(200, 826, "GBR"),
    "United States": Codes(2, 840, "USA"),
}
UNKNOWN = Codes()
