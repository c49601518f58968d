import pytest

from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


class TestAPage:
    def test_that_a_reader_has_is_not_sent_again(self, client, django_assert_num_queries):
        tag = client.get("/events/konna-dead/")["ETag"]

        with django_assert_num_queries(1):
            again = client.get("/events/konna-dead/", headers={"If-None-Match": tag})

        assert again.status_code == 304

    def test_is_rendered_once_for_one_head_of_the_log(self, client, django_assert_num_queries):
        first = client.get("/places/konna/").content

        with django_assert_num_queries(1):
            assert client.get("/places/konna/").content == first

    def test_is_new_after_any_publication(self, client):
        tag = client.get("/")["ETag"]
        doc.published([doc.event("news", "News", when="2024")], at=doc.NOON.replace(hour=15))

        after = client.get("/", headers={"If-None-Match": tag})

        assert after.status_code == 200
        assert "News" in after.content.decode()

    def test_differs_by_language(self, client):
        assert client.get("/")["ETag"] != client.get("/fr/")["ETag"]
        assert '<html lang="fr">' in client.get("/fr/").content.decode()

    def test_sends_no_cookie_and_may_be_cached_by_anybody(self, client):
        response = client.get("/")

        assert not response.cookies
        assert "public" in response["Cache-Control"]

    def test_has_neither_style_nor_script_of_its_own(self, client):
        for path in ("/", "/events/konna-dead/", "/places/konna/", "/actors/mojwa/"):
            page = client.get(path).content.decode()
            assert " style=" not in page
            assert "<style" not in page
            assert "<script>" not in page
