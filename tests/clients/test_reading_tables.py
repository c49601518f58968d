"""Tables as analysts read them: pandas, and GDAL, which is what QGIS and R read maps with."""

import json

import pytest

from conflict.api import release_builder
from conflict.api.documentation import FORMATS

PANDAS = """
import json, sys
import pandas
site, release = sys.argv[1:]
csv = pandas.read_csv(f"{site}/events/?format=csv", parse_dates=["first_published_at"])
lines = pandas.read_json(f"{site}/events/?format=jsonl", lines=True)
packed = pandas.read_parquet(f"{release}/events.parquet")
claims = pandas.read_csv(f"{release}/claims.csv")
print(json.dumps({
    "keys": [list(csv.key), list(lines.key), list(packed.key)],
    "dtypes": {name: str(packed.dtypes[name]) for name in ("latitude", "killed_low", "changed_at", "version")},
    "dead": int(packed.killed_low.sum()),
    "clock": str(csv.first_published_at.dt.tz),
    "claims_by_event": claims.groupby("event_key").size().to_dict(),
}))
"""
GDAL = """
import json, sys
import pyogrio, requests
for url in sys.argv[1:]:
    file = requests.get(url).content
    about = pyogrio.read_info(file, force_total_bounds=True)
    meta, table = pyogrio.read_arrow(file)
    print(json.dumps([about["driver"], about["geometry_type"], about["crs"], table.num_rows, list(about["total_bounds"])]))
"""


@pytest.mark.django_db(transaction=True)
class TestPandas:
    def test_reads_csv_and_json_lines_from_the_api_and_parquet_from_a_release(self, run, site, konna, tmp_path):
        release = release_builder.build("2026.1", tmp_path / "releases")

        ran = run("python", "-c", PANDAS, site, release)

        assert ran.returncode == 0, ran.stderr
        told = json.loads(ran.stdout)
        assert told["keys"][0] == told["keys"][1] == told["keys"][2]
        assert len(told["keys"][0]) == 6
        assert (told["dtypes"]["latitude"], told["dtypes"]["version"]) == ("float64", "int64")
        assert told["dtypes"]["changed_at"] == "datetime64[us, UTC]"
        assert (told["dead"], told["clock"]) == (42, "UTC")
        assert told["claims_by_event"] == {"konna-taken": 3, "menaka-attack": 1}


@pytest.mark.django_db(transaction=True)
class TestGdal:
    def test_reads_events_and_places_as_maps(self, run, site, konna):
        ran = run("python", "-c", GDAL, f"{site}/events/?format=geojson", f"{site}/locations/?format=geojson")

        assert ran.returncode == 0, ran.stderr
        events, places = map(json.loads, ran.stdout.splitlines())
        assert events[:4] == ["GeoJSON", "Point", "EPSG:4326", 6]
        assert places[:4] == ["GeoJSON", "Point", "EPSG:4326", 5]
        assert events[4] == [-3.8914, 14.9453, 2.4022, 15.9182]

    @pytest.mark.parametrize("prefix", ["", "/vsicurl/"])
    def test_opens_the_address_itself(self, run, site, konna, prefix):
        """As QGIS does: by its head, and then in parts."""
        script = f"import pyogrio; about = pyogrio.read_info('{prefix}{site}/events/?format=geojson'); print(about['features'], about['layer_name'])"

        assert run("python", "-c", script).stdout.split() == ["6", "events"]  # a GeoPackage takes no “?format=geojson”


@pytest.mark.django_db(transaction=True)
class TestTheExamplesOfTheDocumentation:
    @pytest.mark.parametrize("about", [about for about in FORMATS if about.python], ids=lambda about: about.name)
    def test_run_as_they_stand(self, run, site, konna, about):
        ran = run("python", "-c", about.python.replace("SITE", site.removesuffix("/api/v1")))

        assert (ran.returncode, ran.stdout.strip()) == (0, {"jsonl": "4"}.get(about.name, "6")), ran.stderr
