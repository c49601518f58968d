import dataclasses
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.template.loader import render_to_string

from conflict.environment import Environment
from conflict.public.charts import base_map
from tests import documents as doc
from tests.conflict.pages.conftest import CAST

pytestmark = pytest.mark.usefixtures("record")


class TestTheMap:
    def test_counts_each_place_by_kind_for_drawing_list_and_script_alike(self, client):
        answer = client.get("/map/")

        (konna,) = [place for place in answer.context["moving"]["places"] if place["key"] == "konna"]
        (spot,) = [spot for spot in answer.context["map"].spots if spot.places[0].key == "konna"]
        assert konna["number"] == spot.number == sum(konna["kinds"]) == 3
        assert sum(kind.number for kind in answer.context["legend"]) == answer.context["number"]
        assert 'data-place="konna"' in answer.content.decode()

    def test_draws_neighbours_as_one_ring_with_the_events_of_all(self, client):
        beside = doc.location("hamdallaye", latitude="14.95", longitude="-3.88", coordinate_precision="settlement")
        doc.published([beside, doc.event("there", place="hamdallaye", when="2013-01-10")], at=doc.NOON.replace(hour=13))

        spots = client.get("/map/").context["map"].spots

        (ring,) = [spot for spot in spots if "hamdallaye" in {place.key for place in spot.places}]
        assert {place.key for place in ring.places} == {"konna", "hamdallaye"}
        assert ring.number == ring.kinds.total() == 4

    def test_keeps_its_places_when_an_event_only_moves_in_time(self, client, monkeypatch):
        before = client.get("/map/").content.decode()
        monkeypatch.setattr("conflict.pages.maps.event_map", lambda *_: pytest.fail("It was drawn anew."))
        (taken,) = [entry for _, entry in CAST if entry["key"] == "konna-taken"]
        doc.published([("event", {**taken, "when": "2013-02-10"})], at=doc.NOON.replace(hour=13))

        after = client.get("/map/").content.decode()

        assert ("?from=2013-02&" in before, "?from=2013-02&" in after) == (False, True)

    def test_is_led_by_the_timeline_to_a_month_of_which_every_number_is_counted_anew(self, client):
        whole = client.get("/map/").context
        (january,) = [bar for bar in whole["time"].bars if bar.query == "?from=2013-01&to=2013-01"]
        month = client.get(f"/map/{january.query}").context
        empty = client.get("/map/?from=2013-02&to=2013-02&kind=battle").context

        assert whole["time"].label == ""
        assert month["time"].label == "January 2013"
        assert [year.label for year in month["time"].years if year.is_chosen] == ["2013"]
        assert month["time"].later.query == "?from=2013-02&to=2013-02"
        assert month["number"] == sum(kind.number for kind in month["legend"])
        assert month["number"] == client.get(f"/chronology/{january.query}").context["number"]
        assert (empty["number"], empty["listed"], empty["legend"]) == (0, [], [])
        assert empty["time"].whole == "?kind=battle"  # what else is filtered for stays

    def test_hatches_the_outlines_of_a_region_and_lists_what_lies_outside(self, client):
        places = {
            "kidal-region": {"latitude": "18.9", "longitude": "1.3", "coordinate_precision": "region"},
            "sahel": {"latitude": "15", "longitude": "0", "coordinate_precision": "line"},
            "paris": {"latitude": "48.85", "longitude": "2.35", "coordinate_precision": "settlement"},
        }
        for key, at in places.items():
            doc.published(
                [doc.location(key, key.title(), **at), doc.event(f"in-{key}", place=key, when="2013")],
                at=doc.NOON.replace(hour=13),
            )

        shown = client.get("/map/").context

        spots = {spot.places[0].key: spot for spot in shown["map"].spots}
        assert [outline.name for outline in spots["kidal-region"].outlines] == ["Kidal"]
        assert spots["kidal-region"].circle == 0
        assert spots["sahel"].circle > 0
        assert [place.key for place, _query in shown["elsewhere"]] == [
            "menaka",
            "paris",
        ]  # nobody knows where the first is

    def test_has_an_empty_ground_where_a_chronology_has_no_outlines(self, client, settings, monkeypatch):
        caches = (base_map.geojson, base_map.outlines, base_map.of_kind, base_map._by_place)
        without = dataclasses.replace(settings.CHRONOLOGY.map, outlines=None)
        settings.CHRONOLOGY = dataclasses.replace(settings.CHRONOLOGY, map=without)
        monkeypatch.setitem(engines["jinja2"].env.globals, "chronology", settings.CHRONOLOGY)
        for cache in caches:
            cache.cache_clear()

        answer = client.get("/map/?kind=statement")
        outlines = client.get(re.search(r'data-outlines="([^"]+)"', answer.content.decode())[1])

        for cache in caches:
            cache.cache_clear()
        assert [spot.outlines for spot in answer.context["map"].spots] == [[]] * len(answer.context["map"].spots)
        assert outlines.json()["features"] == []

    def test_stays_a_drawing_with_a_list_and_a_way_past_it_where_no_scripts_run(self, read):
        page = read("/map/")

        assert 'class="skip" href="#places"' in page
        assert page.count('<a href="/chronology/?place=konna" tabindex="-1">') == 1
        assert page.count('role="status"') == 1

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
