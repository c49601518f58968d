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

        assert "These names look like it" in page

    def test_keeps_to_one_kind(self, read):
        page = read("/search/?q=Konna&kind=location")

        assert "/places/konna/" in page
        assert "/events/konna-taken/" not in page

    def test_says_when_there_is_nothing(self, read):
        assert "Nothing public has" in read("/search/?q=zzzzqqqq")
