"""Translations of an entry's texts, stored on the row of the original. `conflict.translations` says which are current."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from conflict.message import gettext as _
from conflict.text import prose
from conflict.translations import DIGEST, TRANSLATED, digest


class TranslationsField(models.JSONField):
    """Translations by language and field: the text, and the digest of the original that it was made from.

    They are stored next to the original, not in a table of their own, so that they are locked, tracked and restored
    with their entry.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "default": dict,
                "db_default": models.Value({}, models.JSONField()),
                "blank": True,
                "editable": False,
                **options,
            }
        )
        self.empty_values = [None]  # an empty list is not a valid value for translations

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        del options["editable"]
        return name, path, args, options

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        for fault in faults(kind_of(type(model_instance)), value):
            raise ValidationError(fault, code="translations")


def kind_of(model: type[Any]) -> str:
    """Kind under which a model's texts are translated."""
    return str(getattr(model, "translated_as", None) or getattr(model, "entry_kind", None) or model.__name__.lower())


def faults(kind: str, value: Any) -> list[str]:
    """Errors in the translations of an entry or a part, one sentence each."""
    if not isinstance(value, dict):
        return [_("Translations are given by language, then by field.")]
    found: list[str] = []
    for language, fields in value.items():
        if language not in settings.ENTRY_LANGUAGES:
            offered = ", ".join(settings.ENTRY_LANGUAGES) or _("none")
            found.append(
                _("“%(language)s” is no language that texts are translated into; these are: %(offered)s.")
                % {"language": language, "offered": offered}
            )
            continue
        for field, text in fields.items() if isinstance(fields, dict) else [("", None)]:
            if field not in TRANSLATED[kind]:
                found.append(
                    _("“%(field)s” of a %(kind)s is not translated; these are: %(fields)s.")
                    % {"field": field, "kind": kind, "fields": ", ".join(TRANSLATED[kind])}
                )
            elif not _is_whole(text):
                found.append(
                    _("The %(language)s of “%(field)s” needs its text and `of`, the digest of its original.")
                    % {"language": language, "field": field}
                )
    return found


def _is_whole(translation: Any) -> bool:
    return (
        isinstance(translation, dict)
        and translation.keys() == {"text", "of"}
        and isinstance(translation["text"], str)
        and bool(translation["text"].strip())
        and isinstance(translation["of"], str)
        and len(translation["of"]) == DIGEST
    )


def translated(row: Any, language: str, texts: dict[str, str], *, renewed: bool = False) -> dict[str, Any]:
    """The row's translations, with these texts in one language, based on the current original.

    An empty text removes a translation. An unchanged one keeps its digest unless it is `renewed`, which means that
    somebody has checked it against the current original.
    """
    before = row.translations.get(language, {})
    fields = dict(before)
    for field, text in ((field, prose(text)) for field, text in texts.items()):
        if not text:
            fields.pop(field, None)
        elif renewed or before.get(field, {}).get("text") != text:
            fields[field] = {"text": text, "of": digest(getattr(row, field))}
    others = {name: other for name, other in row.translations.items() if name != language}
    return others | ({language: fields} if fields else {})
