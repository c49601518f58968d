"""Countries by the names of UCDP, ACLED and others."""

import pytest

from conflict import countries


class TestNames:
    @pytest.mark.parametrize(
        "names",
        [
            ("Myanmar", "Myanmar (Burma)", "Burma", "MYANMAR"),
            ("DR Congo (Zaire)", "Democratic Republic of Congo", "Congo (Kinshasa)", "Congo, The Democratic Republic of the"),
            ("Yemen", "Yemen (North Yemen)", "Republic of Yemen"),
            ("Ivory Coast", "Cote d'Ivoire", "Côte d’Ivoire"),
            ("Bosnia-Herzegovina", "Bosnia and Herzegovina", "Bosnia & Herzegovina"),
            ("Russia", "Russia (Soviet Union)", "Russian Federation"),
            ("Cambodia", "Cambodia (Kampuchea)"),
            ("Swaziland", "eSwatini", "Kingdom of eSwatini (Swaziland)"),
            ("Macedonia", "Macedonia, FYR", "North Macedonia"),
            ("Serbia", "Serbia (Yugoslavia)"),
            ("Zimbabwe", "Zimbabwe (Rhodesia)"),
            ("Madagascar", "Madagascar (Malagasy)"),
            ("Turkey", "Türkiye", "Turkiye"),
            ("Palestine", "State of Palestine"),
            ("Bolivia", "Bolivia (Plurinational State of)", "Bolivia, Plurinational State of"),
            ("South Korea", "Korea, South", "Republic of Korea", "Korea, Republic of"),
            ("Iran", "Iran (Islamic Republic of)", "Iran, Islamic Republic of"),
            ("Gambia", "The Gambia"),
            ("Guinea-Bissau", "Guinea Bissau"),
            ("Nowhere", "Nowhere (Erewhon)", "nowhere"),
        ],
    )  # fmt: skip
    def test_are_of_one_country(self, names):
        assert len({countries.identity(name) for name in names}) == 1

    def test_of_neighbours_are_of_several(self):
        names = ["Congo", "DR Congo (Zaire)", "Guinea", "Guinea-Bissau", "Equatorial Guinea", "Niger", "Nigeria", "Sudan", "South Sudan", "Israel", "Palestine", "North Korea", "South Korea", "Dominican Republic", "Nowhere", ""]  # fmt: skip

        assert len({countries.identity(name) for name in names}) == len(names)

    def test_are_given_to_one_country_each(self):
        codes = {}
        for name, found in countries._read():
            codes.setdefault(countries._plain(name), set()).add(found)

        assert [name for name, found in codes.items() if len(found) > 1] == []
