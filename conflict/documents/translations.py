"""Shape of translations in documents, and their status in bodies."""

import json
from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from conflict.translations import LABELS, TRANSLATED, is_current

PARTS = {"claims": "claim", "findings": "finding"}  # parts of an event with texts of their own
NOTED = {  # by kind of entry: parts that have translations only if their note or role is translated
    "actor": {"names": "spelling", "affiliations": "affiliation"},
    "location": {"names": "spelling"},
    "event": {"participants": "participation"},
}
IF_TRANSLATED = frozenset(("source", "party", "spelling", "affiliation", "participation"))  # the field may be missing
ROLES = ("claimant", "relayed_by", "subject", "holder")  # parties in these


class TranslatedText(serializers.Serializer[Any]):
    """One field in another language."""

    text = serializers.CharField()
    of = serializers.CharField(help_text="First 16 hexadecimal digits of the SHA-256 of the text that it translates.")
    is_current = serializers.BooleanField(
        read_only=True, required=False, help_text="In bodies: whether that text is the one that stands."
    )


class TranslationsField(serializers.DictField):
    """Translations by language (BCP 47), then by field of the same object."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            child=serializers.DictField(child=TranslatedText()),
            help_text="Texts of this object in other languages: by language, by field.",
            **options,
        )

    def to_representation(self, value: Any) -> Any:
        return self.read(value)

    @staticmethod
    def read(value: Any) -> Any:
        """Read the translations; in a plain row, the column is still the text sent by PostgreSQL."""
        return json.loads(value) if isinstance(value, str) else value


def with_texts(kind: str, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document and those parts that have translatable texts, each with its kind."""
    if kind in TRANSLATED:
        yield kind, document
    for name, part in NOTED.get(kind, {}).items():
        yield from ((part, found) for found in document.get(name, ()))
    if kind == "event":
        for name, part in PARTS.items():
            for found in document.get(name, ()):
                yield part, found
                for role in ROLES:
                    yield from (("party", party) for party in found.get(role, ()) if party["kind"] == "described")


def mark_current(kind: str, document: dict[str, Any]) -> None:
    """Mark each translation, in place, as current if its original is unchanged."""
    for _, owner in with_texts(kind, document):
        if owner.get("translations"):
            owner["translations"] = {
                language: {
                    field: {**text, "is_current": is_current(text, owner.get(field) or "")}
                    for field, text in fields.items()
                }
                for language, fields in owner["translations"].items()
            }


def labels(kind: str, owner: dict[str, Any]) -> dict[str, str]:
    """Up-to-date translations of the label of an entry or claim, by language."""
    field = LABELS.get(kind)
    if field is None or not owner.get("translations"):
        return {}
    return {
        language: fields[field]["text"]
        for language, fields in owner["translations"].items()
        if field in fields and is_current(fields[field], owner[field])
    }
