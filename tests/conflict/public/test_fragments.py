"""Cached fragments are reused while their content is current, and stay within their size limit."""

import sys
from types import SimpleNamespace

import pytest
from django.utils import translation
from django.utils.safestring import SafeString

from conflict.public.cache.fragments import MOST, PLACE, Fragments, rendered, store
from tests import documents as doc

HEAD = SimpleNamespace(number=7, published_at="2026-03-01", sha256="<Konna>")


@pytest.mark.django_db
class TestAFragment:
    def test_is_rendered_once(self):
        asked = []

        for _ in range(2):
            text = rendered("pages/parts/stands.html", ("a",), lambda: asked.append(1) or {"head": HEAD})

        assert "&lt;Konna&gt;" in text
        assert len(asked) == 1

    def test_is_another_one_for_what_differs_in_anything_it_shows(self):
        parts = [("a", 1), ("a", 2), ("a", True), ("b", 1), ("a1",), ("a", "1"), ("a", None)]
        fragments = Fragments(MOST)

        texts = [fragments.of(made_of, lambda made_of=made_of: repr(made_of)) for made_of in parts]

        assert texts == [repr(made_of) for made_of in parts]

    def test_is_another_one_in_another_language(self):
        told = {}
        for language in ("en", "fr"):
            with translation.override(language):
                told[language] = rendered("pages/parts/stands.html", ("a",), lambda: {"head": HEAD})

        assert told["en"] != told["fr"]


class TestFragmentsTogether:
    def test_take_no_more_memory_than_they_may(self):
        each = sys.getsizeof(SafeString("x" * 1000)) + PLACE
        few = Fragments(most=3 * each)

        for number in range(10):
            few.of((number,), lambda: SafeString("x" * 1000))

        assert (len(few.items), few.held) == (3, 3 * each)

    def test_drop_first_what_was_not_asked_for_the_longest(self):
        asked = []
        few = Fragments(most=2 * (sys.getsizeof(SafeString("x")) + PLACE))

        for name in ("a", "b", "a", "c", "a", "b"):
            few.of((name,), lambda name=name: asked.append(name) or SafeString("x"))

        assert asked == ["a", "b", "c", "b"]

    def test_at_one_place_there_is_one_and_the_others_take_no_room(self):
        asked = []
        some = Fragments(MOST)

        for page, name in (("/", "a"), ("/fr/", "a"), ("/", "b"), ("/", "b"), ("/fr/", "a")):
            text = some.of(
                (name,), lambda page=page, name=name: asked.append((page, name)) or SafeString(name), place=(page,)
            )
            assert text == name

        assert asked == [("/", "a"), ("/fr/", "a"), ("/", "b")]
        assert (len(some.items), some.held) == (2, 2 * (sys.getsizeof(SafeString("x")) + PLACE))

    def test_are_bounded_in_each_process(self):
        assert store.most == MOST == 8 * 1024 * 1024


@pytest.mark.usefixtures("record")
class TestWhatIsSuperseded:
    def test_takes_no_room_however_often_an_event_is_published_anew(self, client):
        sizes = []
        for turn in range(4):
            told = doc.event("konna-taken", f"Konna taken, told for the time {turn}", when="2013-01-10", place="konna")
            doc.published([told], at=doc.NOON.replace(hour=13 + turn))
            for path in ("/", "/map/", "/events/konna-taken/", "/actors/mojwa/"):
                client.get(path)
            sizes.append(len(store.items))

        assert sizes[1:] == [sizes[1]] * 3
