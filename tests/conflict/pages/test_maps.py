import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from conflict.environment import Environment
from conflict.pages import maps
from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


class TestTheMap:
    def test_is_told_every_place_with_its_events_by_month(self, client):
        told = client.get("/map/").context["moving"]

        (konna,) = [place for place in told["places"] if place["key"] == "konna"]
        assert told["first"] == 2013
        assert konna["steps"] == [[0, 3]]
        assert konna["number"] == 3

    def test_is_told_months_that_follow_each_other_as_one_run(self):
        assert maps.runs([(3, 1), (0, 2), (1, 5), (7, 4)]) == [[0, 2, 5], [3, 1], [7, 4]]
        assert maps.runs([]) == []

    def test_says_how_far_around_a_point_a_place_may_lie(self, client):
        region = doc.location(
            "gao-region", "Gao Region", latitude="16.9", longitude="-0.1", coordinate_precision="region"
        )
        doc.published(
            [region, doc.event("in-the-region", place="gao-region", when="2013")], at=doc.NOON.replace(hour=13)
        )

        reach = {place["key"]: place["reach"] for place in client.get("/map/").context["moving"]["places"]}

        assert reach == {"gao-region": 110, "konna": 0}

    def test_stays_a_drawing_with_a_list_where_no_scripts_run(self, read):
        page = read("/map/")

        assert "<circle" in page
        assert 'data-place="konna"' in page

    def test_can_be_asked_for_a_stretch_of_the_earth(self, read):
        page = read("/map/?bbox=-4.5,14,-3,15.5")

        assert "<strong>3 events</strong>" in page
        assert "between 4.5° W and 3° W, 14° N and 15.5° N" in page
        assert "<strong>0 events</strong>" in read("/map/?bbox=0,14,1,15.5")
        assert "<strong>3 events</strong>" in read("/chronology/?bbox=-4.5,14,-3,15.5")

    @pytest.mark.parametrize(
        "box", ["1,2,3", "-3,14,-4.5,15.5", "a,b,c,d", "nan,nan,nan,nan", "0,0,inf,10", "0,95,1,99"]
    )
    def test_refuses_what_is_no_stretch_of_the_earth(self, box, read):
        assert "“bbox”" in read(f"/map/?bbox={box}", 400)

    def test_is_on_pages_with_a_map_only(self, read):
        assert "map.js" in read("/map/")
        assert "map.js" not in read("/chronology/")


class TestTiles:
    def test_are_asked_of_nobody_unless_they_are_configured(self, read, settings):
        assert "data-tiles" not in read("/map/")

        settings.MAP_TILES, settings.MAP_TILES_ATTRIBUTION = "https://tiles.example.org/{z}/{x}/{y}.png", "© Example"
        files = render_to_string(
            "pages/parts/map_files.html",
            {"tiles": settings.MAP_TILES, "tiles_attribution": settings.MAP_TILES_ATTRIBUTION},
        )

        assert 'data-tiles="https://tiles.example.org/{z}/{x}/{y}.png"' in files

    @pytest.mark.parametrize(
        "address",
        ["https://tiles.example.org/1.png", "http://tiles.example.org/{z}/{x}/{y}", "https://a;b/{z}/{x}/{y}"],
    )
    def test_are_refused_where_the_address_would_not_work(self, address):
        env = Environment({"MAP_TILES": address})
        env.tiles("MAP_TILES")

        with pytest.raises(ImproperlyConfigured, match="MAP_TILES"):
            env.refuse_problems()
