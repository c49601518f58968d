"""Messages in the reader's language, cached per language: a page uses the same few hundred again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.utils import translation

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str | None:
    """Reader's language. Django looks it up on every call, which took longer than the words of a line."""
    return _spoken.get() or translation.get_language()


@contextmanager
def one_language(code: str | None = None) -> Iterator[None]:
    """Context manager in which the language is this one, or else the reader's, and looked up once."""
    token = _spoken.set(code or translation.get_language())
    try:
        yield
    finally:
        _spoken.reset(token)


def label_in(spoken: str | None, label: object) -> str:
    """Text of a lazy translation in this language, which need not be the one that Django speaks just now."""
    with translation.override(spoken):
        return str(label)


def gettext(message: str) -> str:
    return _gettext(message, language())


def pgettext(context: str, message: str) -> str:
    return _pgettext(context, message, language())


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translated message for this number; cached up to a hundred, which covers nearly all counts on a page."""
    if 0 <= number <= 100:
        return _ngettext(singular, plural, number, language())
    with translation.override(language()):
        return translation.ngettext(singular, plural, number)


@cache
def _gettext(message: str, spoken: str | None) -> str:
    with translation.override(spoken):
        return translation.gettext(message)


@cache
def _pgettext(context: str, message: str, spoken: str | None) -> str:
    with translation.override(spoken):
        return translation.pgettext(context, message)


@cache
def _ngettext(singular: str, plural: str, number: int, spoken: str | None) -> str:
    with translation.override(spoken):
        return translation.ngettext(singular, plural, number)
