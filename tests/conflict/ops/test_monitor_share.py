"""However much hangs, a monitor is answered; requests whose client has left cost nothing."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from conflict.ops import monitor_share, stalled_requests
from conflict.ops.client_connections import IS_KNOWN, Connection, connections
from conflict.ops.desk_share import DeskShare
from conflict.ops.monitor_share import HELD_UP
from conflict.ops.request_age import RequestAge, ages, has_left
from conflict.ops.stalled_requests import StalledRequests

THREADS = 2


class Server:
    """One process of the application server: so many threads, a spare one, and an application that hangs if asked to."""

    def __init__(self) -> None:
        self.released, self.hang_together = threading.Event(), threading.Barrier(THREADS + 1)
        self.application = StalledRequests(self.answer, port=1, threads=THREADS, seconds=30, signs=Path())
        self.threads = ThreadPoolExecutor(THREADS + monitor_share.SPARE)

    def answer(self, environ, start_response):
        if environ.get(HELD_UP):
            return ["503"]
        if environ["PATH_INFO"] == "/hangs/":
            self.hang_together.wait(20)
            self.released.wait(20)
        return [environ["PATH_INFO"]]

    def ask(self, path, **environ):
        def work():
            response = self.application({"PATH_INFO": path, "REQUEST_METHOD": "GET", **environ}, lambda *_: None)
            pieces = list(response)
            if hasattr(response, "close"):
                response.close()
            return pieces[0]

        return self.threads.submit(work)

    def hang(self):
        hanging = [self.ask("/hangs/") for _ in range(THREADS)]
        self.hang_together.wait(20)
        return hanging


@pytest.fixture
def server():
    found = Server()
    yield found
    found.released.set()
    found.threads.shutdown()


class TestAProcessInWhichEverythingHangs:
    def test_answers_a_monitor_and_refuses_the_others_until_it_moves_again(self, server):
        hanging = server.hang()

        refused = [server.ask("/") for _ in range(20)]
        assert server.ask("/readyz").result(20) == "/readyz"
        assert [one.result(20) for one in refused] == ["503"] * 20

        server.released.set()
        assert [one.result(20) for one in hanging] == ["/hangs/"] * THREADS
        assert [server.ask("/").result(20) for _ in range(5)] == ["/"] * 5
        assert server.application.share.free == THREADS

    def test_keeps_a_request_waiting_while_it_is_merely_busy(self, server, monkeypatch):
        monkeypatch.setattr(monitor_share, "LOOKS", 1_000_000)
        server.hang()
        waiting = server.ask("/")
        while not server.application.share.waiting:
            time.sleep(0.01)

        server.released.set()

        assert waiting.result(20) == "/"

    @pytest.mark.parametrize("path", ["/", "/admin/", "/api/v1/events/"])
    def test_says_so_in_the_words_of_the_site(self, path):
        middleware = DeskShare(lambda request: HttpResponse("answered"))

        answer = middleware(RequestFactory().get(path, **{HELD_UP: True}))

        assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def connection(silent_for: float, *, is_open: bool = True) -> Connection:
    return Connection(("127.0.0.1", 50000, "127.0.0.1", 8000), 9, 0, is_open, silent_for)


class TestAConnection:
    @pytest.mark.skipif(not IS_KNOWN, reason="This system does not tell.")
    def test_is_known_with_when_its_client_last_spoke_and_whether_it_is_still_there(self):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            client = socket.create_connection(("127.0.0.1", port))
            accepted, _ = listening.accept()
            with accepted, client:
                client.sendall(b"GET / HTTP/1.1")
                assert accepted.recv(100)
                (before,) = connections(port)
                client.shutdown(socket.SHUT_RDWR)
                while (after := next(connections(port), None)) and after.is_open:
                    time.sleep(0.01)

        assert before.is_open
        assert (before.carried, before.silent_for < 60) == (14, True)
        assert after is None or not after.is_open


class TestARequestThatHasWaited:
    @pytest.fixture(autouse=True)
    def clocks_agree(self, monkeypatch):
        monkeypatch.setattr(ages, "_least", {int(time.time() // 60): 0.0})

    @pytest.mark.parametrize(
        ("waited", "held", "left"),
        [
            (5, [connection(5.2)], False),
            (5, [connection(0.1), connection(60)], True),
            (5, [connection(5.2, is_open=False)], True),
            (5, [], True),
            (0.2, [], False),  # too short to be worth a look
        ],
    )
    def test_has_lost_its_client_if_no_connection_is_as_old(self, waited, held, left):
        environ = {"HTTP_X_REQUEST_START": f"t={time.time() - waited:.3f}", "REQUEST_METHOD": "GET"}

        assert has_left(environ, 8000, lambda port: held) is left
        assert not has_left({**environ, "REQUEST_METHOD": "POST"}, 8000, lambda port: held)
        assert not has_left({**environ, "HTTP_X_REQUEST_START": "nonsense"}, 8000, lambda port: held)

    def test_is_not_told_by_a_proxy_whose_clock_is_behind(self):
        age = RequestAge(lambda: 1_900_000_000.0)

        assert [round(age.of(f"t={1_900_000_000 - seconds}"), 3) for seconds in (30.0, 30.1, 33.0)] == [0.0, 0.1, 3.0]

    def test_is_dropped_without_any_work_and_counted(self, server, monkeypatch):
        counted = []
        monkeypatch.setattr(stalled_requests, "count_dropped_request", lambda: counted.append(1))
        monkeypatch.setattr(stalled_requests, "has_left", lambda environ, port: True)

        assert b"Try again" in server.ask("/hangs/").result(20)
        assert counted == [1]
        assert server.application.share.free == THREADS
