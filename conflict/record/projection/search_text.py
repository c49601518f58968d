"""Text by which an entry is found."""

from collections.abc import Iterable, Mapping
from typing import Any

from conflict import text as texts
from conflict.documents.references import Reference
from conflict.documents.translations import with_texts
from conflict.record.projection import rows

Document = dict[str, Any]


def search_text(
    kind: str, document: Document, row: rows.Row, named: Iterable[Reference], names: Mapping[Reference, str]
) -> str:
    """The entry's own words, followed by the names of everything that it refers to."""
    own = [
        row["names"],
        row["key"],
        *(
            document.get(field) or ""
            for field in ("summary", "description", "introduction", "reason", "note", "authors")
        ),
    ]
    own += [claim["statement"] for claim in document.get("claims", ())]
    own += [
        told["text"]
        for _, owner in with_texts(kind, document)
        for fields in owner.get("translations", {}).values()
        for told in fields.values()
    ]
    own += [
        party["name"]
        for claim in document.get("claims", ())
        for party in claim["claimant"]
        if party["kind"] == "described"
    ]
    if kind == "event":
        own += [names.get(reference, "") for reference in named]
    return texts.searched("\n".join(filter(None, own)))
