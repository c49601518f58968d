"""Clients that send or read slowly, without a proxy in front, and a worker process that stands still."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import psutil
import pytest

from tests import processes, sites
from tests.clusters import wait_for
from tests.documents import event, published

SLOW_BODIES, STALLED_READERS = 16, 24


@pytest.fixture
def opened() -> Iterator[Callable[[int, str], socket.socket]]:
    """`opened(port, request)`: a connection on which the request has been sent, and nothing was read."""
    with ExitStack() as clients:

        def connect(port: int, request: str) -> socket.socket:
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port), timeout=0.2))
            first, _, rest = request.partition("\r\n")
            head = f"{first}\r\nHost: {sites.HOST}\r\nX-Forwarded-Proto: https\r\n{rest}"
            client.sendall(head.encode())
            return client

        yield connect


def is_cut_off(client: socket.socket) -> bool:
    """True once the server has closed the connection; whatever it sent before is read."""
    with suppress(TimeoutError):
        try:
            while client.recv(1 << 20):
                pass
        except ConnectionError:
            pass
        return True
    return False


@pytest.mark.django_db(transaction=True)
class TestASiteWithoutAProxy:
    def test_answers_readers_whoever_is_slow_and_replaces_a_worker_that_stands_still(self, opened):
        published([event(f"long-{number}", summary="Invented. " * 10_000) for number in range(150)])
        body = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nlogin=a"

        with sites.served("--seconds-stalled", "4", threads=4, **processes.database_urls()) as site:
            wait_for(lambda: site.get("/healthz").status == 200)
            slow = [opened(site.port, f"POST /account/sign-in/ HTTP/1.1\r\n{body}") for _ in range(SLOW_BODIES)]
            for _ in range(STALLED_READERS):
                opened(site.port, "GET /api/v1/events/?format=jsonl HTTP/1.1\r\n\r\n")

            assert [site.get("/method/").status for _ in range(8)] == [200] * 8

            wait_for(lambda: all(map(is_cut_off, slow)), seconds=60)
            wait_for(lambda: site.get("/api/v1/events/?format=jsonl").status == 200, seconds=60)  # the places are free

            # None of its connections is as old as what the proxy says of this request: whoever sent it has left.
            def asked(seconds_ago: float) -> int:
                return site.get("/method/", X_Request_Start=f"t={time.time() - seconds_ago:.3f}").status

            wait_for(lambda: (asked(0), asked(30)) == (200, 503))

            workers = {child.pid for child in psutil.Process(site.process.pid).children()}
            frozen = min(workers)
            os.kill(frozen, signal.SIGSTOP)
            wait_for(lambda: not psutil.pid_exists(frozen), seconds=90)
            wait_for(lambda: len(psutil.Process(site.process.pid).children()) == len(workers), seconds=60)
            wait_for(lambda: [site.get("/method/").status for _ in range(8)] == [200] * 8, seconds=60)

            # Looking at the connections once a second leaves none open.
            worker = psutil.Process(max(workers - {frozen}))
            assert worker.num_fds() < 200
