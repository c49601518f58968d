"""Releases: the whole record as files that never change."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from conflict.api import release_builder, signatures
from conflict.api.formats import parquet
from conflict.api.release_builder import ReleaseRefused
from conflict.vocabulary import ChangeKind
from tests.documents import claim, event, published, withdrawn


@pytest.fixture
def folder(settings, tmp_path):
    settings.RELEASES_DIR = tmp_path / "releases"
    return settings.RELEASES_DIR


@pytest.fixture
def first(konna, folder):
    return release_builder.build("2026.1", folder)


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
            "events.parquet",
            "entities.ftm.json",
        }
        assert len(list(csv.DictReader((first / "events.csv").read_text(encoding="utf-8").splitlines()))) == 6

    def test_built_again_from_the_same_log_has_the_same_bytes(self, first, tmp_path):
        again = release_builder.build("2026.1", tmp_path / "elsewhere")

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

    def test_has_a_schema_with_a_key_for_every_table(self, first):
        package = json.loads((first / "datapackage.json").read_text())
        tables = [file for file in package["resources"] if file["path"].endswith((".jsonl", ".parquet", ".csv"))]

        for table in tables:
            if table["path"].endswith(".hxl.csv") or not (first / table["path"]).read_bytes():
                continue
            names = [field["name"] for field in table["schema"]["fields"]]
            assert table["schema"]["primaryKey"] in names, table["path"]
            if table["path"].endswith(".jsonl"):
                rows = [json.loads(line) for line in (first / table["path"]).read_text().splitlines()]
                assert {tuple(row) for row in rows} == {tuple(names)}
                keys = [row[table["schema"]["primaryKey"]] for row in rows]
                assert len(set(keys)) == len(keys)

    def test_is_described_in_croissant_and_found_by_the_links_of_its_page(self, ask, client, first):
        described = json.loads((first / "croissant.json").read_text())
        files = {file["@id"]: file["sha256"] for file in described["distribution"]}
        sums = {name: hashlib.sha256(data).hexdigest() for name, data in content(first).items()}

        assert files == {
            name: sums[name] for name in sums.keys() - {"SHA256SUMS", "croissant.json", "datapackage.json"}
        }
        for records in described["recordSet"]:
            with (first / records["field"][0]["source"]["fileObject"]["@id"]).open(
                newline="", encoding="utf-8"
            ) as file:
                assert next(csv.reader(file)) == [field["name"] for field in records["field"]]
            assert records["key"]["@id"] in {field["@id"] for field in records["field"]}
        answer = client.get("/api/v1/releases/2026.1/")
        links = dict(re.findall(r'<([^>]+)>; rel="describedby"; type="([^"]+)"', answer["Link"]))
        assert links == {
            answer.json()["package"]: "application/json",
            answer.json()["croissant"]: "application/ld+json",
        }
        with closing(client.get(answer.json()["croissant"])) as served:
            assert served["Content-Type"] == "application/ld+json"

    def test_without_what_writes_parquet_is_built_and_says_so(self, konna, folder, monkeypatch):
        monkeypatch.setattr(parquet, "version", lambda: None)

        place = release_builder.build("2026.1", folder)

        assert not list(place.glob("*.parquet"))
        assert "No Parquet files" in json.loads((place / "datapackage.json").read_text())["notes"][0]

    def test_never_changes(self, first, folder):
        before = content(first)
        published([event("new")])

        with pytest.raises(ReleaseRefused, match="is there already"):
            release_builder.build("2026.1", folder)

        assert content(first) == before

    @pytest.mark.parametrize("name", ["", "latest", "../x", "A", "x" * 61, ".hidden", "a/b"])
    def test_has_a_name_that_fits_in_an_address(self, konna, folder, name):
        with pytest.raises(ReleaseRefused):
            release_builder.build(name, folder)

    def test_of_nothing_is_refused_and_leaves_nothing_to_be_listed(self, db, ask, folder):
        with pytest.raises(ReleaseRefused, match="Nothing is published"):
            release_builder.build("2026.1", folder)

        assert ask("releases").json() == {"results": []}


@pytest.fixture
def key(tmp_path):
    """A file with a key, as ssh-keygen makes it."""
    file = tmp_path / "key"
    subprocess.run([SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    return file


SSH_KEYGEN = shutil.which("ssh-keygen") or "/ssh-keygen-is-not-installed"


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen, which OpenSSH brings, is not on this machine.")
class TestASignedRelease:
    def verified(self, place, *, sums=None):
        command = ["-Y", "verify", "-f", place / "SIGNERS", "-I", "releases", "-n", "conflict-chronology-release"]
        told = sums or (place / "SHA256SUMS").read_bytes()
        ran = subprocess.run(
            [SSH_KEYGEN, *command, "-s", place / "SHA256SUMS.sig"], input=told, capture_output=True, check=False
        )
        return ran.returncode == 0

    def test_is_verified_by_a_tool_of_others_and_only_unchanged(self, konna, folder, key):
        place = release_builder.build("2026.1", folder, signatures.key_in(key))

        assert self.verified(place)
        assert not self.verified(place, sums=b"0" * 64 + b"  events.csv\n")

    def test_built_again_has_the_same_signature(self, konna, folder, key, tmp_path):
        first = release_builder.build("2026.1", folder, signatures.key_in(key))
        again = release_builder.build("2026.1", tmp_path / "elsewhere", signatures.key_in(key))

        assert content(again) == content(first)

    def test_says_by_which_key_and_how_to_check(self, ask, client, konna, folder, key):
        release_builder.build("2026.1", folder, signatures.key_in(key))

        signature = ask("releases/latest").json()["signature"]

        assert signature["key"] == " ".join(key.with_suffix(".pub").read_text().split()[:2])
        assert signature["verify"].startswith("ssh-keygen -Y verify ")
        assert b"SSH SIGNATURE" in b"".join(client.get(signature["url"]))
        assert signature["key"].encode() in b"".join(client.get(signature["signers"]))

    def test_is_refused_with_a_file_that_is_no_such_key(self, konna, folder, tmp_path, settings):
        for text, said in ((None, "cannot be read"), ("x", "no OpenSSH private key")):
            file = tmp_path / "no-key"
            if text:
                file.write_text(text)
            settings.RELEASE_SIGNING_KEY = str(file)

            with pytest.raises(CommandError, match=said):
                call_command("release", "2026.1")

    def test_is_made_by_the_command_with_the_key_of_the_settings(self, konna, folder, settings, key, capsys):
        settings.RELEASE_SIGNING_KEY = str(key)

        call_command("release", "2026.1")

        assert "signed with ssh-ed25519 " in capsys.readouterr().out
        assert self.verified(folder / "2026.1")


class TestAFileOfARelease:
    @pytest.fixture
    def get(self, client, first):
        def ask_for(**headers):
            answer = client.get("/api/v1/releases/2026.1/events.csv", headers=headers)
            return answer, b"".join(answer) if answer.streaming else answer.content

        return ask_for

    def test_goes_on_where_a_download_broke_off(self, get, first):
        whole = (first / "events.csv").read_bytes()
        etag = get()[0].headers["ETag"]

        answer, rest = get(**{"Range": "bytes=100-", "If-Range": etag})

        assert (answer.status_code, rest) == (206, whole[100:])
        assert answer.headers["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
        assert answer.headers["Content-Length"] == str(len(rest))
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert "Last-Modified" in answer.headers

    @pytest.mark.parametrize(
        ("asked", "part"), [("0-0", slice(0, 1)), ("5-9", slice(5, 10)), ("-7", slice(-7, None)), ("0-99999999", slice(None))]
    )  # fmt: skip
    def test_is_had_in_any_part(self, get, first, asked, part):
        answer, got = get(Range=f"bytes={asked}")

        assert (answer.status_code, got) == (206, (first / "events.csv").read_bytes()[part])

    @pytest.mark.parametrize(
        "headers",
        [{"Range": "bytes=5-9", "If-Range": '"another"'}, {"Range": "lines=1-2"}, {"Range": "bytes=0-1,5-6"}, {"Range": "bytes=-"}, {"Range": "bytes=9-5"}],
        ids=str,
    )  # fmt: skip
    def test_is_sent_whole_where_no_one_part_of_the_same_file_is_asked_for(self, get, first, headers):
        answer, got = get(**headers)

        assert (answer.status_code, got) == (200, (first / "events.csv").read_bytes())
        assert answer.headers["Accept-Ranges"] == "bytes"

    @pytest.mark.parametrize("asked", ["99999999-", "-0"])
    def test_has_no_part_beyond_its_end(self, get, first, asked):
        answer, got = get(Range=f"bytes={asked}")

        assert (answer.status_code, json.loads(got)["field"]) == (416, "Range")
        assert answer.headers["Content-Range"] == f"bytes */{(first / 'events.csv').stat().st_size}"

    def test_that_a_client_has_is_confirmed(self, get, first):
        assert get(**{"If-None-Match": get()[0].headers["ETag"]})[0].status_code == 304


@pytest.fixture
def second(first, folder):
    """Since the first release: one event new, one corrected twice, one withdrawn, one come and gone."""
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    published([event("new")], moment)
    for title in ("Konna bombed", "Konna is bombed from the air"):
        published(
            [event("konna-bombed", title, when="2013-01-11", kind="air_strike", place="konna", period="january-2013")],
            moment, kind=ChangeKind.CORRECTION, reason="Wording.",
        )  # fmt: skip
    withdrawn("event", "undated", moment, reason="Told twice.", successor="new")
    published([event("fleeting", claims=[claim("fleeting-dead", low=1)])], moment)
    withdrawn("event", "fleeting", moment)
    return release_builder.build("2026.2", folder)


class TestTheDifferenceBetweenTwoReleases:
    def test_tells_each_entry_once_with_what_became_of_it(self, ask, second):
        rows = {row["key"]: row for row in ask("releases/2026.2/changes", since="2026.1").json()["results"]}

        told = {key: (row["change"], row["version_before"]) for key, row in rows.items()}
        assert told == {"new": ("added", None), "konna-bombed": ("changed", 1), "undated": ("withdrawn", 1)}
        assert [(change["field"], change["old"]) for change in rows["konna-bombed"]["changes"]] == [
            ("title", "Konna is bombed")
        ]
        assert rows["undated"]["successor"] == "new"

    def test_is_with_the_one_before_when_none_is_named(self, ask, client, second):
        latest = ask("releases/latest").json()

        assert client.get(latest["changes"]).json() == ask("releases/2026.2/changes", since="2026.1").json()

    def test_is_read_page_by_page_and_by_kind(self, ask, client, second):
        page = ask("releases/2026.2/changes", page_size=2).json()

        assert [len(page["results"]), len(client.get(page["next"]).json()["results"])] == [2, 1]
        assert ask("releases/2026.2/changes", kind="actor").json()["results"] == []

    @pytest.mark.parametrize(
        ("name", "since", "status", "field"),
        [
            ("2026.1", None, 404, "since"),
            ("2026.1", "2026.2", 400, "since"),
            ("2026.2", "2025", 400, "since"),
            ("2030", None, 404, None),
        ],
    )
    def test_needs_an_earlier_release(self, ask, second, name, since, status, field):
        answer = ask(f"releases/{name}/changes", **({"since": since} if since else {}))

        assert (answer.status_code, answer.json()["field"]) == (status, field)

    def test_with_a_release_of_another_log_is_refused(self, ask, second, folder):
        package = json.loads((folder / "2026.1" / "datapackage.json").read_text())
        package["head"]["sha256"] = "0" * 64
        (folder / "2026.1" / "datapackage.json").write_text(json.dumps(package))

        assert ask("releases/2026.2/changes").json()["code"] == "another_log"

    def test_is_told_by_the_command(self, second, capsys):
        call_command("compare_releases", "2026.1")

        assert capsys.readouterr().out.splitlines() == [
            "~ event konna-bombed: title",
            "+ event new: First told.",
            "- event undated: Told twice.",
        ]

    def test_of_a_release_that_is_not_there_is_refused_in_one_line(self, second):
        with pytest.raises(CommandError, match="no release “2025”"):
            call_command("compare_releases", "2025")


class TestTheListOfReleases:
    def test_has_the_newest_first(self, ask, first, folder):
        published([event("new")])
        release_builder.build("2026.2", folder)

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
