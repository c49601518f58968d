import pytest

pytestmark = pytest.mark.usefixtures("record")


class TestInFrench:
    @pytest.mark.parametrize(
        ("path", "status", "said"),
        [
            ("/fr/account/sign-in/", 200, "Se connecter à la rédaction"),
            ("/fr/nowhere/", 404, "Chronologie"),
            ("/fr/chronology/?actr=1", 400, "«\u00a0actr\u00a0»"),
            ("/fr/events/konna-dead/", 200, "11–13 janvier 2013 environ"),
            ("/fr/map/?bbox=-4.5,14,-3,15.5", 200, "entre 4,5° O et 3° O, 14° N et 15,5° N"),
        ],
    )
    def test_a_page_says_it(self, path, status, said, client):
        response = client.get(path)

        assert response.status_code == status
        assert '<html lang="fr"' in response.content.decode()
        assert said.lower() in response.content.decode().lower()

    @pytest.mark.parametrize("path", ["/fr/events/konna-dead/", "/fr/places/konna/", "/fr/periods/intervention/"])
    def test_marks_what_is_written_in_english(self, path, read):
        assert ' lang="en"' in read(path).partition("<main")[2]
