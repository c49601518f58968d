"""Measurements: ratios from one run, side by side, with their spread."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from tests.benchmarks.client import Load, load, question

CONNECTIONS = 4


@dataclass
class Figure:
    """One line of the report. `target` is a bound of `median`; where there is none, it is told for information."""

    group: str
    name: str
    median: float
    low: float
    high: float
    repeats: int
    unit: str = "×"
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def is_met(self) -> bool | None:
        if self.at_least is not None:
            return self.median >= self.at_least
        if self.at_most is not None:
            return self.median <= self.at_most
        return None

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "is_met": self.is_met}


@dataclass
class Contender:
    """Somebody to ask: the questions it is asked, one after the other, on a server."""

    name: str
    port: int
    questions: Iterator[bytes]
    connections: int = CONNECTIONS


def same(path: str, port: int, headers: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """The same question over and over."""
    asked = question(path, port, headers)
    while True:
        yield asked


def never_asked_before(path: str, port: int) -> Iterator[bytes]:
    """The same question, each time of somebody who accepts what nobody else does: nothing that was kept answers it."""
    for number in count(1):
        yield unlike_any(question(path, port), number)


def unlike_any(asked: bytes, number: int) -> bytes:
    """The question as nobody asked it before; `number` has to be new. The server's answer is the same."""
    return asked.replace(b"Accept: */*", f"Accept: */*, text/{number}".encode())


def interleaved(contenders: Sequence[Contender], *, rounds: int, seconds: float) -> dict[str, list[Load]]:
    """Everybody in turn, round after round, each round beginning with another one; the first round warms up."""
    results: dict[str, list[Load]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        turn = number % len(contenders)
        for contender in (*contenders[turn:], *contenders[:turn]):
            done = load(
                contender.port,
                contender.questions,
                connections=contender.connections,
                seconds=seconds if number else min(seconds, 1.0),
            )
            if done.faults or not done.answers:
                raise RuntimeError(f"{contender.name} did not answer: {done.statuses}, {done.faults} faults")
            if number:
                results[contender.name].append(done)
    return results


def ratio(
    group: str,
    name: str,
    results: Mapping[str, Sequence[Load]],
    ours: str,
    peer: str,
    of: Callable[[Load], float] = lambda done: done.rate,
    **rest: Any,
) -> Figure:
    """Ours over the peer's, round by round."""
    pairs = [(of(mine), of(other)) for mine, other in zip(results[ours], results[peer], strict=True)]
    raw = {ours: statistics.median(pair[0] for pair in pairs), peer: statistics.median(pair[1] for pair in pairs)}
    return spread(group, name, [mine / other for mine, other in pairs], raw=raw, **rest)


def spread(group: str, name: str, values: Sequence[float], **rest: Any) -> Figure:
    """Median with quartiles (with the extremes, where there are fewer than four)."""
    if len(values) < 4:
        low, high = min(values), max(values)
    else:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return Figure(group, name, statistics.median(values), low, high, len(values), **rest)


def once(group: str, name: str, value: float, **rest: Any) -> Figure:
    return Figure(group, name, value, value, value, 1, **rest)
