"""A chronology as documents: a folder of fixtures, a file for each kind, or the log that another site has published."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflict.documents import SHAPES, canonical_text, commitment
from conflict.documents.schema_upgrades import UnknownSchema, lifted
from conflict.record.models import Action
from editorial.import_export import translations
from editorial.import_export.documents import DocumentsRefused, Placed, read_json

FILES = {
    "actor": "actors.json",
    "location": "locations.json",
    "source": "sources.json",
    "period": "periods.json",
    "event": "events/*.json",
    "notice": "notices.json",
}


def documents_in(folder: Path) -> Iterator[Placed]:
    """Every document of the folder, with file and entry number, and its texts from `translations/LANGUAGE/`.

    Raises DocumentsRefused for a broken file, and for a translation of a missing entry.
    """
    texts = translations.texts_in(folder)
    for placed in _originals_in(folder):
        translations.add(texts, placed.kind, placed.document)
        yield placed
    translations.refuse_rest(texts)


def _originals_in(folder: Path) -> Iterator[Placed]:
    for kind, pattern in FILES.items():
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder)
            entries = read_json(path, name)
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise DocumentsRefused([f"{name}: expected a list of objects, one per {kind}. Nothing was loaded."])
            for number, document in enumerate(entries, start=1):
                yield Placed(f"{name}, entry {number}", kind, document)


def documents_of_log(path: Path) -> Iterator[Placed]:
    """Documents in force at the end of a log of publications in JSON Lines: `/api/v1/publications/?format=jsonl`.

    Raises DocumentsRefused for a line that is not a publication, and for a document other than the published one.
    """
    standing: dict[tuple[str, str], Placed] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{path.name}, line {number}"
            try:
                publication = json.loads(line)
                entry = publication["entry_kind"], publication["key"]
                standing.pop(entry, None)
                if publication["action"] == Action.PUBLISH:
                    standing[entry] = _published(where, publication)
            except UnknownSchema as newer:
                raise DocumentsRefused([f"{where}: {newer}"]) from newer
            except (ValueError, KeyError, TypeError) as error:
                raise DocumentsRefused(
                    [
                        f"{where}: no publication ({type(error).__name__}: {error}). Fetch the log anew; nothing was loaded."
                    ]
                ) from error
    yield from standing.values()


def _published(where: str, publication: Any) -> Placed:
    kind, text = publication["entry_kind"], canonical_text(publication["document"])
    if kind not in SHAPES:
        raise ValueError(f"there is no kind of entry “{kind}”")
    if commitment(publication.get("salt", ""), text) != publication["document_sha256"]:
        raise ValueError("the document is not the one whose hash was published")
    return Placed(where, kind, lifted(kind, text))
