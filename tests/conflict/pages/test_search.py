import pytest

pytestmark = pytest.mark.usefixtures("record")


class TestSearch:
    @pytest.mark.parametrize("words", ["Menaka", "ménaka", "MÉNAKA"])
    def test_forgives_accents(self, words, read):
        assert "/places/menaka/" in read(f"/search/?q={words}")

    def test_knows_aliases(self, read):
        page = read("/search/?q=MUJAO")

        assert "/actors/mojwa/" in page
        assert "/events/konna-taken/" in page

    @pytest.mark.parametrize("words", ["Mennaka", "Konnna"])
    def test_forgives_typing_errors_and_says_so(self, words, read):
        page = read(f"/search/?q={words}")

        assert "Similar names:" in page

    def test_finds_the_misspelt_name_among_several_words(self, read):
        assert "/places/menaka/" in read("/search/?q=Mennaka%20attack")

    def test_puts_what_is_called_exactly_so_first(self, client):
        groups = client.get("/search/?q=konna").context["groups"]

        assert groups[0].kind == "location"
        assert groups[0].entries[0].key == "konna"

    def test_says_the_dead_of_what_it_finds(self, read):
        assert "46–100 or more" in read("/search/?q=Konna")

    def test_keeps_to_one_kind(self, read):
        page = read("/search/?q=Konna&kind=location")

        assert "/places/konna/" in page
        assert "/events/konna-taken/" not in page

    def test_says_when_there_is_nothing(self, read):
        assert "No results for" in read("/search/?q=zzzzqqqq")


class TestSuggestions:
    def test_put_names_that_begin_so_first(self, client):
        assert [one["name"] for one in client.get("/search/suggestions/?q=ma").json()][:2] == ["Mali", "Malian Army"]

    @pytest.mark.parametrize("words", ["menaka", "Mennaka", "MÉNA"])
    def test_forgive_accents_and_typing_errors(self, words, client):
        assert client.get("/search/suggestions/", {"q": words}).json()[0]["name"] == "Ménaka"

    def test_know_aliases(self, client):
        assert client.get("/search/suggestions/?q=mujao").json()[0]["key"] == "mojwa"

    @pytest.mark.parametrize("words", ["%", "_", "'; --", "\\"])
    def test_take_signs_for_what_they_are(self, words, client):
        assert client.get("/search/suggestions/", {"q": words}).json() == []
