"""Row counts of a list, in total and per kind: only on request, and at a bounded cost for lists of any size."""

from typing import Any

from django.db.models import Count, QuerySet

from conflict.api.resources import Resource
from conflict.public import pagination
from conflict.public.parameters import Flag, Parameter, Terms

TERMS = ("kind", "family", "measure", "rank", "aspect", "grade")
BOUND = f"Counting ends at {pagination.COUNTED_UP_TO:,}"


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
    number, has_more = pagination.counted(rows)
    count: dict[str, Any] = {"count": number, "count_is_exact": not has_more} if is_counted else {}
    if facets:
        count["facets"] = None if has_more else {name: of_each(rows, name) for name in facets}
    return count


def of_each(rows: QuerySet[Any], name: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(name).annotate(number=Count("pk")).order_by("-number", name))
