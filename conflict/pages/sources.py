"""Pages of sources: what the chronology is based on, and citations not yet resolved."""

from typing import Any

from django.db.models import F, IntegerField, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.counts import by_key, kept_counts, once_for_each_head, unresolved_sources
from conflict.public.entry_pages import source as source_page
from conflict.public.filters import SourceFilters
from conflict.public.pagination import POSITION, Order, counted, page_of
from conflict.public.parameters import Parameter, Term
from conflict.public.query_strings import Parameters
from conflict.public.signposts import signposted
from conflict.record.models.source import NUMBERLESS

PAGE_SIZE = 150
MOST = 12
BY_NUMBER = Order("place", int)


@page({"q": Parameter(), "state": Term("", ["resolved", "unresolved"]), **POSITION})
def sources(request: HttpRequest, asked: Parameters) -> HttpResponse:
    words, state = asked["q"], asked["state"]
    found = queries.sources().annotate(place=Coalesce(F("number"), Value(NUMBERLESS), output_field=IntegerField()))
    wanted = {"search": words, "resolved": state and state == "resolved"}
    found = SourceFilters.narrow(found, wanted).found_first_if_few()
    listing = page_of(found, BY_NUMBER, asked, PAGE_SIZE)
    number, is_more = counted(found)
    uses = _uses([row.key for row in listing.rows])
    return render_page(
        request,
        "sources.html",
        {
            "words": words,
            "state": state,
            "page": listing,
            "entries": [(row, queries.body(row), uses.get(row.key, 0)) for row in listing.rows],
            "number": number,
            "is_more": is_more,
            "unresolved": unresolved_sources(),
            "most_cited": most_cited() if not asked.given else [],
            "publishers": publishers() if not asked.given else [],
        },
    )


def most_cited() -> list[tuple[Any, str, int]]:
    """Most cited sources, with their language and how often; those cited only once or twice are left out."""
    uses = _most_used()
    rows = {row.key: row for row in queries.sources().filter(key__in=uses)}
    return [(rows[key], queries.body(rows[key])["language"], number) for key, number in uses.items() if key in rows]


@once_for_each_head
def _most_used() -> dict[str, int]:
    return dict(
        kept_counts("cited").filter(number__gt=2).order_by("-number", "key").values_list("key", "number")[:MOST]
    )


@once_for_each_head
def publishers() -> list[tuple[str, str, str, int]]:
    """(key, name, names in other languages, number of sources) of each publisher, the largest number first."""
    numbers = by_key("publisher")
    known = queries.actors().filter(key__in=numbers).values_list("key", "label", "labels")
    return sorted(((*named, numbers[named[0]]) for named in known), key=lambda one: (-one[3], one[1]))[:MOST]


@page()
def source(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.get_entry("source", key)
    return signposted(
        request, render_page(request, "source.html", source_page.context(request, asked, queries.body(row), row)), row
    )


def _uses(keys: list[str]) -> dict[str, int]:
    return dict(kept_counts("cited").filter(key__in=keys).values_list("key", "number"))
