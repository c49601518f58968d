"""Vocabulary terms for readers."""

from functools import lru_cache

from django.db.models import TextChoices

from conflict import families, vocabulary
from conflict.wording.messages import label_in, language


def term(value: str, terms: str) -> str:
    """Label of a term: `term("battle", "EventKind")`; any other text is returned unchanged."""
    return _label(value, terms, language())


@lru_cache(maxsize=10_000)  # the vocabulary has some hundreds of words, but other texts may be passed as well
def _label(value: str, terms: str, spoken: str | None) -> str:
    known: type[TextChoices] = getattr(vocabulary, terms, None) or getattr(families, terms)
    return label_in(spoken, known(value).label) if value in known._value2member_map_ else value


def capital(text: str) -> str:
    """Capitalize the first letter only."""
    text = str(text)
    return text[:1].upper() + text[1:]
