"""Pages in French: texts that are untranslated, or translated from an earlier version, are marked."""

import pytest

from conflict.api.views import parameters_of_detail
from conflict.vocabulary import ChangeKind
from tests import documents as doc
from tests.conflict.pages.conftest import CAST
from tests.french_pages import Marked, english_left
from tests.kinds_of_page import KINDS_OF_PAGE

pytestmark = pytest.mark.usefixtures("record")


def texts_of(value):
    """Every text of an entry that a reader is shown."""
    shown = ("title", "summary", "statement", "name", "reason", "resolution", "introduction", "description", "note")
    shown += ("role", "coordinate_origin", "reliability_reason", "rank_reason")
    if isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in shown and isinstance(item, str) and " " in item:
                yield item
            elif name != "translations":
                yield from texts_of(item)


# Titles of works stand in the language of the work.
ENGLISH = {text for kind, document in CAST if kind != "source" for text in texts_of(document)}


def in_french(key, **texts):
    kind, document = next(entry for entry in CAST if entry[1]["key"] == key)
    return kind, doc.in_french(document, **texts)


class TestAPageInFrench:
    @pytest.mark.parametrize("path", KINDS_OF_PAGE)
    def test_has_no_english_text_that_is_not_marked(self, path, client):
        page = client.get(f"/fr{path}").content.decode()

        assert english_left(page, ENGLISH) == []

    def test_looks_for_enough_texts_and_finds_them_marked(self, read):
        found = Marked(read("/fr/events/konna-dead/")).texts

        assert len(ENGLISH) > 15
        assert {"Dead around Konna", "Over a hundred died."} <= {text for language, text in found if language == "en"}

    def test_shows_what_is_translated_unmarked(self, read):
        doc.published(
            [
                in_french("konna-dead", title="Les morts de Konna", summary="Les décomptes diffèrent."),
                in_french("army", name="Armée malienne"),
                in_french("konna-battle", title="Bataille de Konna"),
            ],
            kind=ChangeKind.CORRECTION,
        )

        for path in ("/fr/", "/fr/events/konna-dead/", "/fr/periods/konna-battle/", "/fr/search/?q=Konna"):
            texts = Marked(read(path)).texts
            assert ("fr", "Les morts de Konna") in texts, path
            assert "Dead around Konna" not in dict(map(reversed, texts)), path
        assert ("fr", "Armée malienne") in Marked(read("/fr/events/konna-dead/")).texts
        assert ("fr", "Armée malienne") in Marked(read("/fr/actors/")).texts
        assert "Les morts de Konna" not in read("/events/konna-dead/").partition('<details class="tongues"')[0]

    def test_shows_roles_notes_and_where_points_come_from_in_french(self, read):
        tie = doc.affiliation("member_of", "army", role="spokesman in Paris", note="Since when is not said.")
        tie = doc.in_french(tie, role="porte-parole à Paris", note="Depuis quand, la source ne le dit pas.")
        kind, place = next(entry for entry in CAST if entry[1]["key"] == "konna")
        place = doc.in_french(place | {"coordinate_origin": "Placed by hand"}, coordinate_origin="Placé à la main")
        source = doc.in_french(doc.source("letter", number=7, note="Read in part.")[1], note="Lu en partie.")
        doc.published([doc.actor("sow", affiliations=[tie]), (kind, place), ("source", source)])

        told = {"/actors/sow/": tie, "/places/konna/": place, "/sources/letter/": source}
        for path, owner in told.items():
            french = {("fr", text["text"]) for text in owner["translations"]["fr"].values()}
            assert french <= set(Marked(read(f"/fr{path}")).texts)
            assert not {text for _, text in french} & {text for _, text in Marked(read(path)).texts}

    def test_names_publishers_in_french(self, read):
        afp = in_french("afp", name="Agence France-Presse")
        doc.published([afp, doc.source("report", title="R", resolved=True, publisher=doc.ref("actor", "afp"))])

        assert ("fr", "Agence France-Presse") in Marked(read("/fr/sources/")).texts

    def test_marks_a_translation_that_is_older_than_its_text(self, read):
        kind, document = in_french("konna-dead", title="Les morts de Konna")

        doc.published([(kind, document | {"title": "The dead of Konna"})], kind=ChangeKind.CORRECTION)

        page = read("/fr/events/konna-dead/")
        assert '<h1 data-older="traduction d’un texte antérieur" dir="auto">Les morts de Konna</h1>' in page
        assert '<a lang="en" href="/fr/events/konna-dead/">The dead of Konna</a>' not in page


class TestAnArabicText:
    @pytest.fixture(autouse=True)
    def _arabic(self, record, settings):
        settings.ENTRY_LANGUAGES = ["fr", "ar"]
        parameters_of_detail.cache_clear()  # they name the languages
        _, document = in_french("konna-dead", title="Les morts de Konna")
        told = {"ar": {"title": {"text": "قتلى كونا", "of": document["translations"]["fr"]["title"]["of"]}}}
        doc.published([("event", document | {"translations": told})], kind=ChangeKind.CORRECTION)
        yield
        parameters_of_detail.cache_clear()

    def test_runs_from_right_to_left_on_the_page_of_its_event(self, read):
        assert '<div lang="ar" dir="rtl"><h3>قتلى كونا</h3></div>' in read("/events/konna-dead/")

    def test_is_found(self, read):
        assert "/events/konna-dead/" in read("/search/?q=كونا")

    def test_takes_the_place_of_the_original_in_the_api(self, client):
        assert client.get("/api/v1/events/konna-dead/", {"lang": "ar"}).json()["title"] == "قتلى كونا"
