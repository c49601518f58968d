"""Start your own: the page of docs as far as a test can follow it, and all public pages with nothing in them."""

import re
from html import unescape

import pytest
from django.core.management import CommandError, call_command

from conflict import chronology_file
from tests import docs

EMPTY = [
    *("/", "/chronology/", "/map/", "/actors/", "/places/", "/sources/", "/notices/", "/disputes/", "/changes/"),
    *("/changes/as-of/?day=2020-01-01", "/search/?q=river", "/method/", "/data/", "/verify/", "/feeds/"),
    *("/feeds/events.atom", "/feeds/corrections.atom", "/search/suggestions/?q=river", "/card.png"),
]
OF_MACHINES = [
    *("/api/v1/", "/api/v1/docs/", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/api/v1/publications/"),
    *(f"/api/v1/events/?format={name}" for name in ("json", "csv", "xlsx", "geojson", "jsonl", "hxl", "parquet")),
    *(
        "/api/v1/releases/",
        "/api/v1/compatibility/georeferenced/events/26.1",
        "/api/v1/compatibility/dyadic/events/read",
    ),
]


class TestThePage:
    def test_begins_with_a_command_whose_file_needs_the_two_lines_that_it_shows_and_no_more(self, tmp_path):
        folder = tmp_path / "our-war"
        call_command("start_chronology", folder, verbosity=0)
        file = folder / "chronology.toml"
        (shown,) = re.findall(r"```toml\n(.*?)```", docs.page("start-your-own"), re.DOTALL)
        lines = dict(line.split(" = ", 1) for line in shown.strip().splitlines())

        text = file.read_text(encoding="utf-8")
        for key, value in lines.items():
            text, number = re.subn(rf"^{key} = [^\n]*", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
            assert number == 1
        file.write_text(text, encoding="utf-8")
        problems: list[str] = []
        chronology = chronology_file.read(folder, problems)

        assert problems == []
        assert (chronology.key, chronology.title.texts["en"]) == ("our-war", "War of the Two Rivers")
        assert [family.camp for family in chronology.families.values()][:2] == ["state", "rebels"]

    def test_explains_every_key_of_the_file_and_the_file_offers_every_key(self, tmp_path):
        call_command("start_chronology", tmp_path / "our-war", verbosity=0)
        offered = (tmp_path / "our-war" / "chronology.toml").read_text(encoding="utf-8")
        text = "nonsense = 1\n" + offered
        (tmp_path / "chronology.toml").write_text(text, encoding="utf-8")
        problems: list[str] = []
        chronology_file.read(tmp_path, problems)
        (known,) = re.findall(r"nonsense is not known. Known here: (.*)\.$", problems[0])

        for key in known.split(", "):
            assert re.search(rf"^(# )?(\[{key}[\].]|{key} = )", offered, re.MULTILINE), key
            assert re.search(rf"^\| `\[?{key}[\].`]", docs.page("start-your-own"), re.MULTILINE), key

    def test_does_not_begin_in_the_folder_of_the_software(self):
        with pytest.raises(CommandError, match=r"make start FOLDER=\.\./our-war"):
            call_command("start_chronology", "", verbosity=0)

    def test_cannot_overwrite_what_somebody_wrote(self, tmp_path):
        call_command("start_chronology", tmp_path, verbosity=0)

        with pytest.raises(CommandError, match="exists already"):
            call_command("start_chronology", tmp_path, verbosity=0)


@pytest.mark.django_db
class TestAChronologyWithNothingInIt:
    def test_answers_on_every_page_and_leads_to_no_broken_one(self, client):
        seen: dict[str, int] = {}
        waiting = [*EMPTY, *(f"/fr{path}" for path in EMPTY), *OF_MACHINES]
        said = {}
        while waiting:
            path = waiting.pop(0)
            if path in seen or path.startswith("/admin/"):
                continue
            answer = client.get(path)
            seen[path] = answer.status_code
            if "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
                said[path] = answer.content.decode()
                links = re.findall(r'href="(/[^"#]*)', said[path])
                waiting += [unescape(link) for link in links if not link.startswith("/static/")]

        assert len(seen) > 80
        assert {path: status for path, status in seen.items() if status not in (200, 301, 302)} == {}
        assert "Nothing has been published here yet" in said["/"]
        assert "Rien n’est encore public ici" in said["/fr/"]
