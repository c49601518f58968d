"""chronology.toml: every mistake is told with its line and key; what is right is read as written."""

import pytest
from django.conf import settings
from django.utils import translation

from conflict import chronology_file
from conflict.chronology import Camp, Words

OUTLINE = (
    '{"features": [{"properties": {"kind": "town", "name": "Here"}, "geometry": {"type": "Point", "coordinates": %s}}]}'
)
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
            assert chronology.name == "Guerre inventée\u00a0: une chronologie annotée"

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        {
            "an unknown key": ("titel = 1\n" + LEAST, ", line 1: titel is not known. Known here: "),
            "a number for a text": (
                LEAST.replace('"invented-war"', "7"),
                ", line 1: key is 7, but must be lower-case letters, digits and single hyphens, at most 60.",
            ),
            "nothing": ("", ", line 1: title is missing."),
            "a key that no folder can have": (
                LEAST.replace("invented-war", "x" * 61),
                "but must be lower-case letters, digits and single hyphens, at most 60.",
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
            "a focus beyond its frame": (
                LEAST + "[map]\nframe = [-72, -6, -60, 4]\nfocus = [10, 0, 20, 5]\n",
                ", line 9: map.focus lies outside of frame",
            ),
            "outlines that are not there": (
                LEAST + '[map]\noutlines = "nowhere.geojson"\n',
                ", line 8: map.outlines names 'nowhere.geojson', but there is no such file in ",
            ),
            "an original among the translations": (
                LEAST + '[languages]\noriginal = "es"\ntranslations = ["es"]\n',
                ", line 9: languages.translations has 'es', the language of the originals.",
            ),
            "no country": ("countries = []\n" + LEAST, ", line 1: countries is empty. Name the countries "),
            "a country without a name": ('countries = [" "]\n' + LEAST, ", line 1: countries has an empty text."),
            "a translation twice": (
                LEAST + '[languages]\ntranslations = ["fr", "pt-BR", "pt-br"]\n',
                ", line 8: languages.translations has 'pt-br' twice. Leave one out.",
            ),
            "no TOML": ("title = \n" + LEAST, " cannot be read: Invalid value (at line 1, column 9)."),
            "a contact that is no address": ('contact = "me"\n' + LEAST, ", line 1: contact is 'me', but must begin with mailto:"),
        }.values(),
        ids=lambda value: None if "\n" in value else value.split(": ")[-1][:40],
    )  # fmt: skip
    def test_is_refused_with_line_and_key_for(self, tmp_path, wrong, sentence):
        assert [problem for problem in problems_of(tmp_path, wrong) if sentence in problem] != []

    def test_is_refused_with_one_sentence_for_one_mistake(self, tmp_path):
        assert len(problems_of(tmp_path, LEAST.replace("invented-war", "Invented War"))) == 1
        languages = '[languages]\noriginal = "spanish"\ntranslations = ["en"]\n'
        assert len(problems_of(tmp_path, LEAST + languages)) == 1
        family = '[families.river]\nname = "x"\ncolour = "red"\n'
        assert len(problems_of(tmp_path, LEAST + family)) == 1

    def test_may_have_been_saved_by_a_windows_editor(self, tmp_path):
        (tmp_path / "o.geojson").write_text(OUTLINE % "[1, 1]", encoding="utf-8-sig")
        (tmp_path / "introduction.json").write_text('{"missing": {"en": "All."}}', encoding="utf-8-sig")
        text = LEAST + '[map]\noutlines = "o.geojson"\n'

        assert problems_of(tmp_path, "\ufeff" + text.replace("\n", "\r\n")) == []

    def test_does_not_take_a_file_for_its_folder(self, tmp_path):
        problems: list[str] = []
        (tmp_path / "chronology.toml").write_text(LEAST, encoding="utf-8")

        chronology_file.read(tmp_path / "chronology.toml", problems)

        assert problems == [
            f"CHRONOLOGY names {tmp_path}/chronology.toml, which is a file. Name the folder that chronology.toml lies in."
        ]

    @pytest.mark.parametrize(
        ("point", "sentence"),
        [
            ("[500000, 4649776]", "which has 'Here' outside the world. Points are longitude and latitude."),
            ('"x"', "which is not GeoJSON"),
            ("[]", "which is not GeoJSON"),
            ("[1, 1]" + " " * 5_000_000, "which has 5 MB, where the maps take 5 at most."),
        ],
        ids=["metres", "text", "nothing", "too large"],
    )
    def test_is_refused_with_outlines_whose_points_are_none(self, tmp_path, point, sentence):
        (tmp_path / "o.geojson").write_text(OUTLINE % point, encoding="utf-8")

        problems = problems_of(tmp_path, LEAST + '[map]\noutlines = "o.geojson"\n')

        assert [problem for problem in problems if sentence in problem] != []

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

    @pytest.mark.parametrize(
        ("written", "sentence"),
        [
            ('{"turns": [{"event": "first"}]}', "turns, number 1, needs event, label."),
            ('{"turns": {}}', "turns must be a list."),
            ('{"title": "The war"}', "title must be texts by language."),
            (
                '{"phases": [{"from": "January 2019", "to": "", "title": {}, "summary": {}}]}',
                "phases, number 1: from is 'January 2019', but must be a year or month such as 2019-01.",
            ),
        ],
    )
    def test_has_an_introduction_beside_it_that_is_read_as_strictly(self, tmp_path, written, sentence):
        (tmp_path / "introduction.json").write_text(written, encoding="utf-8")

        assert [problem for problem in problems_of(tmp_path, LEAST) if sentence in problem] != []

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
