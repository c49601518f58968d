"""Page of a source: the events and actors that cite it."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest

from conflict.public import jsonld, queries
from conflict.public.page_frame import site_of
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedReference, PublishedSource

CITING_SHOWN = 200


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedSource) -> dict[str, Any]:
    """Template context of the page. The row need not be in the record: the desk also previews drafts."""
    citing = queries.rows(PublishedReference).filter(source=row.key)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for reference in citing.order_by("from_kind", "from_key", "pk")[:CITING_SHOWN]:
        by_kind[reference.from_kind].append(reference.from_key)
    events = queries.events().filter(key__in=by_kind["event"]).chronological()
    return {
        "source": body,
        "structured": jsonld.source(body, f"{site_of(request)}{request.path}"),
        "row": row,
        "outlet": outlet(body),
        "events": [_use(event, row.key) for event in events],
        "actors": queries.actors().filter(key__in=by_kind["actor"]).by_name(),
    }


def outlet(body: queries.Body) -> queries.Body | None:
    """Body of the publisher, which says how far the outlet can be relied on."""
    row = queries.actors().filter(key=body["publisher"]["key"]).first() if body["publisher"] else None
    return queries.body(row) if row else None


def _use(event: Any, source: str) -> dict[str, Any]:
    """The event, with those of its claims that cite the source."""
    body = queries.body(event)
    claims = [
        claim for claim in body["claims"] if any(cited["source"]["key"] == source for cited in claim["citations"])
    ]
    return {"event": body, "claims": claims}
