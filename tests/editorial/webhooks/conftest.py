"""A partner with a webhook, and local servers that receive well, badly, slowly or not at all."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from editorial.models import Partner
from editorial.webhooks import management

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Received:
    path: str
    headers: Any
    body: bytes


@dataclass
class Receiver:
    """What came, and what is answered: a status, or a function that is given the handler."""

    url: str = ""
    answer: int | Callable[[BaseHTTPRequestHandler], None] = 204
    received: list[Received] = field(default_factory=list)


@pytest.fixture
def receiver():
    """A server of a partner's; set `answer` to make it behave otherwise."""
    said = Receiver()
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said.received.append(Received(self.path, self.headers, body))
            if callable(said.answer):
                said.answer(self)
            else:
                self.send_response(said.answer)
                self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.ended = ended  # type: ignore[attr-defined]
    said.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=zzsecret"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield said
    ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever: no time-out of one read is ever reached."""
    try:
        while not handler.server.ended.wait(0.02):  # type: ignore[attr-defined]
            handler.wfile.write(b"H")
            handler.wfile.flush()
    except OSError:
        return


def flood(handler: BaseHTTPRequestHandler) -> None:
    """A body without end."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.ended.is_set():  # type: ignore[attr-defined]
            handler.wfile.write(b"x" * 65536)
    except OSError:
        return


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def keep_silent(handler: BaseHTTPRequestHandler) -> None:
    handler.server.ended.wait(30)  # type: ignore[attr-defined]


def redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/elsewhere")
    handler.end_headers()


def say(text: str, status: int = 500, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def said(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    return said


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def steady(monkeypatch):
    """Pauses without their jitter."""
    monkeypatch.setattr("editorial.webhooks.sender.random.uniform", lambda low, high: (low + high) / 2)


@pytest.fixture
def partner(db):
    return Partner.objects.create(organisation="Observatory of the Sahel", created_at=NOON)


@pytest.fixture
def made(partner, administrator, receiver):
    """A webhook to the receiver, with its secret."""
    return management.create(partner=partner, by=administrator, at=NOON, url=receiver.url)


@pytest.fixture
def webhook(made):
    return made.webhook


def until(true: Callable[[], Any], seconds: float = 30) -> None:
    """Wait for what another process does."""
    give_up_at = time.monotonic() + seconds
    while not true() and time.monotonic() < give_up_at:
        time.sleep(0.05)
