"""Outlines for the maps, from large files to a small one."""

import dataclasses
import json

import pytest
from django.core.management import CommandError, call_command

from conflict import outlines

BORDER = [(0.0, 0.0), (0.154, 1.0), (0.3, 2.0), (0.299, 2.5), (0.0, 4.0)]
WEST_OF_IT = [*BORDER, (-4.0, 4.0), (-4.0, 0.0), (0.0, 0.0)]
EAST_OF_IT = [*BORDER[::-1], (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]


class TestSimplifiedAreas:
    def test_keep_one_border_between_neighbours(self):
        (west,), (east,) = outlines.simplified([[WEST_OF_IT], [EAST_OF_IT]], 0.02)

        border = [(0.0, 0.0), (0.3, 2.0), (0.299, 2.5), (0.0, 4.0)]
        assert "".join(map(str, border)) in "".join(map(str, west * 2))
        assert "".join(map(str, border[::-1])) in "".join(map(str, east * 2))
        assert len(west) == len(east) == 7

    def test_are_clipped_at_the_edge_of_a_box(self):
        assert set(outlines.clipped_ring(WEST_OF_IT, (-1.0, 1.0, 9.0, 3.0))) == {
            (-1.0, 1.0),
            (0.154, 1.0),
            (0.3, 2.0),
            (0.299, 2.5),
            (0.199, 3.0),
            (-1.0, 3.0),
        }
        assert outlines.clipped_ring(WEST_OF_IT, (5.0, 5.0, 6.0, 6.0)) == []


@pytest.fixture
def chronology(settings, tmp_path):
    of_test = dataclasses.replace(settings.CHRONOLOGY, folder=tmp_path, countries=("Westland",))
    places = dataclasses.replace(of_test.map, frame=type(of_test.map.frame)(-3, 1, 3, 3), outlines=None)
    settings.CHRONOLOGY = dataclasses.replace(of_test, map=places)
    return tmp_path


def written(folder, name, *features):
    file = folder / name
    shapes = [{"properties": properties, "geometry": geometry} for properties, geometry in features]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), encoding="utf-8")
    return file


class TestWriteOutlines:
    def test_takes_names_and_the_regions_of_the_conflict_and_keeps_places_named_by_hand(self, chronology):
        area = {"type": "Polygon", "coordinates": [WEST_OF_IT]}
        countries = written(chronology, "c", ({"NAME": "Westland", "NAME_FR": "Occident", "ISO_A2_EH": "WL"}, area))
        regions = written(
            chronology,
            "r",
            ({"name": "Near", "admin": "Westland"}, area),
            ({"name": "Far", "admin": "Elsewhere"}, area),
        )
        towns = written(chronology, "t", ({"name": "Port"}, {"type": "Point", "coordinates": [0.123, 2.0]}))
        result = chronology / "outlines.geojson"

        call_command("write_outlines", countries=countries, regions=regions, towns=towns, verbosity=0)
        text = result.read_text(encoding="utf-8").replace('"name":"Near"', '"name":"Near","places":["near-region"]')
        result.write_text(text, encoding="utf-8")
        call_command("write_outlines", countries=countries, regions=regions, towns=towns, verbosity=0)

        features = json.loads(result.read_text(encoding="utf-8"))["features"]
        assert [feature["properties"] for feature in features] == [
            {"kind": "country", "name": "Westland", "iso": "WL", "names": {"fr": "Occident"}},
            {"kind": "region", "name": "Near", "places": ["near-region"]},
            {"kind": "town", "name": "Port"},
        ]
        assert features[2]["geometry"]["coordinates"] == [0.12, 2.0]

    def test_refuses_what_is_no_geojson(self, chronology):
        file = chronology / "shapes.shp"
        file.write_bytes(b"\x00\x00\x27\x0a")

        with pytest.raises(CommandError, match="is not GeoJSON"):
            call_command("write_outlines", countries=file)
        with pytest.raises(CommandError, match="Name at least one file"):
            call_command("write_outlines")
