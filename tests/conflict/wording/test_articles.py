"""Names within a sentence: with their article, in English and in French."""

import pytest
from django.utils.translation import override

from conflict.wording.articles import led_up_to, of, with_article

IN_FRENCH = {
    "Armée malienne": "l’armée malienne",
    "Mouvement national de libération de l’Azawad": "le Mouvement national de libération de l’Azawad",
    "Forces islamistes": "les forces islamistes",
    "Tchad": "le Tchad",
    "AFP": "l’AFP",
    "États-Unis": "les États-Unis",
    "France": "la France",
    "France 24": "France 24",
    "Human Rights Watch": "Human Rights Watch",
    "des habitants de Konna": "des habitants de Konna",
}


class TestANameInASentence:
    @pytest.mark.parametrize(("name", "said"), IN_FRENCH.items(), ids=IN_FRENCH)
    def test_has_its_french_article(self, name, said):
        with override("fr"):
            assert with_article(name) == said

    @pytest.mark.parametrize(
        ("name", "said"), [("Malian Army", "the Malian Army"), ("France", "France"), ("The Elders", "The Elders")]
    )
    def test_has_its_english_article(self, name, said):
        assert with_article(name) == said

    @pytest.mark.parametrize(
        ("phrase", "name", "said"),
        [
            ("allié à", "Armée malienne", ("allié à l’", "armée malienne")),
            ("opposé à", "Gouvernement malien", ("opposé au ", "gouvernement malien")),
            ("scission de", "Mouvement national", ("scission du ", "Mouvement national")),
            ("membre de", "Al-Qaïda", ("membre d’", "Al-Qaïda")),
            ("fait partie de", "Forces armées", ("fait partie des ", "forces armées")),
            ("dirige", "Human Rights Watch", ("dirige ", "Human Rights Watch")),
        ],
    )
    def test_is_led_up_to_by_a_french_phrase(self, phrase, name, said):
        with override("fr"):
            assert led_up_to(phrase, name) == said
        assert led_up_to("allied with", "Malian Army") == ("allied with ", "Malian Army")

    def test_is_elided_after_a_french_noun(self):
        with override("fr"):
            assert (of("Abdel Krim"), of("Mokhtar Belmokhtar")) == ("d’Abdel Krim", "de Mokhtar Belmokhtar")
