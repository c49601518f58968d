"""Responses are served from memory while the head of the log is the same, and never after it has moved."""

import threading

import pytest
from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from conflict.public.cache import responses
from conflict.public.cache.responses import LARGEST, OF_HEADERS, ResponseCache, ResponseStore, may_be_kept, store
from conflict.public.head import Head, head
from tests.documents import actor, event, published

HEAD = Head(1, "a" * 64)
LATER = Head(2, "b" * 64)
COUNTED = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}


@pytest.fixture
def _something_public(db):
    published([actor("army", "The army"), event("konna")])


@pytest.mark.usefixtures("_something_public")
class TestAnAnswer:
    @pytest.mark.parametrize("path", ["/", "/fr/events/konna/", "/api/v1/actors/?page_size=1", "/api/v1/"])
    def test_is_given_again_with_one_question_to_the_database(self, path, client, django_assert_num_queries):
        first = client.get(path, headers={"Accept-Encoding": "gzip"})

        with django_assert_num_queries(1):
            again = client.get(path, headers={"Accept-Encoding": "gzip"})

        assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
        assert {n: v for n, v in again.items() if n not in COUNTED} == {
            n: v for n, v in first.items() if n not in COUNTED
        }

    @pytest.mark.parametrize("path", ["/", "/api/v1/actors/"])
    def test_is_not_sent_to_who_has_it(self, path, client, django_assert_num_queries):
        tag = client.get(path)["ETag"]

        with django_assert_num_queries(1):
            again = client.get(path, headers={"If-None-Match": f'"another", {tag}'})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert not {"Content-Type", "Content-Length", "Content-Encoding"} & {name for name, _ in again.items()}

    def test_is_known_to_be_the_same_where_only_those_asked_who_have_it(self, client, django_assert_num_queries):
        tag = client.get("/api/v1/actors/")["ETag"]
        store.clear()

        statuses = [client.get("/api/v1/actors/", headers={"If-None-Match": tag}).status_code for _ in range(2)]
        whole = client.get("/api/v1/actors/")

        assert (statuses, whole.status_code) == ([304, 304], 200)
        assert b"army" in whole.content

    @pytest.mark.parametrize("path", ["/actors/", "/api/v1/actors/"])
    def test_is_made_anew_after_a_publication(self, path, client):
        assert b"nomads" not in client.get(path).content

        published([actor("nomads", "The nomads")])

        assert b"nomads" in client.get(path).content

    def test_to_another_question_is_another_one(self, client, settings):
        settings.ALLOWED_HOSTS = ["testserver", "elsewhere"]
        questions = [
            ("/api/v1/actors/", {}),
            ("/api/v1/actors/", {"Accept": "text/csv"}),
            ("/api/v1/actors/?fields=key", {}),
            ("/actors/", {}),
            ("/actors/", {"Host": "elsewhere"}),
            ("/actors/", {"Accept-Encoding": "gzip"}),
            ("/fr/actors/", {}),
        ]

        answers = [b"".join(client.get(path, headers=headers)) for path, headers in questions * 2]

        assert len(set(answers[: len(questions)])) == len(questions)
        assert answers[: len(questions)] == answers[len(questions) :]

    def test_that_is_a_refusal_is_not_kept(self, client):
        assert client.get("/api/v1/actors/nobody/").status_code == 404
        assert client.get("/actors/nobody/").status_code == 404
        assert client.get("/account/sign-in/").status_code == 200
        assert not store.items

    def test_that_follows_from_more_than_the_head_is_not_kept(self, client):
        assert client.get("/data/").status_code == client.get("/api/v1/releases/").status_code == 200
        assert not store.items

    def test_counts_against_the_limit_of_who_asks(self, client, settings):
        cache.clear()
        settings.API_REQUESTS_PER_MINUTE = 3

        statuses = [client.get("/api/v1/actors/").status_code for _ in range(5)]

        assert (statuses[0], statuses[-1]) == (200, 429)
        assert client.get("/api/v1/actors/", REMOTE_ADDR="203.0.113.7")["RateLimit-Remaining"] == "2"

    def test_is_not_given_to_a_wrong_key(self, client):
        assert client.get("/api/v1/actors/").status_code == 200

        assert client.get("/api/v1/actors/", headers={"Authorization": "Key wrong.secret"}).status_code == 401


