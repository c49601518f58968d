"""Text by which an entry is found."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from conflict import text as texts
from conflict.documents.references import Reference
from conflict.documents.translations import with_texts
from conflict.record.models.stemmers import stemmer
from conflict.record.projection import rows

Document = dict[str, Any]
# Parts and fields by which no entry is found, in whatever language
UNSEARCHED = frozenset(
    ("spelling", "affiliation", "participation", "coordinate_origin", "reliability_reason", "rank_reason")
)


def search_text(
    kind: str, document: Document, row: rows.Row, named: Iterable[Reference], names: Mapping[Reference, str]
) -> str:
    """The entry's own words, followed by the names of everything that it refers to, and translations: as JSON, by the
    stemmer of their language.
    """
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
        party["name"]
        for claim in document.get("claims", ())
        for party in claim["claimant"]
        if party["kind"] == "described"
    ]
    if kind == "event":
        own += [names.get(reference, "") for reference in named]
    found = defaultdict(list, {stemmer(settings.CHRONOLOGY.original_language): own})
    for of, owner in with_texts(kind, document):
        for language, fields in owner.get("translations", {}).items() if of not in UNSEARCHED else ():
            found[stemmer(language)] += [text["text"] for name, text in fields.items() if name not in UNSEARCHED]
    return json.dumps(
        {name: texts.searched("\n".join(filter(None, words))) for name, words in found.items()}, ensure_ascii=False
    )
