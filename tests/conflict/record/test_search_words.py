"""Search words: every form of a word finds the others, and no name finds another one."""

import pytest

from conflict.record.models import PublishedEvent
from tests.documents import event, published

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
APART = [("Niger", "Nigeria sends troops"), ("Mali", "A Malian soldier"), ('"merged"', "The merger of groups")]


@pytest.mark.django_db
class TestAWord:
    @pytest.mark.parametrize(("words", "text"), FORMS)
    def test_finds_its_other_forms(self, words, text):
        published([event("told", text)])

        assert PublishedEvent.objects.matching(words).exists()

    @pytest.mark.parametrize(("words", "text"), APART)
    def test_finds_no_other_word(self, words, text):
        published([event("told", text)])

        assert not PublishedEvent.objects.matching(words).exists()
