"""Terms of the vocabulary as a reader is told them."""

from functools import lru_cache

from django.db.models import TextChoices

from conflict import vocabulary
from conflict.public.wording.translation import language


def term(value: str, terms: str) -> str:
    """The label of a term: `term("battle", "EventKind")`; what is none, as it is."""
    return _label(value, terms, language())


@lru_cache(maxsize=10_000)  # of the vocabulary's own words there are some hundreds; a text that is none may be any
def _label(value: str, terms: str, _language: str | None) -> str:
    known: type[TextChoices] = getattr(vocabulary, terms)
    return str(known(value).label) if value in known._value2member_map_ else value


def capital(text: str) -> str:
    """With its first letter large, the others as they are."""
    text = str(text)
    return text[:1].upper() + text[1:]
