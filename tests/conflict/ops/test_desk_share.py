"""One thread of each process is left to readers while requests of the desk hang."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from conflict.ops import desk_share
from conflict.ops.desk_share import LONG, DeskShare


@pytest.fixture
def share(monkeypatch):
    """A process of three threads; two of them hang in a request of the desk."""
    monkeypatch.setattr(desk_share, "threads", 3)
    released, entered = threading.Event(), threading.Barrier(3)

    def answer(request):
        if "hang" in request.path:
            entered.wait(20)
            released.wait(20)
        return HttpResponse("answered")

    found = DeskShare(answer)
    found.clock = lambda: found.now
    found.now, found.released = 0.0, released
    hanging = [threading.Thread(target=found, args=(RequestFactory().get("/admin/hang/"),)) for _ in range(2)]
    for thread in hanging:
        thread.start()
    entered.wait(20)
    yield found
    released.set()
    for thread in hanging:
        thread.join()


@pytest.mark.parametrize("path", ["/admin/", "/account/sign-in/", "/api/v1/proposals/"])
def test_the_desk_is_refused_once_the_others_have_hung_for_long(share, path):
    share.now = LONG + 0.1

    answer = share(RequestFactory().get(path))

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


@pytest.mark.parametrize("path", ["/", "/api/v1/events/", "/readyz"])
def test_readers_are_answered(share, path):
    share.now = LONG + 0.1

    assert share(RequestFactory().get(path)).status_code == 200


def test_the_desk_waits_its_turn_while_the_others_are_merely_busy(share):
    waiting = ThreadPoolExecutor(1).submit(share, RequestFactory().get("/admin/"))

    share.released.set()

    assert waiting.result(20).status_code == 200


def test_the_desk_waits_for_half_a_second_at_most(share):
    waiting = ThreadPoolExecutor(1).submit(share, RequestFactory().get("/admin/"))

    share.now = LONG + 0.1

    assert waiting.result(20).status_code == 503
