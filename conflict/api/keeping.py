"""Answers that this process has made under the present head, kept in memory as the bytes that went out.

What is kept goes by its validator, which the head is part of: a publication makes all of it useless at once, and what is
useless is pushed out by what is asked for. Nothing that depends on who asks is ever kept.
"""

import threading
from collections import OrderedDict
from typing import NamedTuple

from django.http import HttpResponse, HttpResponseBase

LARGEST = 2 * 1024 * 1024  # bytes of one answer
MOST = 32 * 1024 * 1024  # bytes of all, in each process


class Answer(NamedTuple):
    """The body, and the headers that are the answer's own."""

    body: bytes
    headers: dict[str, str]

    def response(self) -> HttpResponse:
        return HttpResponse(self.body, headers=self.headers)


class Kept:
    """The answers asked for last, as many as there is room for."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.held = 0
        self.answers: OrderedDict[str, Answer] = OrderedDict()
        self.lock = threading.Lock()

    def find(self, validator: str) -> Answer | None:
        with self.lock:
            if answer := self.answers.get(validator):
                self.answers.move_to_end(validator)
            return answer

    def keep(self, validator: str, response: HttpResponseBase) -> None:
        """Keep a whole answer; one that is streamed or very large is made anew each time."""
        if not isinstance(response, HttpResponse) or len(response.content) > LARGEST:
            return
        own = {name: response[name] for name in ("Content-Type", "Link") if name in response}
        with self.lock:
            if validator in self.answers:
                return
            self.answers[validator] = Answer(response.content, own)
            self.held += len(response.content)
            while self.held > self.most:
                _, oldest = self.answers.popitem(last=False)
                self.held -= len(oldest.body)

    def clear(self) -> None:
        with self.lock:
            self.answers.clear()
            self.held = 0


kept = Kept()
