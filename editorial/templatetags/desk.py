"""Template tags for claims at the desk."""

from collections.abc import Mapping
from typing import Any

from django import template

from conflict.vocabulary import ClaimRelationKind, Qualifier

register = template.Library()


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """The table's entry under a key that is only known when the page is made."""
    return table.get(key, "")


@register.filter
def figure(claim: Mapping[str, Any]) -> str:
    """The figure as given: “exactly 46”, “at least 12”, “dozens”; empty where none was."""
    words = str(Qualifier(claim["qualifier"]).label) if claim["qualifier"] else ""
    numbers = sorted({number for number in (claim["low"], claim["high"]) if number is not None})
    return " ".join(filter(None, (words, "–".join(f"{number:,}" for number in numbers), claim["unit"])))


@register.filter
def plain(verb: str) -> str:
    """The name of a verb as a person writes it: “return for revision”."""
    return verb.replace("_", " ")


@register.filter
def words(kind: str) -> str:
    return str(ClaimRelationKind(kind).label)
