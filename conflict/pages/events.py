"""The page of one event: what, when, where, who, and every account of it beside its rivals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.documents.references import references
from conflict.pages import accounts, changes, citing, errors, maps, neighbours, reading, structured
from conflict.pages.charts import figures_on_a_scale, outlines
from conflict.pages.page import page, shown
from conflict.pages.parameters import Parameters
from conflict.record.models import PublishedEvent


@page()
def event(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row: PublishedEvent = errors.found("event", key)
    return shown(request, "event.html", context(request, asked, reading.body(row), row))


def context(request: HttpRequest, asked: Parameters, body: reading.Body, row: PublishedEvent) -> dict[str, Any]:
    """What the page shows. The row need not be in the record: the desk previews drafts by it."""
    nearby = neighbours.in_place(row, body)
    return {
        "event": body,
        "row": row,
        "headline": accounts.headline(body),
        "matters": drawn(accounts.matters(body)),
        "graded": accounts.graded(body),
        "claim_keys": {claim["key"] for claim in body["claims"]},
        "sources": cited(body),
        "families": families(body),
        "locator": located(body),
        "periods": path(body["period"]),
        "versions": changes.history("event", row.key),
        "structured": structured.event(body, request.build_absolute_uri()),
        "citation_text": citing.reference(request, "event", row).plain(),
        "nearby": nearby,
        "moving": neighbours.map_of(body, nearby),
        "around": maps.around(*point(body)),
        **maps.tiles(),
        **neighbours.in_time(row),
    }


@page()
def claim(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """A claim's own address leads to its place beside its rivals."""
    event_key = reading.claims().filter(key=key).values_list("event_id", flat=True).first()
    if event_key is None:
        raise errors.Unknown("claim", key)
    return redirect(f"{reverse('event', args=[event_key])}#{key}")


def drawn(matters: list[accounts.Matter]) -> list[dict[str, Any]]:
    return [{"matter": matter, "scale": figures_on_a_scale.scale(matter)} for matter in matters]


def cited(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Every source that the event, its claims or its participants cite, numbered ones by number."""
    keys = {reference.key for reference in references(body) if reference.kind == "source"}
    return reading.bodies(reading.sources().filter(key__in=keys).by_number())


def located(body: dict[str, Any]) -> outlines.Locator | None:
    place = body["location"]
    return outlines.locator(place["name"], *point(body)) if place else None


def point(body: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """Latitude, longitude and how exactly they are known."""
    at = body["coordinates"] or {"latitude": None, "longitude": None, "precision": ""}
    return at["latitude"], at["longitude"], at["precision"]


def families(body: dict[str, Any]) -> dict[str, str]:
    """By actor: the family whose hue it has."""
    keys = {reference.key for reference in references(body) if reference.kind == "actor"}
    return dict(reading.actors().filter(key__in=keys).values_list("key", "family"))


def path(period: dict[str, str] | None) -> list[tuple[str, str]]:
    """The period and those it is nested in, the widest first."""
    if not period:
        return []
    row = reading.periods().filter(key=period["key"]).first()
    if row is None or len(row.path) < 2:
        return [(period["key"], period["name"])]
    return named(row.path)


def named(periods: list[str]) -> list[tuple[str, str]]:
    """Keys of periods with what they are called."""
    labels = dict(reading.periods().filter(key__in=periods).values_list("key", "label"))
    return [(key, labels.get(key, key)) for key in periods]
