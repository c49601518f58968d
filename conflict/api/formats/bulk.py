"""Formats that carry a whole list in one answer: streamed row by row, in constant memory."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from rest_framework.renderers import BaseRenderer

from conflict.api.formats.columns import Columns


class Bulk(BaseRenderer):
    """A format of whole lists. `is_flat`: its rows have columns; it takes no selection of fields."""

    extension: ClassVar[str]
    is_flat: ClassVar[bool] = True
    charset = None

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        """The file, piece by piece. `texts` are bodies; `site` is where their addresses start."""
        raise NotImplementedError

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        raise NotImplementedError("A bulk format is streamed, not rendered.")
