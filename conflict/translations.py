"""Translatable fields of an entry, and the digest that ties a translation to its original.

Translations are part of the document, so review, hash, log, history, restore and release treat them like the rest of
it. django-parler and django-modeltranslation were considered and rejected: both keep rows or columns that do not record
the text they were made from, so neither can tell that a translation is older than its original; and with them, every
language or field would need a migration, and triggers, on the tables of the desk.

Readers see an original where it has no translation, and are told of one that is older: `conflict/wording/localized_texts.py`.
"""

import hashlib
import unicodedata
from collections.abc import Mapping

TRANSLATED: dict[str, tuple[str, ...]] = {
    "actor": ("name", "description", "reliability_reason"),
    "location": ("name", "description", "coordinate_origin"),
    "source": ("note",),
    "period": ("title", "introduction"),
    "event": ("title", "summary"),
    "claim": ("statement", "unit", "rank_reason"),
    "finding": ("reason",),
    "notice": ("reason", "resolution"),
    "party": ("name",),  # described in words
    "spelling": ("note",),  # further names of actors and locations
    "affiliation": ("role", "note"),
    "participation": ("note",),
}
LABELS = {"actor": "name", "location": "name", "period": "title", "event": "title", "claim": "statement"}
DIGEST = 16  # hexadecimal digits; enough to detect a change, not meant for security


def digest(text: str) -> str:
    """First digits of the SHA-256 of a text, as stored in documents."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:DIGEST]


def is_current(translation: Mapping[str, str], original: str) -> bool:
    """True if the text that was translated is the one that stands; in SQL: `editorial.analysis.translations`."""
    return translation["of"] == digest(original)
