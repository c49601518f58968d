"""Neighbours of an event: what comes before and after it in the chronology, and what happened around its place."""

from typing import Any

from conflict.documents.references import references
from conflict.pages import maps, reading
from conflict.pages.charts import outlines
from conflict.pages.paging import BY_DATE
from conflict.record.models import PublishedEvent
from conflict.vocabulary import PlacePrecision

AROUND = 60  # kilometres
EACH_SIDE = 3


def in_time(row: PublishedEvent) -> dict[str, Any]:
    """The events before and after in the chronology."""
    events = reading.events().only("key", "label", "when", "sorts_on")
    return {
        "earlier": events.filter(BY_DATE.ahead(row.sorts_on, row.key)).order_by("-sorts_on", "-key").first(),
        "later": events.filter(BY_DATE.behind(row.sorts_on, row.key)).chronological().first(),
    }


def in_place(row: PublishedEvent, body: reading.Body) -> list[PublishedEvent]:
    """The last ones before and the first ones after it, at its place or within AROUND of it.

    None for a place that is a region or wider: whatever stands at its middle is not near.
    """
    at = body["coordinates"]
    if not at or (at["precision"] in outlines.REACH and at["precision"] != PlacePrecision.NEAR):
        return []
    near = reading.points_near(float(at["latitude"]), float(at["longitude"]), AROUND)
    events = reading.events().located_among(near).select_related("location").defer("body", "search_text")
    earlier = events.filter(BY_DATE.ahead(row.sorts_on, row.key)).order_by("-sorts_on", "-key")[:EACH_SIDE]
    later = events.filter(BY_DATE.behind(row.sorts_on, row.key)).chronological()[:EACH_SIDE]
    told = {reference.key for reference in references({"relations": body["relations"]})}
    return [event for event in (*reversed(earlier), *later) if event.key not in told]


def map_of(body: reading.Body, others: list[PublishedEvent]) -> dict[str, Any] | None:
    """What the small map needs: the event's place, and those of its neighbours."""
    at, place = body["coordinates"], body["location"]
    if not at or not place:
        return None
    around = {
        event.location_id: event.location for event in others if event.location and event.location_id != place["key"]
    }
    return maps.nearby(
        maps.marker_of(place["key"], place["name"], at["latitude"], at["longitude"], at["precision"]),
        [maps.marker(location) for location in around.values() if location.latitude is not None],
    )
