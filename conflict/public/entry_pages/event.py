"""Page of an event: what, when, where, who, and all rival accounts side by side."""

from typing import Any

from django.http import HttpRequest

from conflict.documents.references import cited_sources, references
from conflict.independence import Houses, independence
from conflict.public import citation, claim_groups, event_context, jsonld, map_markers, queries, versions
from conflict.public.charts import base_map, figure_scale
from conflict.public.page_frame import site_of
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedEvent
from conflict.wording import evidence, headlines


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedEvent) -> dict[str, Any]:
    """Template context of the page. The row need not be in the record: the desk also previews drafts."""
    groups = claim_groups.matters(body)
    context = event_context.page_context(event_context.around(row, body), body)
    site = site_of(request)
    return {
        "event": body,
        "row": row,
        "headline": headlines.headlines(body),
        "matters": drawn(groups, context["houses"]),
        "accounts_compete": claim_groups.compete(groups),
        "graded": claim_groups.graded(body),
        "facts": claim_groups.facts(body),
        "claim_keys": {claim["key"]: claim for claim in body["claims"]},
        "locator": located(body),
        "versions": versions.history_of(row),
        "structured": jsonld.event(body, f"{site}{request.path}"),
        **citation.context(site, "event", row, body),
        "around": map_markers.around(*point(body)),
        **map_markers.tiles(),
        **context,
    }


def drawn(matters: list[claim_groups.ClaimGroup], houses: Houses) -> list[dict[str, Any]]:
    return [
        {
            "matter": matter,
            "scale": figure_scale.scale(matter),
            "origins": evidence.origins(independence(matter.claims, houses)),
        }
        for matter in matters
    ]


def cited(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Sources cited by the event, its claims or its participants; numbered ones by number."""
    return queries.bodies(queries.sources().filter(key__in=cited_sources(references(body))).by_number())


def located(body: dict[str, Any]) -> base_map.Locator | None:
    place = body["location"]
    return base_map.locator(place["name"], *point(body), place["key"]) if place else None


def point(body: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """Latitude, longitude and precision."""
    at = body["coordinates"] or {"latitude": None, "longitude": None, "precision": ""}
    return at["latitude"], at["longitude"], at["precision"]
