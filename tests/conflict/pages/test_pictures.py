"""The preview picture for links to an event."""

from io import BytesIO

import pytest
from PIL import Image

from conflict.pages import pictures
from conflict.pages.fonts import font
from tests.documents import claim, event, period, published, withdrawn

pytestmark = pytest.mark.django_db
RIVALS = [claim("one", low=5, high=10, qualifier="exact"), claim("two", low=40, high=40, qualifier="at_least")]


@pytest.fixture
def seen(client):
    def picture(key, language=""):
        answer = client.get(f"{language}/events/{key}/picture.png")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        return Image.open(BytesIO(answer.content))

    return picture


class TestThePicture:
    @pytest.mark.parametrize(
        "told",
        [
            {"title": "Konna falls"},
            {"title": "Ménaka, où l’on ne dit rien " * 15},
            {"title": "W" * 400},
            {"title": "Undated", "when": ""},
            {"title": "Rivals", "claims": RIVALS},
            {"title": "In words", "claims": [claim("vague", qualifier="dozens"), *RIVALS]},
            {"title": "A witness without end", "claims": [{**RIVALS[0], "claimant": []}, RIVALS[1]]},
        ],
        ids=["plain", "long", "one long word", "undated", "rival figures", "figures in words", "claimant not said"],
    )
    def test_is_of_the_size_that_other_sites_ask_for(self, told, seen):
        published([period("war", position=1), event("konna", period="war", **told)])

        assert seen("konna").size == seen("konna", "/fr").size == (1200, 630)

    def test_shows_rival_accounts(self, seen):
        published([event("quiet", "Konna"), event("told", "Konna", claims=RIVALS)])

        assert seen("quiet").tobytes() != seen("told").tobytes()

    def test_goes_with_the_page_in_its_language(self, client):
        published([event("konna")])

        page = client.get("/fr/events/konna/").content.decode()

        assert '<meta property="og:image" content="http://testserver/fr/events/konna/picture.png">' in page

    def test_is_gone_with_the_event(self, client):
        published([event("konna")])
        withdrawn("event", "konna")

        assert client.get("/events/konna/picture.png").status_code == 410
        assert client.get("/events/never/picture.png").status_code == 404


class TestAFigure:
    def test_is_never_cut_off(self):
        figure = "entre environ 1 200 et plus de 12 500 personnes"

        letters = pictures.fitting(figure, 240)

        assert letters.size < 28
        assert letters.getlength(figure) <= 240


class TestAnArabicName:
    """Invented, within an English title: joined forms, from right to left, in a font that has them."""

    def test_is_joined_and_reversed_within_the_line(self):
        (latin, before), (arabic, name), (_, after) = font("Bold", 58).runs("Attack on بيت near Alpha")

        assert (before, after) == ("Attack on ", " near Alpha")
        assert name == "\ufe96\ufef4\ufe91"  # final, medial and initial form: the last letter stands first
        missing = arabic.getmask("\U0010ffff").getbbox()
        assert all(arabic.getmask(letter).getbbox() != missing for letter in name)
        assert latin.getname()[0] != arabic.getname()[0]

    def test_leaves_out_signs_that_no_font_has(self):
        runs = font("Bold", 58).runs("Raid on မြို့ ⴽⵉⴷⴰⵍ 🔥 near Київ, Łódź and بيت")

        assert " ".join("".join(run for _letters, run in [*runs][:-1]).split()) == "Raid on near Київ, Łódź and"

    def test_stands_in_the_picture(self, seen):
        published([event("name", "Attack on بيت"), event("without", "Attack on")])

        assert seen("name").tobytes() != seen("without").tobytes()


class TestALine:
    def test_ends_in_an_ellipsis_where_the_text_has_no_room(self):
        letters = pictures.font("Bold", 58)

        lines = list(pictures.wrapped("one two three four five six seven " * 9, letters, 1000, lines=3))

        assert len(lines) == 3
        assert [line.endswith("…") for line in lines] == [False, False, True]
        assert all(letters.getlength(line) <= 1000 for line in lines)

    def test_is_set_smaller_before_anything_is_cut(self):
        sentence = "81 soldiers killed, says the CSP, the attacker (first 98); the army gives no figure. " * 3

        letters, lines = pictures.fitted([sentence], "Semibold", 34, 130)

        assert letters.size < 34
        assert " ".join(lines) == sentence.strip()
