"""chronology.toml: every mistake is told with its line and key; what is right is read as written."""

import pytest
from django.conf import settings
from django.utils import translation

from conflict import chronology_file
from conflict.chronology import Camp, Words

LEAST = """\
key = "invented-war"
title = { en = "Invented War", fr = "Guerre inventée" }

[licence]
name = "CC BY 4.0"
url = "https://creativecommons.org/licenses/by/4.0/"
"""


def problems_of(tmp_path, text):
    (tmp_path / "chronology.toml").write_text(text, encoding="utf-8")
    problems: list[str] = []
    chronology_file.read(tmp_path, problems)
    return [problem.removeprefix(f"{tmp_path}/chronology.toml") for problem in problems]


class TestAChronologyFile:
    def test_needs_a_key_a_title_and_a_licence_only(self, tmp_path):
        (tmp_path / "chronology.toml").write_text(LEAST, encoding="utf-8")
        problems: list[str] = []

        chronology = chronology_file.read(tmp_path, problems)

        assert problems == []
        assert list(chronology.families) == ["civilian", "other"]
        assert chronology.family("unheard-of").camp == Camp.OTHER
        with translation.override("fr"):
            assert chronology.name == "Guerre inventée : une chronologie annotée"

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        {
            "an unknown key": ("titel = 1\n" + LEAST, ", line 1: titel is not known. Known here: "),
            "a number for a text": (
                LEAST.replace('"invented-war"', "7"),
                ", line 1: key is 7, but must be lower-case letters, digits and single hyphens.",
            ),
            "no licence": (LEAST.split("[licence]")[0], ", line 1: licence needs name and url: "),
            "a year that is none": ("since = 0\n" + LEAST, ", line 1: since is 0, but must be a whole number from 1"),
            "a colour that is none": (
                LEAST + '[families.river]\nname = "x"\ncamp = "militia"\ncolour = "pink"\n',
                ", line 10: families.river.colour is 'pink', but must be one of: blue, ",
            ),
            "a family without a name": (
                LEAST + '[families.river]\ncamp = "militia"\ncolour = "red"\n',
                ", line 7: families.river.name is missing.",
            ),
            "a frame that is turned": (
                LEAST + "[map]\nframe = [10, 0, -10, 5]\n",
                ", line 8: map.frame is [10, 0, -10, 5], but must be four numbers of degrees",
            ),
            "outlines that are not there": (
                LEAST + '[map]\noutlines = "nowhere.geojson"\n',
                ", line 8: map.outlines names 'nowhere.geojson', but there is no such file in ",
            ),
            "an original among the translations": (
                LEAST + '[languages]\noriginal = "es"\ntranslations = ["es"]\n',
                ", line 9: languages.translations has 'es', the language of the originals.",
            ),
            "no TOML": ("title = \n" + LEAST, " cannot be read: Invalid value (at line 1, column 9)."),
            "a contact that is no address": ('contact = "me"\n' + LEAST, ", line 1: contact is 'me', but must begin with mailto:"),
        }.values(),
        ids=lambda value: None if "\n" in value else value.split(": ")[-1][:40],
    )  # fmt: skip
    def test_is_refused_with_line_and_key_for(self, tmp_path, wrong, sentence):
        assert [problem for problem in problems_of(tmp_path, wrong) if sentence in problem] != []

    @pytest.mark.parametrize(
        ("kind", "shape", "sentence"),
        [
            ("river", "Polygon", "which has a river that is no LineString"),
            (
                "volcano",
                "Point",
                "which has a feature of the kind 'volcano'. Known: country, region, lake, river, town",
            ),
        ],
    )
    def test_is_refused_with_outlines_that_cannot_be_drawn(self, tmp_path, kind, shape, sentence):
        feature = f'{{"properties": {{"kind": "{kind}", "name": "x"}}, "geometry": {{"type": "{shape}"}}}}'
        (tmp_path / "o.geojson").write_text(f'{{"features": [{feature}]}}', encoding="utf-8")

        problems = problems_of(tmp_path, LEAST + '[map]\noutlines = "o.geojson"\n')

        assert [problem for problem in problems if sentence in problem] != []

    def test_has_an_introduction_beside_it_that_is_read_as_strictly(self, tmp_path):
        (tmp_path / "introduction.json").write_text('{"turns": [{"event": "first"}]}', encoding="utf-8")

        assert [
            problem for problem in problems_of(tmp_path, LEAST) if "turns, number 1, needs event, label." in problem
        ]

    def test_that_is_missing_is_told_with_the_command_that_writes_one(self, tmp_path):
        problems: list[str] = []

        chronology_file.read(tmp_path, problems)

        assert len(problems) == 1
        assert f"manage.py start_chronology {tmp_path}" in problems[0]

    def test_of_our_own_fixtures_knows_every_family_that_an_actor_has(self):
        assert set(settings.CHRONOLOGY.families) >= {"state", "separatist", "jihadist", "civilian", "other"}
        assert [family.camp for family in settings.CHRONOLOGY.families.values()][:3] == ["state", "rebels", "rebels"]


class TestWords:
    def test_are_those_of_the_reader_or_else_the_original(self):
        words = Words({"es": "hola", "fr": "bonjour"}, original="es")

        with translation.override("fr"):
            assert (str(words), words.language) == ("bonjour", "fr")
        with translation.override("en"):
            assert (str(words), words.language) == ("hola", "es")
