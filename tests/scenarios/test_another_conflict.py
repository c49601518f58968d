"""Another conflict, on another continent, in other languages: everything that readers get, from one folder."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from tests import processes, sites

FOLDER = settings.BASE_DIR / "tests" / "fixtures" / "guerra-del-alto"
OF_OURS = re.compile(r"\bMali|Bamako|Wikip|JNIM|MNLA|Natural Earth", re.IGNORECASE)


KEY = "guerra-del-alto-under-test"
FILES = settings.BASE_DIR / "var" / "chronologies" / KEY  # what it writes at run time, apart from what somebody tries


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The logins of the test database, for programs that document the other conflict."""
    folder = shutil.copytree(FOLDER, tmp_path / "conflict")
    file = folder / "chronology.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"guerra-del-alto"', f'"{KEY}"'), encoding="utf-8")
    yield {**processes.database_urls(), "CHRONOLOGY": str(folder)}
    shutil.rmtree(FILES, ignore_errors=True)


@pytest.mark.django_db(transaction=True)
class TestAnotherConflict:
    def test_is_served_searched_mapped_and_exported_in_its_own_words(self, environment):
        for command in ("create_roles", "load_chronology", "publish_baseline"):  # a flush before made triggers anew
            done = processes.run("manage.py", command, **environment)
            assert done.returncode == 0, done.stderr
        released = processes.run("manage.py", "release", "1", **environment)
        assert released.returncode == 0, released.stderr

        with sites.served(**environment) as site:
            pages = ["", "map/", "actors/", "places/", "sources/", "notices/", "method/", "data/", "search/?q=puente"]
            shown = {f"/{language}{page}": site.get(f"/{language}{page}") for language in ("", "fr/") for page in pages}
            event = site.get("/events/2019-03-02-puente-viejo/").text
            in_french = site.get("/fr/events/2019-03-02-puente-viejo/").text
            found = [
                site.get(f"/api/v1/events/?search={quote(word)}").text
                for word in ("puente", "bridge", "حرس", "ninguno")
            ]
            table = site.get("/api/v1/events/?format=csv").text
            bodies = {tag: site.get(f"/api/v1/events/2019-03-02-puente-viejo/?lang={tag}").text for tag in ("es", "ar")}
            georeferenced = json.loads(site.get("/api/v1/compatibility/georeferenced/events/26.1?pagesize=10").text)[
                "Result"
            ]
            dyadic = json.loads(site.get("/api/v1/compatibility/dyadic/events/read?limit=10").text)["data"]
            outlines = site.get(re.search(r'data-outlines="([^"]+)"', shown["/map/"].text)[1])

        assert {path: answer.status for path, answer in shown.items() if answer.status != 200} == {}
        assert [path for path, answer in shown.items() if OF_OURS.search(answer.text)] == []
        assert "War of the Alto" in shown["/"].text
        assert "Guerre de l’Alto" in shown["/fr/"].text

        # The original, its translations, and what is not translated, each marked; Arabic from right to left.
        assert "The River Guard ambushes the army at the Old Bridge" in event
        assert re.search(r'lang="ar" dir="rtl"[^>]*>(?:<[^>]+>)*\s*حرس النهر', event)
        assert re.search(r'<h1[^>]* lang="es"[^>]*>La Guardia del Río', in_french)
        assert json.loads(bodies["es"])["title"].startswith("La Guardia del Río")
        assert json.loads(bodies["ar"])["title"].startswith("حرس النهر")

        # Found in each of its languages.
        keys = [{row["key"] for row in json.loads(text)["results"]} for text in found]
        assert all("2019-03-02-puente-viejo" in some for some in keys[:3])
        assert keys[3] == set()

        # A family that our own fixtures lack has its colour, and is a militia in the foreign shapes.
        assert 'class="actor hue-red"' in event
        assert "guards of the communities" in shown["/actors/"].text
        (ambush,) = [row for row in dyadic if row["event_id_cnty"] == "2019-03-02-puente-viejo"]
        assert (ambush["actor1"], ambush["inter1"], ambush["inter2"]) == ("Guardia del Río", 3, 1)
        assert (ambush["country"], ambush["iso"], ambush["region"]) == ("Veridia", 998, "South America")
        (ambush,) = [row for row in georeferenced if row["relid"] == "2019-03-02-puente-viejo"]
        assert (ambush["region"], ambush["country_id"], ambush["type_of_violence"]) == ("Americas", 199, 1)

        # On the map, in the table, in the release.
        assert {feature["properties"]["name"] for feature in json.loads(outlines.text)["features"]} == {
            "Veridia",
            "Occidenta",
        }
        rows = list(csv.DictReader(io.StringIO(table)))
        assert len(rows) == 5
        assert any("title_ar" in name or name.endswith("_ar") for name in rows[0])
        described = json.loads((FILES / "releases" / "1" / "datapackage.json").read_text(encoding="utf-8"))
        assert described["licenses"][0]["name"] == "CC-BY-4.0"
        assert described["title"].startswith("War of the Alto: an annotated chronology")
