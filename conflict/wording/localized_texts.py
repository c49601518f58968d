"""Texts of entries in the reader's language, as far as translated; every text knows its language.

Where a translation is missing, the original is shown; one of an earlier text is shown and called so (`is_older`). Whether
a translation is current is decided by `conflict/translations.py`.
"""

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_noop

from conflict.wording.messages import gettext as _
from conflict.wording.messages import language

# Those that Django does not know.
RTL_LANGUAGES = frozenset({"bal", "brh", "dv", "lrc", "nqo", "ps", "rhg", "sd", "syr", "yi"})
RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})
OLDER = gettext_noop("translation of an earlier text")


class Translation(str):
    """Text in another language than the original. `is_older`: the original has changed since."""

    language: str
    is_older: bool

    def __new__(cls, text: str, language: str, *, is_older: bool = False) -> "Translation":
        made = super().__new__(cls, text)
        made.language, made.is_older = language, is_older
        return made


def localized(value: Any, into: str | None = None) -> Any:
    """The body, or a part of it, with texts and names replaced by their translations into the reader's language."""
    into = into or language() or settings.ORIGINAL_LANGUAGE
    if into != settings.ORIGINAL_LANGUAGE:
        _localize(value, into)
    return value


def _localize(value: Any, into: str) -> None:
    if type(value) is list:
        for item in value:
            _localize(item, into)
    elif type(value) is dict:
        for below in value.values():
            if below and type(below) in (dict, list):
                _localize(below, into)
        for field, translated in (value.get("translations") or {}).get(into, {}).items():
            if value.get(field):
                value[field] = Translation(translated["text"], into, is_older=not translated.get("is_current", True))
        if name := (value.get("name_in") or {}).get(into):
            value["name"] = Translation(name, into)


def chosen(label: str, labels: str | None) -> str:
    """Label in the reader's language. `labels` are its translations, as stored in the record."""
    into = language()
    if not labels or labels == "{}" or into == settings.ORIGINAL_LANGUAGE:
        return label
    found = json.loads(labels).get(into)
    return Translation(found, into or "") if found else label


def label_of(row: Any) -> str:
    """Name of a published entry in the reader's language."""
    label, labels = (row["label"], row["labels"]) if isinstance(row, dict) else (row.label, row.labels)
    return chosen(label, labels)


def in_page_language(text: str) -> str:
    """Words of our own, such as a date or a figure, tagged with the reader's language."""
    return (
        text
        if not text or isinstance(text, Translation)
        else Translation(text, language() or settings.ORIGINAL_LANGUAGE)
    )


def alike(text: str, parts: Sequence[str]) -> str:
    """Text composed of these, tagged with their language if they all share a translation's."""
    if Translation not in map(type, parts):
        return text
    tags = {getattr(part, "language", settings.ORIGINAL_LANGUAGE) for part in parts}
    return Translation(text, *tags) if len(tags) == 1 and tags != {settings.ORIGINAL_LANGUAGE} else text


def lang(text: str) -> SafeString | str:
    """HTML attributes of an element with this text: its language, if different from the page's, and whether it is
    outdated.
    """
    marks = _marks(getattr(text, "language", None) or settings.ORIGINAL_LANGUAGE, language())
    if getattr(text, "is_older", False):
        marks = format_html('{} data-older="{}"', marks, _(OLDER))
    return marks


@cache
def _marks(own: str, around: str | None) -> SafeString | str:
    return "" if own == around else in_language(own)


@lru_cache(maxsize=1_000)  # sources are in whatever language an editor names
def in_language(tag: str) -> SafeString:
    """HTML attributes of an element in this language."""
    return format_html(' lang="{}" dir="rtl"' if is_rtl(tag) else ' lang="{}"', tag)


def is_rtl(tag: str) -> bool:
    """Return True if the language is written from right to left: by the script that its tag names, or as it usually is."""
    first, *rest = tag.casefold().split("-")
    if script := next((part for part in rest if len(part) == len("arab")), ""):
        return script in RTL_SCRIPTS
    try:
        return bool(get_language_info(first)["bidi"])
    except KeyError:
        return first in RTL_LANGUAGES


def in_other_languages(body: dict[str, Any], names: str) -> list[dict[str, Any]]:
    """Texts of these fields in languages other than the page's: `language` and `texts`."""
    fields = names.split(",")
    shown = getattr(body[fields[0]], "language", settings.ORIGINAL_LANGUAGE)
    return [
        {"language": tag, "texts": [translated[field]["text"] for field in fields if field in translated]}
        for tag, translated in sorted((body.get("translations") or {}).items())
        if tag != shown
    ]
