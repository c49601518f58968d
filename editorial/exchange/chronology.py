"""The fixtures of a chronology: a folder of JSON files, each a list of documents of one kind."""

import json
from collections.abc import Iterator
from pathlib import Path

from editorial.exchange.documents import DocumentsRefused, Placed

FILES = {
    "actor": "actors.json",
    "location": "locations.json",
    "source": "sources.json",
    "period": "periods.json",
    "event": "events/*.json",
    "notice": "notices.json",
}


def documents_in(folder: Path) -> Iterator[Placed]:
    """Every document of the folder, with file and entry number. Raises DocumentsRefused for a broken file."""
    for kind, pattern in FILES.items():
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder)
            try:
                entries = json.loads(path.read_text(encoding="utf-8"))
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise DocumentsRefused(
                    [f"{name}: not readable as JSON: {error}. Correct the file; nothing was loaded."]
                ) from error
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise DocumentsRefused([f"{name}: expected a list of objects, one per {kind}. Nothing was loaded."])
            for number, document in enumerate(entries, start=1):
                yield Placed(f"{name}, entry {number}", kind, document)
