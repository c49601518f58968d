"""Sentences that remember their msgid and values: stored like that, they are told again in each reader's language.

A drop-in for Django's gettext: `_("%(count)s rows") % {"count": 3}` is text in the language of the moment.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

STORED = ('{"text": ', '{"joined": ')  # beginnings of what `stored` writes; anything else is plain text


class Message(str):
    """Text in the language of the moment, and `parts`: the msgid and values that it was made of."""

    parts: dict[str, Any]

    def __new__(cls, text: str, parts: dict[str, Any]) -> "Message":
        message = super().__new__(cls, text)
        message.parts = parts
        return message

    def __mod__(self, values: Mapping[str, Any]) -> "Message":
        kept = {name: _kept(value) for name, value in values.items()}
        return Message(str.__mod__(self, values), {**self.parts, "values": kept})

    def __reduce__(self) -> Any:
        return Message, (str(self), self.parts)


def gettext(text: str) -> Message:
    return Message(translation.gettext(text), {"text": text})


def ngettext(one: str, many: str, number: int) -> Message:
    return Message(translation.ngettext(one, many, number), {"text": one, "many": many, "number": number})


def gettext_noop(text: str) -> str:
    """Mark a text that is translated where it is used."""
    return text


def pgettext(context: str, text: str) -> Message:
    return Message(translation.pgettext(context, text), {"text": text, "context": context})


def joined(said: Iterable[Any], between: str = " ") -> Message:
    """Several messages as one."""
    return _translated({"joined": [_kept(one) for one in said], "between": between})  # type: ignore[no-any-return]


def of_lazy(text: Any) -> Message:
    """A lazy text, such as the label of a choice, as a message."""
    return _translated(_kept(text))  # type: ignore[no-any-return]


class Refusal(ValueError):
    """An error with a message for people. Its str() is that message, in the language of the moment."""

    def __str__(self) -> str:
        said = self.args[0] if self.args else ""
        return read(stored(said)) if isinstance(said, str) else str(said)


def stored(text: str) -> str:
    """The message as JSON, plain text as it is; what somebody typed is never read as a message, whatever it looks like."""
    if not isinstance(text, Message):
        if not text.startswith(STORED):
            return text
        text = Message(text, {"text": "%(typed)s", "values": {"typed": text}})
    return json.dumps(text.parts, ensure_ascii=False)


def read(text: str) -> str:
    """A stored text, in the language of the moment; plain text is returned as it is."""
    if not text.startswith(STORED):
        return text
    try:
        found: str = _translated(json.loads(text))
    except (ValueError, LookupError, TypeError, AttributeError):
        return text
    return found


def _kept(value: Any) -> Any:
    """The value as JSON. A lazy text is kept as its msgid, which is what it says in English."""
    match value:
        case Message():
            return value.parts
        case Promise():
            with translation.override("en"):
                return {"text": str(value)}
        case str() | int() | float() | None:
            return value
    return str(value)


def _translated(kept: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    if "joined" in kept:
        return Message(kept["between"].join(str(_translated(one)) for one in kept["joined"]), kept)
    text, many, context = kept["text"], kept.get("many"), kept.get("context")
    message = ngettext(text, many, kept["number"]) if many else pgettext(context, text) if context else gettext(text)
    values = kept.get("values")
    return Message(
        str.__mod__(message, {name: _translated(value) for name, value in values.items()}) if values else message, kept
    )
