"""Questions about the chronology as a whole, in either language, misspelt or without accents."""

import pytest

from conflict.public import topics

ASKED = {
    "which groups merged into what": "/actors/#lineage",
    "wich groups mergd": "/actors/#lineage",
    "quel groupe a fusionner avec quoi": "/actors/#lineage",
    "who controled Gao in June 2012": "/places/#control",
    "qui tenais Gao": "/places/#control",
    "what is disputed?": "/disputes/",
    "qu’est-ce qui est contesté": "/disputes/",
    "what changed this month": "/changes/",
    "waht chnaged this month": "/changes/",
    "quoi de neuf ce mois-ci": "/changes/",
    "comment un chiffre est-il retenu": "/method/#figures",
    "waht is the september warnning about": "/notices/",
    "puis-je télécharger les données": "/data/",
}
NAMES = ["Front de libération de l’Azawad", "Wagner Group", "Tombouctou avril 2012", "Human Rights Watch", "army"]


class TestAQuestion:
    @pytest.mark.parametrize(("words", "address"), ASKED.items(), ids=ASKED)
    def test_is_answered_by_a_page(self, words, address):
        assert [answer.address for answer in topics.answers(words)] == [address]

    @pytest.mark.parametrize("name", NAMES)
    def test_is_not_seen_in_a_name(self, name):
        assert topics.answers(name) == []

    @pytest.mark.parametrize(
        ("words", "subject"),
        [
            ("is the displaced figure trustworthy", "displaced"),
            ("le chiffre des déplacés est-il fiable", "déplacés"),
            ("quels groupes ont fusionné", ""),
        ],
    )
    def test_is_searched_by_what_it_is_about(self, words, subject):
        assert topics.subject(words) == subject
