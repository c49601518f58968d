"""Releases: the whole record as files that never change."""

import csv
import hashlib
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from conflict.api import releases
from conflict.api.releases import ReleaseRefused
from tests.documents import event, published


@pytest.fixture
def folder(settings, tmp_path):
    settings.RELEASES_DIR = tmp_path / "releases"
    return settings.RELEASES_DIR


@pytest.fixture
def first(konna, folder):
    return releases.build("2026.1", folder)


def content(place):
    return {path.name: path.read_bytes() for path in place.iterdir()}


class TestARelease:
    def test_holds_the_whole_record_in_several_formats(self, first):
        names = content(first).keys()

        assert names >= {
            "events.csv",
            "events.hxl.csv",
            "events.geojson",
            "events.jsonl",
            "claims.csv",
            "publications.jsonl",
        }
        assert len(list(csv.DictReader((first / "events.csv").read_text(encoding="utf-8").splitlines()))) == 6

    def test_built_again_from_the_same_log_has_the_same_bytes(self, first, tmp_path):
        again = releases.build("2026.1", tmp_path / "elsewhere")

        assert content(again) == content(first)

    def test_has_checksums_of_all_its_files(self, first):
        sums = dict(line.split("  ")[::-1] for line in (first / "SHA256SUMS").read_text().splitlines())

        assert sums == {
            name: hashlib.sha256(data).hexdigest() for name, data in content(first).items() if name != "SHA256SUMS"
        }

    def test_says_what_it_is_and_where_the_log_stood(self, ask, first):
        package = json.loads((first / "datapackage.json").read_text())

        assert package["head"] == ask().json()["head"]
        assert package["licenses"][0]["name"] == "CC-BY-SA-4.0"
        fields = {file["path"]: file.get("schema", {}).get("fields") for file in package["resources"]}
        with (first / "events.csv").open(newline="", encoding="utf-8") as file:
            assert next(csv.reader(file)) == [field["name"] for field in fields["events.csv"]]

    def test_never_changes(self, first, folder):
        before = content(first)
        published([event("new")])

        with pytest.raises(ReleaseRefused, match="is there already"):
            releases.build("2026.1", folder)

        assert content(first) == before

    @pytest.mark.parametrize("name", ["", "latest", "../x", "A", "x" * 61, ".hidden", "a/b"])
    def test_has_a_name_that_fits_in_an_address(self, konna, folder, name):
        with pytest.raises(ReleaseRefused):
            releases.build(name, folder)

    def test_of_nothing_is_refused_and_leaves_nothing_to_be_listed(self, db, ask, folder):
        with pytest.raises(ReleaseRefused, match="Nothing is published"):
            releases.build("2026.1", folder)

        assert ask("releases").json() == {"results": []}


class TestTheListOfReleases:
    def test_has_the_newest_first(self, ask, first, folder):
        published([event("new")])
        releases.build("2026.2", folder)

        assert [release["name"] for release in ask("releases").json()["results"]] == ["2026.2", "2026.1"]
        assert ask("releases/latest").json() == ask("releases/2026.2").json()

    def test_leads_to_every_file_with_its_hash(self, ask, client, first):
        release = ask("releases/2026.1").json()

        for file in release["files"]:
            answer = client.get(file["url"])
            data = b"".join(answer.streaming_content)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])

    def test_leads_to_what_changed_since(self, ask, client, first):
        published([event("new")])

        changes = client.get(ask("releases/2026.1").json()["changes_since"]).json()["results"]

        assert [change["key"] for change in changes] == ["new"]

    @pytest.mark.parametrize(
        "path", ["releases/2025.1", "releases/latest", "releases/..", "releases/2026.1/settings.py"]
    )
    def test_knows_nothing_else(self, db, client, folder, path):
        assert client.get(f"/api/v1/{path}").status_code in (301, 404)


class TestTheCommand:
    def test_says_where_the_files_are(self, konna, folder, capsys):
        call_command("release", "2026.1")

        assert str(folder / "2026.1") in capsys.readouterr().out

    def test_says_in_one_line_why_it_cannot(self, first):
        with pytest.raises(CommandError, match="never changes"):
            call_command("release", "2026.1")
