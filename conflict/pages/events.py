"""The page of one event: what, when, where, who, and every account of it beside its rivals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.documents.references import references
from conflict.pages import changes, citation, claim_groups, errors, event_context, jsonld, maps, queries
from conflict.pages.charts import country_outlines, figure_scale
from conflict.pages.event_context import EventContext
from conflict.pages.page_cache import month_of, names_under, shown_while
from conflict.pages.page_view import page, site_of
from conflict.pages.parameters import Parameters
from conflict.public.wording import headlines
from conflict.record.models import PublishedEvent


@page()
def event(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row: PublishedEvent = errors.found("event", key)
    body = queries.body(row)
    around = event_context.around(row, body, names_under(request))
    month = month_of(request) if any(part["notices"] for part in (body, *body["claims"])) else ""
    made_of = (row.body, row.label, row.version, row.changed_at, row.first_published_at, month, around)
    return shown_while(request, "event.html", made_of, lambda site: _told(site, request.path, body, row, around))


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedEvent) -> dict[str, Any]:
    """What the page shows. The row need not be in the record: the desk previews drafts by it."""
    return _told(site_of(request), request.path, body, row, event_context.around(row, body, names_under(request)))


def _told(site: str, path: str, body: queries.Body, row: PublishedEvent, around: EventContext) -> dict[str, Any]:
    groups = claim_groups.matters(body)
    return {
        "event": body,
        "row": row,
        "headline": headlines.headlines(body),
        "matters": drawn(groups),
        "accounts_compete": claim_groups.compete(groups),
        "graded": claim_groups.graded(body),
        "claim_keys": {claim["key"] for claim in body["claims"]},
        "locator": located(body),
        "versions": changes.history("event", row.key),
        "structured": jsonld.event(body, f"{site}{path}"),
        "citation_text": citation.reference(site, "event", row).plain(),
        "around": maps.around(*point(body)),
        **maps.tiles(),
        **around.told(body),
    }


@page()
def claim(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """A claim's own address leads to its place beside its rivals."""
    event_key = queries.claims().filter(key=key).values_list("event_id", flat=True).first()
    if event_key is None:
        raise errors.Unknown("claim", key)
    return redirect(f"{reverse('event', args=[event_key])}#{key}")


def drawn(matters: list[claim_groups.ClaimGroup]) -> list[dict[str, Any]]:
    return [{"matter": matter, "scale": figure_scale.scale(matter)} for matter in matters]


def cited(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Every source that the event, its claims or its participants cite, numbered ones by number."""
    keys = {reference.key for reference in references(body) if reference.kind == "source"}
    return queries.bodies(queries.sources().filter(key__in=keys).by_number())


def located(body: dict[str, Any]) -> country_outlines.Locator | None:
    place = body["location"]
    return country_outlines.locator(place["name"], *point(body)) if place else None


def point(body: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """Latitude, longitude and how exactly they are known."""
    at = body["coordinates"] or {"latitude": None, "longitude": None, "precision": ""}
    return at["latitude"], at["longitude"], at["precision"]
