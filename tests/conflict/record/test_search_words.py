"""Search words: every form of a word finds the others, and no name finds another one."""

from dataclasses import replace

import pytest

from conflict.record.models import PublishedEvent
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
