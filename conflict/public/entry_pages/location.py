"""Page of a place: position, events, claims of control."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from conflict.public import citation, jsonld, map_markers, queries
from conflict.public.charts import base_map, control_timeline, timeline
from conflict.public.event_cards import card, to_list
from conflict.public.page_frame import site_of
from conflict.public.pagination import BY_DATE, counted, page_of
from conflict.public.query_strings import Parameters
from conflict.public.toll import toll
from conflict.record.models import PublishedLocation
from conflict.wording.localized_texts import label_of

EVENTS_SHOWN = 40
BESIDE, SHOWN_BESIDE = 150, 40  # kilometres, places


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedLocation) -> dict[str, Any]:
    """Template context of the page. The row need not be in the record: the desk also previews drafts."""
    found = queries.events().within(row.key)
    events = page_of(to_list(found), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(queries.at_or_below(row.key))
    return {
        "place": body,
        "country": queries.country(body["country"]),
        "structured": jsonld.place(body, f"{site_of(request)}{request.path}"),
        **citation.context(site_of(request), "location", row, body),
        "locator": base_map.locator(
            label_of(row),
            body["latitude"],
            body["longitude"],
            row.coordinate_precision,
            *reversed(row.path or [row.key]),
        ),
        "moving": map_markers.nearby(map_markers.marker(row), [map_markers.marker(other) for other in beside(row)])
        if row.latitude
        else None,
        "around": map_markers.around(row.latitude, row.longitude, row.coordinate_precision),
        **map_markers.tiles(),
        "row": row,
        "children": queries.locations().filter(parent=row.key).by_name().only("key", "label", "labels", "kind"),
        "holding": control_timeline.control_timeline(queries.control_claims(row.key)),
        "strip": timeline.strip(queries.at_or_below(row.key), queries.last_year()),
        "toll": toll(found, {}),
        "page": events,
        "events": [card(event) for event in events.rows],
        "number": number,
        "is_more": is_more,
    }


def beside(row: PublishedLocation) -> QuerySet[PublishedLocation]:
    """Nearby places for the small map, in no particular order."""
    near = queries.locations().near(float(row.latitude or 0), float(row.longitude or 0), kilometres=BESIDE)
    return near.exclude(key=row.key).by_name()[:SHOWN_BESIDE]
