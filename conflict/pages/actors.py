"""Actors: who is named in the chronology, under which names, and in what."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors, queries
from conflict.pages.cards import card, to_list
from conflict.pages.charts import affiliation_timeline, timeline
from conflict.pages.page_cache import ground_of, shown_while
from conflict.pages.page_view import page, shown
from conflict.pages.pagination import AFTER, BEFORE, BY_DATE, BY_NAME, counted, page_of
from conflict.pages.parameters import Parameters
from conflict.public.wording.texts import named
from conflict.record.models import PublishedActor, PublishedClaimParty
from conflict.vocabulary import ActorFamily, ActorKind, PartyRole

PAGE_SIZE = 200
EVENTS_SHOWN = 40
LOSSES_SHOWN = 60


@page("q", "family", "kind", AFTER, BEFORE)
def actors(request: HttpRequest, asked: Parameters) -> HttpResponse:
    words, family, kind = asked.text("q"), asked.choice("family", ActorFamily), asked.choice("kind", ActorKind)
    asked.refuse_faults()

    def context(_site: str) -> dict[str, Any]:
        found = queries.actors()
        if words:
            found = found.matching(words)
        if family:
            found = found.filter(family=family)
        if kind:
            found = found.filter(kind=kind)
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


@page(AFTER, BEFORE)
def actor(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.found("actor", key)
    return shown(request, "actor.html", context(request, asked, queries.body(row), row))


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedActor) -> dict[str, Any]:
    """What the page shows. The row need not be in the record: the desk previews drafts by it."""
    others, until = affiliated(row.key), queries.last_year()
    found = queries.events().involving(row.key)
    events = page_of(to_list(found), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(queries.naming(row.key))
    return {
        "actor": body,
        "row": row,
        "affiliated": others,
        "ties": affiliation_timeline.affiliation_timeline(body["affiliations"], others, until),
        "strip": timeline.strip(queries.naming(row.key), until),
        "page": events,
        "events": [card(event) for event in events.rows],
        "number": number,
        "is_more": is_more,
        "losses": losses(row.key),
    }


def affiliated(key: str) -> list[dict[str, Any]]:
    """How others stand to this actor, as their own bodies have it; its own body says how it stands to them."""
    rows = queries.actors().filter(key__in=queries.standing_to(key)).by_name()
    return [
        {**tie, "actor": {"kind": "actor", "key": row.key, "name": named(row)}, "family": row.family}
        for row in rows
        for tie in queries.body(row)["affiliations"]
        if tie["actor"]["key"] == key
    ]


def losses(key: str) -> dict[str, list[dict[str, Any]]]:
    """Figures it claimed about others, and figures that others, or it, gave about it; side by side, never added up."""
    return {"by": _figures(key, PartyRole.CLAIMANT), "about": _figures(key, PartyRole.SUBJECT)}


def _figures(key: str, role: PartyRole) -> list[dict[str, Any]]:
    parties = queries.rows(PublishedClaimParty).filter(party=key, actor=key, role=role, claim__kind="figure")
    in_order = parties.select_related("claim").order_by("sorts_on", "claim")
    return [queries.body(party.claim) for party in in_order[:LOSSES_SHOWN]]
