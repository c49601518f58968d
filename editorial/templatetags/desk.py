"""Template tags for claims at the desk."""

from collections.abc import Mapping
from typing import Any

from django import template

from conflict.public.wording import figures
from conflict.vocabulary import ClaimRelationKind

register = template.Library()


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """Look up a key that is only known when the page is rendered."""
    return table.get(key, "")


register.filter("figure", figures.counted)


@register.filter
def plain(verb: str) -> str:
    """The name of a verb as a person writes it: “return for revision”."""
    return verb.replace("_", " ")


@register.filter
def words(kind: str) -> str:
    return str(ClaimRelationKind(kind).label)
