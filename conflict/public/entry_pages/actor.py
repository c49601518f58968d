"""Page of an actor: names, affiliations, events, and the figures it gave or that others gave about it."""

from typing import Any

from django.http import HttpRequest

from conflict.public import citation, jsonld, queries
from conflict.public.charts import affiliation_timeline, timeline
from conflict.public.event_cards import card, to_list
from conflict.public.page_frame import site_of
from conflict.public.pagination import BY_DATE, counted, page_of
from conflict.public.query_strings import Parameters
from conflict.public.toll import toll
from conflict.record.models import PublishedActor, PublishedClaimParty
from conflict.vocabulary import PartyRole
from conflict.wording.articles import unqualified, with_article
from conflict.wording.localized_texts import label_of

EVENTS_SHOWN = 40
LOSSES_SHOWN = 60


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedActor) -> dict[str, Any]:
    """Template context of the page. The row need not be in the record: the desk also previews drafts."""
    others, until = affiliated(row.key), queries.last_year()
    found = queries.events().involving(row.key)
    events = page_of(to_list(found), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(queries.naming(row.key))
    return {
        "actor": body,
        "country": queries.country(body["country"]),
        "structured": jsonld.actor(body, f"{site_of(request)}{request.path}"),
        **citation.context(site_of(request), "actor", row, body),
        "row": row,
        "affiliated": others,
        "ties": affiliation_timeline.affiliation_timeline(body["affiliations"], others, until),
        "strip": timeline.strip(queries.naming(row.key), until),
        "whose": with_article(unqualified(body["name"])),
        "toll": toll(found, {"actor": row.key}),
        "page": events,
        "events": [card(event) for event in events.rows],
        "number": number,
        "is_more": is_more,
        "losses": losses(row.key),
    }


def affiliated(key: str) -> list[dict[str, Any]]:
    """Affiliations of other actors to this one, taken from their bodies; its own body has those to others."""
    rows = queries.actors().filter(key__in=queries.standing_to(key)).by_name()
    return [
        {**tie, "actor": {"kind": "actor", "key": row.key, "name": label_of(row)}, "family": row.family}
        for row in rows
        for tie in queries.body(row)["affiliations"]
        if tie["actor"]["key"] == key
    ]


def losses(key: str) -> dict[str, list[dict[str, Any]]]:
    """Figures that it gave about others, beside those given about it; they are never added up."""
    return {"by": _figures(key, PartyRole.CLAIMANT), "about": _figures(key, PartyRole.SUBJECT)}


def _figures(key: str, role: PartyRole) -> list[dict[str, Any]]:
    parties = queries.rows(PublishedClaimParty).filter(party=key, actor=key, role=role, claim__kind="figure")
    in_order = parties.select_related("claim").order_by("sorts_on", "claim")
    return [queries.body(party.claim) for party in in_order[:LOSSES_SHOWN]]
