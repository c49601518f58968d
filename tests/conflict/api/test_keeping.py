"""What was answered once under a head is answered again from memory, and never after the head has moved."""

import pytest
from django.http import HttpResponse

from conflict.api.keeping import LARGEST, Kept, kept
from tests.documents import actor, published


@pytest.fixture
def _two_actors(db):
    published([actor("army", "The army"), actor("front", "The front")])


@pytest.mark.usefixtures("_two_actors")
class TestAnAnswer:
    def test_is_given_again_with_one_question_to_the_database(self, ask, django_assert_num_queries):
        first = ask("actors", page_size=1)

        with django_assert_num_queries(1):
            again = ask("actors", page_size=1)

        assert again.content == first.content
        assert [again[name] for name in ("ETag", "Content-Type", "Link")] == [
            first[name] for name in ("ETag", "Content-Type", "Link")
        ]

    def test_is_made_anew_after_a_publication(self, ask, keys):
        before = keys("actors")

        published([actor("nomads", "The nomads")])

        assert keys("actors") == [*before, "nomads"]

    def test_in_another_format_or_of_another_address_is_another_one(self, ask):
        as_json = ask("actors", page_size=2).content

        assert ask("actors", page_size=1).content != as_json
        assert ask("actors", {"Accept": "text/csv"}, page_size=2).getvalue() != as_json

    def test_that_is_a_refusal_is_not_kept(self, ask):
        assert ask("actors/nobody").status_code == 404
        assert not kept.answers


class TestWhatIsKept:
    def test_takes_no_more_room_than_it_may(self):
        few = Kept(most=25)

        for name in "abc":
            few.keep(name, HttpResponse(b"x" * 10))

        assert (list(few.answers), few.held) == (["b", "c"], 20)

    def test_leaves_out_what_is_very_large(self):
        few = Kept()

        few.keep("a", HttpResponse(b"x" * (LARGEST + 1)))

        assert few.find("a") is None
