"""Formats that hold a whole list in one response, streamed row by row in constant memory."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from rest_framework.renderers import BaseRenderer

from conflict.documents.tables.columns import Columns

BLOCK = 64 * 1024


def in_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join the pieces into larger blocks: each block sent costs a system call and a frame on the wire."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    if waiting:
        yield b"".join(waiting)


class BulkRenderer(BaseRenderer):
    """Format for whole lists.

    `is_flat`: its rows have columns, and field selection is not supported. `is_stable`: the same list always has the
    same bytes, so that ranges of it fit together.
    """

    extension: ClassVar[str]
    is_flat: ClassVar[bool] = True
    is_stable: ClassVar[bool] = True
    charset = None

    @classmethod
    def content_type(cls) -> str:
        """Media type as sent, with a charset for text, which clients would otherwise have to guess."""
        is_text = cls.media_type.startswith("text/") or cls.media_type == "application/x-ndjson"
        return f"{cls.media_type}; charset=utf-8" if is_text else cls.media_type

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        """The file, piece by piece. `texts` are bodies; `site` is the base of their URLs."""
        raise NotImplementedError

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        raise NotImplementedError("A bulk format is streamed, not rendered.")
