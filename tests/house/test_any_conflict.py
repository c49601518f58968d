"""The software is the same for every conflict: only the chronology's own folder names the one it comes with."""

import json
import re
from pathlib import Path

from django.conf import settings

OURS = settings.OWN_CHRONOLOGY
SOFTWARE = ("conflict", "editorial", "templates", "manage.py", "Makefile")
READ = {".py", ".html", ".txt", ".xml", ".svg", ".css", ".js", ".po", ".json", ".toml", ""}
ALSO = {"Malian", "Malien", "Maliens", "Bamako", "Tuareg", "Touareg", "Sahel", "Azawad", "Wikipedia", "Wikipédia"}
OF_THE_WORLD = {"AFP", "CIA", "ECOWAS", "ICC", "ICRC", "NATO", "UNESCO", "UNHCR", "WFP", "CSP"}  # CSP: a header, too


def own_words() -> set[str]:
    """Words by which a text is recognised as being about the conflict of our fixtures."""
    places = json.loads((OURS / "locations.json").read_text(encoding="utf-8"))
    actors = json.loads((OURS / "actors.json").read_text(encoding="utf-8"))
    names = {place["name"] for place in places if place["kind"] in ("city", "town", "village", "region")}
    acronyms = {name["name"] for actor in actors for name in actor.get("names", []) if name["kind"] == "acronym"}
    words = {name for name in names | acronyms if re.fullmatch(r"[^\W\d]{3,}", name)}
    return words | set(settings.CHRONOLOGY.countries) | ALSO


def files() -> list[Path]:
    named = [settings.BASE_DIR / name for name in SOFTWARE]
    found = [path for top in named for path in (sorted(top.rglob("*")) if top.is_dir() else [top])]
    return [path for path in found if path.is_file() and path.suffix in READ]


class TestTheSoftware:
    def test_names_no_conflict(self):
        words = own_words() - OF_THE_WORLD
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, words)))})(?!\w)", re.IGNORECASE)

        found = [
            f"{path.relative_to(settings.BASE_DIR)}:{number}: {match[0]}"
            for path in files()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if (match := pattern.search(line))
        ]

        assert len(words) > 60
        assert len(files()) > 500
        assert found == []
