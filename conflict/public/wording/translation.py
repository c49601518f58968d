"""Messages in the reader's language, looked up once for each language: a page says the same few hundreds of times."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.utils import translation

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str | None:
    """The reader's language. Django finds it anew each time, which took longer than the words of a line."""
    return _spoken.get() or translation.get_language()


@contextmanager
def one_language() -> Iterator[None]:
    """Within, nobody changes the language, so it is found once."""
    token = _spoken.set(translation.get_language())
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    return _gettext(message, language())


def pgettext(context: str, message: str) -> str:
    return _pgettext(context, message, language())


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message for so many; up to a hundred, which hold nearly all that is counted on a page, looked up once."""
    if 0 <= number <= 100:
        return _ngettext(singular, plural, number, language())
    return translation.ngettext(singular, plural, number)


@cache
def _gettext(message: str, _language: str | None) -> str:
    return translation.gettext(message)


@cache
def _pgettext(context: str, message: str, _language: str | None) -> str:
    return translation.pgettext(context, message)


@cache
def _ngettext(singular: str, plural: str, number: int, _language: str | None) -> str:
    return translation.ngettext(singular, plural, number)
