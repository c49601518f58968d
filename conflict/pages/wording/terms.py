"""Terms of the vocabulary as a reader is told them."""

from django.db.models import TextChoices

from conflict import vocabulary


def term(value: str, terms: str) -> str:
    """The label of a term: `term("battle", "EventKind")`; what is none, as it is."""
    known: type[TextChoices] = getattr(vocabulary, terms)
    return str(known(value).label) if value in known._value2member_map_ else value


def capital(text: str) -> str:
    """With its first letter large, the others as they are."""
    text = str(text)
    return text[:1].upper() + text[1:]
