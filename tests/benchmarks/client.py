"""Load generator: many persistent connections, one process, plain sockets, so that it is not the bottleneck."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

BLOCK = 256 * 1024
Ask = Callable[[], bytes]


@dataclass
class Load:
    """What came of a stretch of questions. `seconds` are waits for single answers, in the order of arrival."""

    lasted: float = 0.0
    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    faults: int = 0
    bytes: int = 0

    @property
    def answers(self) -> int:
        return len(self.seconds)

    @property
    def rate(self) -> float:
        return self.answers / self.lasted if self.lasted else 0.0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    first_byte: float
    lasted: float


class Conversation:
    """One connection: asks, reads the whole answer, asks again. Reconnects where the server closes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection: socket.socket | None = None
        self.received = bytearray()
        self.needed = -1  # bytes of the answer, -1 while its head is not read, -2 while its end is a mark
        self.asked_at = 0.0

    def ask(self, question: bytes) -> None:
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received.clear()
        self.needed = -1
        self.asked_at = time.perf_counter()
        self.connection.sendall(question)

    def read(self) -> bool:
        """Read what is there; True when the answer is whole. Raises ConnectionError where it breaks off."""
        if self.connection is None:
            raise ConnectionError("There is no connection to read from.")
        piece = self.connection.recv(BLOCK)
        if not piece:
            raise ConnectionError("The server closed the connection before its answer was whole.")
        self.received += piece
        if self.needed == -1 and (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.received[:end]).lower()
            if b"\r\ntransfer-encoding: chunked" in head:
                self.needed = -2
            elif (at := head.find(b"\r\ncontent-length:")) >= 0:
                self.needed = end + 4 + int(head[at + 17 :].split(b"\r\n", 1)[0])
            else:
                self.needed = end + 4
        if self.needed == -2:
            return self.received.endswith(b"0\r\n\r\n")
        return 0 <= self.needed <= len(self.received)

    @property
    def status(self) -> int:
        return int(self.received[9:12])

    @property
    def closes(self) -> bool:
        return b"connection: close" in bytes(self.received[:2000]).lower()

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def question(path: str, port: int, headers: Mapping[str, str] | None = None) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: */*", "User-Agent: benchmarks"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def load(port: int, questions: Iterator[bytes], *, connections: int, seconds: float, pause: float = 0.0) -> Load:
    """Ask for so many seconds, each connection the next question as soon as it has its answer (and has paused)."""
    done, watch = Load(), selectors.DefaultSelector()
    conversations = [Conversation(port) for _ in range(connections)]
    begun = time.perf_counter()
    end = begun + seconds
    waiting: list[tuple[float, Conversation]] = [
        (begun + pause * n / connections, c) for n, c in enumerate(conversations)
    ]
    open_questions = 0
    while True:
        now = time.perf_counter()
        due = [conversation for at, conversation in waiting if at <= now]
        waiting = [(at, conversation) for at, conversation in waiting if at > now]
        for conversation in due:
            if now >= end:
                continue
            was_new = conversation.connection is None
            try:
                conversation.ask(next(questions))
            except OSError:
                _broken(conversation, watch, done)
                waiting.append((now + 0.05, conversation))
                continue
            if was_new and conversation.connection is not None:
                watch.register(conversation.connection, selectors.EVENT_READ, conversation)
            open_questions += 1
        if not open_questions and (now >= end or not waiting):
            break
        patience = min((at - now for at, _ in waiting), default=1.0)
        for key, _ in watch.select(max(0.0, min(patience, 1.0))):
            conversation = key.data
            try:
                if not conversation.read():
                    continue
            except OSError:
                _broken(conversation, watch, done)
            else:
                _note(conversation, done)
                if conversation.closes:
                    watch.unregister(key.fileobj)
                    conversation.hang_up()
            open_questions -= 1
            waiting.append((time.perf_counter() + pause, conversation))
        if now > end + 60:
            done.faults += open_questions
            break
    done.lasted = time.perf_counter() - begun
    for conversation in conversations:
        conversation.hang_up()
    watch.close()
    return done


def _note(conversation: Conversation, done: Load) -> None:
    done.seconds.append(time.perf_counter() - conversation.asked_at)
    status = conversation.status
    done.statuses[status] = done.statuses.get(status, 0) + 1
    done.bytes += len(conversation.received)
    if status >= 400:
        done.faults += 1


def _broken(conversation: Conversation, watch: selectors.BaseSelector, done: Load) -> None:
    done.faults += 1
    if conversation.connection is not None and conversation.connection in {
        key.fileobj for key in watch.get_map().values()
    }:
        watch.unregister(conversation.connection)
    conversation.hang_up()


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None, *, keep: bool = True) -> Answer:
    """One answer, read to its end; its body is thrown away where `keep` is off."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as connection:
        begun = time.perf_counter()
        connection.sendall(question(path, port, {"Connection": "close", **(headers or {})}))
        received, first, tail, size = bytearray(), 0.0, b"", 0
        head_ends = -1
        while piece := connection.recv(BLOCK):
            first = first or time.perf_counter() - begun
            size += len(piece)
            if keep or head_ends < 0:
                received += piece
                head_ends = received.find(b"\r\n\r\n") if head_ends < 0 else head_ends
            tail = piece[-5:]
            if _is_whole(received, head_ends, size, tail):
                break
        lasted = time.perf_counter() - begun
    head = bytes(received[:head_ends]).decode("latin-1").split("\r\n")
    headers_got = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    lower = {name.lower(): value for name, value in headers_got.items()}
    body = bytes(received[head_ends + 4 :]) if keep else str(size).encode()
    return Answer(int(head[0].split()[1]), lower, body, first, lasted)


def _is_whole(received: bytearray, head_ends: int, size: int, tail: bytes) -> bool:
    if head_ends < 0:
        return False
    head = bytes(received[:head_ends]).lower()
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        return size >= head_ends + 4 + int(head[at + 17 :].split(b"\r\n", 1)[0])
    return b"chunked" in head and tail.endswith(b"0\r\n\r\n")
