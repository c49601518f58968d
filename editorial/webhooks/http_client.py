"""HTTP client for checked addresses: pinned to their IP addresses, bounded in time and size, without redirects."""

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from conflict.message import gettext as _
from editorial.webhooks.addresses import Target

CONNECTING = 5.0  # seconds for one number
ALTOGETHER = 15.0  # seconds for the whole exchange, however slowly it drips
MOST_NUMBERS = 3  # addresses tried, of a name with many
READ_AT_MOST = 4096  # bytes of an answer
PIECE = 65_536  # bytes read at once
KEPT = 200  # characters of it
USER_AGENT = "Conflict-Chronology-Webhooks/1"
UNPRINTABLE = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f]")


class NoAnswer(OSError):
    """No response, or not in HTTP; the message gives the cause."""

    def __str__(self) -> str:
        said: str = self.args[0]
        return said


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    retry_after: int | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def post(aim: Target, body: bytes, headers: dict[str, str], trust: ssl.SSLContext | None = None, altogether: float = ALTOGETHER) -> Answer:  # fmt: skip
    """Send the body. Raises NoAnswer. Redirects are not followed: their address has not been checked."""
    with _response(aim, "POST", body, {"User-Agent": USER_AGENT, **headers}, trust, altogether) as response:
        return Answer(response.status, _beginning(response), _seconds(response))


@dataclass(frozen=True, slots=True)
class Page:
    """Answer to a GET, up to a number of bytes."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes
    is_whole: bool


def get(aim: Target, headers: dict[str, str], most: int, trust: ssl.SSLContext | None = None, altogether: float = ALTOGETHER) -> Page:  # fmt: skip
    """Read at most so many bytes. Raises NoAnswer. Redirects are not followed: their address has not been checked."""
    with _response(aim, "GET", None, headers, trust, altogether) as response:
        content = bytearray()
        while len(content) <= most and (piece := response.read(PIECE)):
            content += piece
        return Page(response.status, response.headers, bytes(content[:most]), len(content) <= most)


@contextmanager
def _response(
    aim: Target,
    method: str,
    body: bytes | None,
    headers: dict[str, str],
    trust: ssl.SSLContext | None,
    altogether: float,
) -> Iterator[http.client.HTTPResponse]:
    """The response, open as long as the block lasts. Every fault of the exchange becomes NoAnswer."""
    with Deadline(altogether) as deadline:
        connection = Pinned(aim, deadline, trust)
        try:
            connection.request(method, aim.path, body, {"Connection": "close", **headers})
            yield connection.getresponse()
        except (OSError, http.client.HTTPException) as fault:
            if deadline.has_passed or isinstance(fault, TimeoutError):
                raise NoAnswer(_("No answer within %(seconds)s seconds.") % {"seconds": f"{altogether:g}"}) from fault
            if isinstance(fault, ssl.SSLError):
                raise NoAnswer(_("No secure connection: %(reason)s.") % {"reason": _reason(fault)}) from fault
            raise NoAnswer(_("The connection failed: %(reason)s.") % {"reason": _reason(fault)}) from fault
        finally:
            connection.close()


class Deadline:
    """Closes the connection at the deadline: socket time-outs restart with every byte."""

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self.line: socket.socket | None = None
        self.timer = threading.Timer(seconds, self._cut)
        self.timer.daemon = True

    def watch(self, line: socket.socket) -> None:
        self.line = line
        if self.has_passed:
            self._cut()

    def _cut(self) -> None:
        self.has_passed = True
        if self.line is not None:
            try:
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)
            except OSError:
                return  # gone already

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self.timer.cancel()


class Pinned(http.client.HTTPConnection):
    """Connects only to the IP addresses that were checked: the name is not resolved again."""

    def __init__(self, aim: Target, deadline: Deadline, trust: ssl.SSLContext | None = None) -> None:
        super().__init__(aim.host, aim.port, timeout=CONNECTING)
        self.default_port = 443 if aim.is_secure else 80  # which the Host header leaves out
        self.aim, self.deadline, self.trust = aim, deadline, trust

    def connect(self) -> None:
        failed: OSError | None = None
        for number in self.aim.numbers[:MOST_NUMBERS]:
            try:
                self.sock: Any = socket.create_connection((number, self.aim.port), CONNECTING)
                break
            except OSError as fault:
                failed = fault
        else:
            raise failed or OSError("no number to connect to")
        self.deadline.watch(self.sock)
        self.sock.settimeout(ALTOGETHER)
        if self.aim.is_secure:
            trust = self.trust or ssl.create_default_context()
            self.sock = trust.wrap_socket(self.sock, server_hostname=self.aim.host, do_handshake_on_connect=False)
            self.deadline.watch(self.sock)
            self.sock.do_handshake()


def printable(text: str) -> str:
    """Text in one line, without characters that break a terminal or a database."""
    return UNPRINTABLE.sub(" ", text).strip()


def _beginning(response: http.client.HTTPResponse) -> str:
    """Beginning of the response body, for people to read; the status alone decides the outcome."""
    try:
        start = response.read1(READ_AT_MOST)
    except (OSError, http.client.HTTPException):
        return ""
    return printable(start.decode(errors="replace"))[:KEPT]


def _reason(fault: BaseException) -> str:
    reason = getattr(fault, "reason", None) or getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    return printable(str(reason))[:KEPT]


def _seconds(response: http.client.HTTPResponse) -> int | None:
    """Retry-After, if it is a number of seconds."""
    header = response.headers.get("Retry-After", "").strip()
    return int(header) if re.fullmatch(r"[0-9]{1,6}", header) else None
