"""Row counts of a list, in total and per kind: only on request, and at a bounded cost for lists of any size."""

from typing import Any

from django.db.models import Count, QuerySet

from conflict.api.resources import Resource
from conflict.public.pagination import COUNTED_UP_TO
from conflict.public.parameters import Flag, Parameter, Terms

TERMS = ("kind", "family", "measure", "rank", "aspect", "grade")
BOUND = f"Counting ends at {COUNTED_UP_TO:,}"


def facets_of(resource: Resource) -> list[str]:
    """Columns by which the resource's rows can be counted: its filters by term."""
    columns = {field.name for field in resource.model._meta.concrete_fields}
    return [name for name in TERMS if name in columns and name in resource.filters.base_filters]


def parameters(resource: Resource) -> dict[str, Parameter]:
    help_text = f"`true`: the answer says in `count` how many rows there are on all pages. {BOUND}: then `count_is_exact` is false."
    known: dict[str, Parameter] = {"count": Flag(help_text)}
    if names := facets_of(resource):
        known["facets"] = Terms(
            f"How many rows there are of each of these. {BOUND}: beyond that `facets` is null.", names
        )
    return known


def counted(rows: QuerySet[Any], *, is_counted: bool, facets: list[str]) -> dict[str, Any]:
    """Counts and facets for the response envelope; empty unless requested."""
    if not is_counted and not facets:
        return {}
    keys = rows.order_by().values("pk")[: COUNTED_UP_TO + 1]
    number = keys.count()
    is_exact = number <= COUNTED_UP_TO
    count: dict[str, Any] = {"count": min(number, COUNTED_UP_TO), "count_is_exact": is_exact} if is_counted else {}
    if facets:
        count["facets"] = {name: of_each(rows, name) for name in facets} if is_exact else None
    return count


def of_each(rows: QuerySet[Any], name: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(name).annotate(number=Count("pk")).order_by("-number", name))
