"""Desk lists too long to page through."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial.admin import pagination, search
from editorial.models import User
from tests.desk import an_event, just_signed_in

EVENTS = "/admin/conflict/event/"


@pytest.fixture
def desk(client, db):
    for key in ("2013-01-10-konna", "2013-01-11-konna", "2013-01-12-konna"):
        an_event(key)
    editor = User.objects.create_superuser("editor", password="secret-of-the-test")
    client.force_login(editor)
    just_signed_in(client, editor)
    return client


class TestALongList:
    def test_says_that_it_is_counted_no_further(self, desk, monkeypatch):
        monkeypatch.setattr(pagination.BoundedPaginator, "most", 2)

        assert "2+ events" in desk.get(EVENTS).content.decode()

    def test_is_searched_less_far(self, desk, monkeypatch):
        monkeypatch.setattr(pagination.FoundPaginator, "most", 2)

        assert "2+ results" in desk.get(EVENTS, {"q": "konna"}).content.decode()
        assert "3 events" in desk.get(EVENTS).content.decode()


class TestASearchBox:
    @pytest.mark.parametrize("common", [1, 1000], ids=["read in its order", "looked up by index"])
    @pytest.mark.parametrize(
        ("path", "asked", "found"),
        [
            (EVENTS, "KÓNNA falls", 3),
            (EVENTS, "01-11 falls", 1),
            (EVENTS, '"falls konna"', 0),
            ("/admin/conflict/claim/", "dead 01-10", 1),
            ("/admin/conflict/participation/", "mali 01-12", 1),
            ("/admin/conflict/source/", "1", 1),
        ],
    )
    def test_finds_the_same_however_common_the_words_are(self, desk, monkeypatch, common, path, asked, found):
        monkeypatch.setattr(search, "COMMON", common)

        assert desk.get(path, {"q": asked}).context["cl"].result_count == found

    def test_asks_no_more_of_a_thousand_words_than_of_ten(self, desk):
        with CaptureQueriesContext(connection) as few:
            desk.get("/admin/conflict/event/", {"q": " ".join(f"w{number}" for number in range(10))})
        with CaptureQueriesContext(connection) as many:
            desk.get("/admin/conflict/event/", {"q": " ".join(f"w{number}" for number in range(1000))})

        longest = [max(len(query["sql"]) for query in asked) for asked in (few, many)]
        assert len(many) == len(few)
        assert longest[1] < longest[0] * 1.2
