"""Pages of actors: the list, and each actor's names and events."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.families import ActorFamily
from conflict.pages import errors
from conflict.pages.page_view import page, shown
from conflict.public import queries
from conflict.public.cache.pages import ground_of, shown_while
from conflict.public.entry_pages import actor as actor_page
from conflict.public.filters import ActorFilters
from conflict.public.pagination import BY_NAME, POSITION, counted, page_of
from conflict.public.parameters import Parameter, Term
from conflict.public.query_strings import Parameters
from conflict.vocabulary import ActorKind

PAGE_SIZE = 200


@page({"q": Parameter(), "family": Term("", ActorFamily), "kind": Term("", ActorKind), **POSITION})
def actors(request: HttpRequest, asked: Parameters) -> HttpResponse:
    words, family, kind = asked["q"], asked["family"], asked["kind"]

    def context(_site: str) -> dict[str, Any]:
        wanted = {"search": words, "family": family and [family], "kind": kind and [kind]}
        found = ActorFilters.narrow(queries.actors(), wanted).found_first_if_few()
        listing = page_of(found, BY_NAME, asked, PAGE_SIZE)
        number, is_more = counted(found)
        return {
            "words": words,
            "family": family,
            "kind": kind,
            "families": ActorFamily,
            "kinds": ActorKind,
            "page": listing,
            "entries": [(row, queries.body(row)) for row in listing.rows],
            "number": number,
            "is_more": is_more,
        }

    return shown_while(request, "actors.html", (ground_of(request),), context)


@page(POSITION)
def actor(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.found("actor", key)
    return shown(request, "actor.html", actor_page.context(request, asked, queries.body(row), row))