class TestWhoAsksAtTheSameTime:
    """For the same: one has it made. `ResponseCache` is tried around a view that says when it has begun, and waits."""

    def asked_by_two(self, view, monkeypatch):
        monkeypatch.setattr(responses, "head", lambda: HEAD)
        begun, go_on, made, given = threading.Event(), threading.Event(), [], []

        def slow(request):
            made.append(request)
            begun.set()
            assert go_on.wait(10)
            return view()

        front = ResponseCache(slow)
        readers = [threading.Thread(target=lambda: given.append(front(RequestFactory().get("/x/")))) for _ in range(2)]
        readers[0].start()
        assert begun.wait(10)
        readers[1].start()
        assert self.comes_to_wait(readers[1])
        go_on.set()
        for reader in readers:
            reader.join(10)
        return len(made), given

    def comes_to_wait(self, reader):
        """Until the second one waits for the first; it could do nothing else that takes long."""
        reader.join(0.2)
        return reader.is_alive()

    def test_it_is_made_once(self, monkeypatch):
        made, given = self.asked_by_two(lambda: keepable(b"page"), monkeypatch)

        assert (made, [answer.content for answer in given]) == (1, [b"page", b"page"])

    def test_what_may_not_be_kept_is_made_for_each(self, monkeypatch):
        made, given = self.asked_by_two(lambda: HttpResponse(b"mine"), monkeypatch)

        assert (made, len(given)) == (2, 2)

    def test_an_editor_waits_for_nobody(self, settings, monkeypatch):
        monkeypatch.setattr(ResponseStore, "turn", lambda self, name: 1 / 0)
        front, asked = ResponseCache(lambda request: keepable(b"page")), RequestFactory().get("/x/")
        asked.COOKIES[settings.SESSION_COOKIE_NAME] = "mine"

        assert front(asked).content == b"page"

    def test_nobody_waits_for_one_that_failed(self, monkeypatch):
        front = ResponseCache(lambda request: 1 / 0)

        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                front(RequestFactory().get("/x/"))

        assert not store.being_made


class TestWhatIsKept:
    def test_takes_no_more_room_than_it_may(self):
        few = ResponseStore(most=2 * (OF_HEADERS + 10) + 5)

        for name in "abca":
            few.keep(name, keepable(b"x" * 10))

        assert (list(few.items), few.held) == (["c", "a"], 2 * (OF_HEADERS + 10))

    def test_is_good_under_its_own_head_only(self):
        few = ResponseStore()

        few.keep("a", keepable(b"x"))

        assert few.find("a", HEAD).body == b"x"
        assert few.find("a", LATER) is None

    def test_goes_with_the_first_answer_under_a_later_head(self):
        some = ResponseStore()
        for name in "ab":
            some.keep(name, keepable(b"x" * 10))

        some.keep("c", keepable(b"y", under=LATER))

        assert (list(some.items), some.held) == (["c"], OF_HEADERS + 1)

    def test_stays_where_an_answer_under_an_earlier_head_comes_late(self):
        some = ResponseStore()
        some.keep("a", keepable(b"x", under=LATER))

        some.keep("b", keepable(b"y", under=HEAD))

        assert some.find("a", LATER).body == b"x"

    @pytest.mark.parametrize(
        "response",
        [
            pytest.param(lambda: keepable(b"x" * (LARGEST + 1)), id="very large"),
            pytest.param(lambda: keepable(b"x", status=404), id="no success"),
            pytest.param(lambda: HttpResponse(b"x"), id="not said to be public"),
            pytest.param(lambda: keepable(stream=[b"x"]), id="streamed"),
        ],
    )
    def test_leaves_out_what(self, response):
        few = ResponseStore()

        few.keep("a", response())

        assert not few.items

    def test_leaves_out_what_sets_a_cookie(self):
        few, response = ResponseStore(), keepable(b"x")
        response.set_cookie("session", "mine")

        few.keep("a", response)

        assert not few.items


@pytest.mark.usefixtures("_something_public")
def test_the_head_is_that_of_the_log(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert head().number == 2


def keepable(content=b"", status=200, stream=None, under=HEAD):
    headers = {"ETag": '"1"'}
    response = StreamingHttpResponse(stream, headers=headers) if stream else HttpResponse(content, status=status, headers=headers)  # fmt: skip
    may_be_kept(response, under)
    return response
