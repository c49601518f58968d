"""Cache of rendered fragments, each reused for as long as its own input is unchanged, whatever else is published.

A fragment depends only on its template's input, what is read while it is rendered, and the language. A digest of the
input is its key, and the reads are repeated after a publication, which so invalidates only what it changed. A draft
previewed at the desk can never reach the public, because public pages look fragments up by the digest of public data.

Each process has its own cache: fetching a fragment from Redis and checking its signature would cost as much as
rendering it. Measured as “page of an event, time over the API’s”.
"""

import sys
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from conflict.public.cache.reads import Reads, note, recording
from conflict.public.cache.sized_cache import SizedCache

MOST = 8 * 1024 * 1024  # bytes of memory per process
NAME = 16  # bytes
PLACE = 300  # bytes of overhead per entry: name and dictionary slot


class Fragment(NamedTuple):
    """Rendered text, with a digest of its input and the queries made for it."""

    name: bytes
    text: SafeString
    reads: Reads

    @property
    def size(self) -> int:
        return sys.getsizeof(self.text) + PLACE


class Fragments(SizedCache[bytes, Fragment]):
    def of(
        self, made_of: tuple[Any, ...], render: Callable[[], SafeString], *, place: tuple[Any, ...] = ()
    ) -> SafeString:
        """Return the fragment for this input, rendering it if necessary. A `place` holds only its latest fragment."""
        name = _digest(made_of)
        where = _digest(place) if place else name
        found = self.used(where)
        if found and found.name == name and found.reads.hold():
            note(*found.reads.all)
            return found.text
        with recording() as reads:
            text = render()
        note(*reads.all)
        self.put(where, Fragment(name, text, reads))
        return text


def _digest(what: tuple[Any, ...]) -> bytes:
    return blake2b(
        msgspec.msgpack.encode(what, enc_hook=str), digest_size=NAME
    ).digest()  # handles Translation, a subclass of str


store = Fragments(MOST)


def rendered(
    template: str, made_of: tuple[Any, ...], context: Callable[[], dict[str, Any]], *, place: tuple[Any, ...] = ()
) -> SafeString:
    """Render and cache the template in the reader's language; `made_of` is everything that the context depends on.

    Fragments of the current record name their `place`, because nobody will ask for their previous version again.
    """
    if settings.DEBUG:
        return render_to_string(template, context())  # templates are being edited
    around = (template, get_language())
    return store.of(
        (*around, *made_of),
        lambda: mark_safe(render_to_string(template, context())),  # noqa: S308  # a template's text
        place=(*around, *place) if place else (),
    )
