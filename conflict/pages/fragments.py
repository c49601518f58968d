"""What was rendered before is not rendered again while all that it is made of stands, whatever else was published.

A fragment is a function of what its template is given, of the language and of the software, so it is kept under a digest
of these. A publication makes only what it changed new; and the public cannot be given what the desk previewed, because
it asks under the digest of what is public.

Each process keeps its own. Fetching a fragment from Redis and checking its seal would cost what rendering it does.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import msgspec
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 32 * 1024 * 1024  # bytes of memory, in each process
NAME = 16  # bytes
PLACE = 300  # bytes that the name and its place in the dictionary take, besides the text


class Fragments:
    """The fragments asked for last, as many as there is room for."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.held = 0
        self.texts: OrderedDict[bytes, SafeString] = OrderedDict()
        self.lock = threading.Lock()

    def of(self, made_of: tuple[Any, ...], render: Callable[[], str]) -> SafeString:
        """The fragment made of this; rendered, where it is new."""
        name = blake2b(msgspec.msgpack.encode(made_of), digest_size=NAME).digest()
        with self.lock:
            if (text := self.texts.get(name)) is not None:
                self.texts.move_to_end(name)
                return text
        text = mark_safe(render())  # noqa: S308  # a template's text
        with self.lock:
            if name not in self.texts:
                self.texts[name] = text
                self.held += _size(text)
            while self.held > self.most:
                self.held -= _size(self.texts.popitem(last=False)[1])
        return text

    def clear(self) -> None:
        with self.lock:
            self.texts.clear()
            self.held = 0


def _size(text: str) -> int:
    return sys.getsizeof(text) + PLACE


kept = Fragments()


def rendered(template: str, made_of: tuple[Any, ...], context: Callable[[], dict[str, Any]]) -> SafeString:
    """The template with this context, in the language of the reader; `made_of` is all that the context depends on."""
    if settings.DEBUG:
        return render_to_string(template, context())  # templates are being written
    return kept.of((template, get_language(), *made_of), lambda: render_to_string(template, context()))
