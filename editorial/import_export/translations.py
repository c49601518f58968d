"""Translations of a chronology, in files separate from the originals, so that a change to one can be read alone.

`translations/fr/events/2012.json` has an object for each event by its key: its fields, each with the text and the digest
of the original that it was made from, and below `claims` and `findings` the same by their keys.
`translations/fr/phrases.json` has short texts by the words that they translate, wherever these are a whole text: parties
described in words, roles, notes, and where coordinates come from.
"""

from pathlib import Path
from typing import Any

from conflict.documents.translations import PARTS, with_texts
from conflict.translations import TRANSLATED, digest
from editorial.import_export.documents import DocumentsRefused, read_json

FOLDER = "translations"
KINDS = {
    "actors.json": "actor",
    "locations.json": "location",
    "periods.json": "period",
    "events": "event",
    "notices.json": "notice",
    "phrases.json": "phrase",
}
Texts = dict[tuple[str, str], dict[str, Any]]  # by kind and key, or the original of a phrase; then by language


def texts_in(folder: Path) -> Texts:
    """All translations of the folder. Raises DocumentsRefused for a malformed file."""
    found: Texts = {}
    for path in sorted((folder / FOLDER).glob("*/**/*.json")):
        name = path.relative_to(folder)
        language, of = name.parts[1], name.parts[2]
        entries = read_json(path, name)
        if of not in KINDS or not isinstance(entries, dict):
            raise DocumentsRefused([f"{name}: expected an object of texts by key, in {', '.join(KINDS)}."])
        for key, texts in entries.items():
            by_language = found.setdefault((KINDS[of], key), {})
            if language in by_language:
                raise DocumentsRefused([f"{name}: {key} is translated twice into {language}."])
            by_language[language] = texts
    return found


def add(translations: Texts, kind: str, document: dict[str, Any]) -> None:
    """Add the translations to the document and its parts, in place, and remove them from `translations`."""
    for language, texts in translations.pop((kind, str(document.get("key"))), {}).items():
        own = {field: text for field, text in texts.items() if field not in PARTS}
        _set(document, language, own)
        for name, part in PARTS.items():
            parts = {child["key"]: child for child in document.get(name, ())}
            for key, fields in texts.get(name, {}).items():
                if key not in parts:
                    raise DocumentsRefused([f"The {language} of {document['key']}: it has no {part} “{key}”."])
                _set(parts[key], language, fields)
    for of, owner in with_texts(kind, document):
        for field in TRANSLATED[of]:
            for language, phrase in translations.get(("phrase", owner.get(field, "")), {}).items():
                texts = owner.setdefault("translations", {}).setdefault(language, {})
                texts.setdefault(field, {"text": phrase, "of": digest(owner[field])})


def _set(owner: dict[str, Any], language: str, fields: dict[str, Any]) -> None:
    if fields:
        owner.setdefault("translations", {})[language] = fields


def refuse_rest(unused: Texts) -> None:
    """Raise DocumentsRefused for translations of missing entries."""
    if unused := {entry: texts for entry, texts in unused.items() if entry[0] != "phrase"}:
        raise DocumentsRefused(
            [
                f"There is no {kind} “{key}” to be translated into {', '.join(texts)}."
                for (kind, key), texts in unused.items()
            ]
        )
