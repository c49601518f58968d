"""Official validators of the formats: HXL's over every HXL file, FollowTheMoney's over the entities."""

import json

import pytest

from conflict.api import release_builder

LINKS = """
import json, sys
from followthemoney import model
entities = [model.get_proxy(json.loads(line)) for line in open(sys.argv[1])]
ids = {entity.id for entity in entities}
kept = {name: sum(1 for entity in entities for _ in entity.get(name, quiet=True)) for name in ("proof", "entity", "involved")}
dangling = sorted({value for entity in entities for prop, value in entity.itervalues() if prop.type.name == "entity"} - ids)
print(json.dumps([len(entities), len(ids), kept, dangling]))
"""


@pytest.fixture
def release(konna, tmp_path):
    return release_builder.build("2026.1", tmp_path / "releases")


@pytest.mark.django_db
class TestHxl:
    def test_validates_every_file(self, run, release):
        files = sorted(release.glob("*.hxl.csv"))

        failed = {
            file.name: ran.stdout + ran.stderr
            for file in files
            if (ran := run("hxlvalidate", "-a", "-e", "error", file)).returncode
        }

        assert len(files) >= 9
        assert failed == {}


@pytest.mark.django_db
class TestFollowTheMoney:
    def test_validates_the_entities(self, run, release):
        ran = run("ftm", "validate", "-i", release / "entities.ftm.json", "-o", release / "cleaned.json")

        assert ran.returncode == 0, ran.stderr
        written = (release / "entities.ftm.json").read_text().splitlines()
        assert len((release / "cleaned.json").read_text().splitlines()) == len(written)

    def test_finds_every_entity_that_another_names_and_loses_none(self, run, release):
        ran = run("python", "-c", LINKS, release / "entities.ftm.json")

        assert ran.returncode == 0, ran.stderr
        number, ids, kept, dangling = json.loads(ran.stdout)
        assert (number, dangling) == (ids, [])
        assert kept == {"proof": 4, "entity": 7, "involved": 3}

    def test_is_told_no_figure_without_who_gives_it(self, release):
        entities = [json.loads(line) for line in (release / "entities.ftm.json").read_text().splitlines()]

        claim = next(entity for entity in entities if entity["id"] == "claim.konna-dead")
        assert claim["properties"]["publisher"] == ["a resident of Konna"]
        assert claim["properties"]["description"][0].startswith("a resident of Konna asserts: At least 25 soldiers")
        event = next(entity for entity in entities if entity["id"] == "event.menaka-attack")
        assert "17" not in json.dumps(event)
        assert "involved" not in event["properties"]
        link = next(entity for entity in entities if entity["id"] == "event.menaka-attack.participant0")
        assert link["properties"]["status"] == ["suspected"]
