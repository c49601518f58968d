"""JSON Lines: one body per line."""

from collections.abc import Iterable, Iterator

from conflict.api.formats.bulk_renderer import BulkRenderer
from conflict.documents.tables.columns import Columns


class JsonLines(BulkRenderer):
    media_type = "application/x-ndjson"
    format = extension = "jsonl"
    is_flat = False

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        for text in texts:
            yield text + b"\n"
