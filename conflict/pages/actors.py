"""Pages of actors: the list, and each actor's names and events."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse

from conflict.families import ActorFamily
from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.counts import Mentions, mentions_of_actors
from conflict.public.charts import affiliation_timeline
from conflict.public.charts.lineage import Lineage, lineage
from conflict.public.entry_pages import actor as actor_page
from conflict.public.filters import ActorFilters
from conflict.public.pagination import BY_NAME, POSITION, counted, page_of
from conflict.public.parameters import Parameter, Term
from conflict.public.query_strings import Parameters
from conflict.public.signposts import signposted
from conflict.record.models import PublishedActor
from conflict.vocabulary import ActorKind

PAGE_SIZE = 400


@page({"q": Parameter(), "family": Term("", ActorFamily), "kind": Term("", ActorKind), **POSITION})
def actors(request: HttpRequest, asked: Parameters) -> HttpResponse:
    words, family, kind = asked["q"], asked["family"], asked["kind"]
    wanted = {"search": words, "family": family and [family], "kind": kind and [kind]}
    found = ActorFilters.narrow(queries.actors(), wanted).found_first_if_few()
    listing = page_of(found, BY_NAME, asked, PAGE_SIZE)
    number, is_more = counted(found)
    context = {
        "words": words,
        "family": family,
        "kind": kind,
        "families": ActorFamily,
        "kinds": ActorKind,
        "page": listing,
        "by_family": by_family(listing.rows, mentions_of_actors()),
        "lineage": None if asked.given else _lineage(),
        "number": number,
        "is_more": is_more,
    }
    return render_page(request, "actors.html", context)


class Listed(NamedTuple):
    """An actor in the list, with its body and the number of events that name it."""

    row: PublishedActor
    body: queries.Body
    number: int


def by_family(
    rows: Iterable[PublishedActor], mentions: Mapping[str, Mentions]
) -> list[tuple[TextChoices, list[Listed]]]:
    """Actors by family, those named by most events first."""
    listed = [Listed(row, queries.body(row), mentions[row.key].number if row.key in mentions else 0) for row in rows]
    listed.sort(key=lambda one: -one.number)
    families = [
        (family, [one for one in listed if settings.CHRONOLOGY.family(one.row.family).key == family])
        for family in ActorFamily
    ]
    return [(family, of_family) for family, of_family in families if of_family]


def _lineage() -> Lineage | None:
    days = {key: (named.first, named.last) for key, named in mentions_of_actors().items() if named.first and named.last}
    return lineage(days, affiliation_timeline.FIRST.year, queries.last_year())


@page(POSITION)
def actor(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.get_entry("actor", key)
    return signposted(
        request, render_page(request, "actor.html", actor_page.context(request, asked, queries.body(row), row)), row
    )
