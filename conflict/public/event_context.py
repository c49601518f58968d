"""Context of an event on its page: the sources it cites, and events before, after and near it.

One database query fetches all of it (`conflict/record/event_context_function.py`). Eight separate queries took four
times as long, mostly for building them.
"""

from typing import Any

import msgspec
from django.db import connections

from conflict.documents.references import references
from conflict.independence import houses
from conflict.public import map_markers, queries
from conflict.public.episodes import episode
from conflict.public.fatalities_over_time import over_time
from conflict.public.head import ALIAS
from conflict.public.toll import DeadCount, Toll, toll_of
from conflict.record.models import PublishedEvent
from conflict.record.models.location import box
from conflict.totals import counts_of
from conflict.vocabulary import POINTED, EventRelationKind, Measure
from conflict.wording.localized_texts import chosen, label_of, localized

Point = tuple[float, float]

AROUND = 60  # kilometres
QUESTION = f"SELECT event_context({', '.join(['%s'] * 13)})"


def page_context(text: str, body: queries.Body) -> dict[str, Any]:
    """The context as the page shows it. Events that the body lists as related are not repeated."""
    found = localized(msgspec.json.decode(text))
    naming = found["naming"] or []
    related = {reference.key for reference in references({"relations": body["relations"]})}
    related |= {event["key"] for event in naming}
    nearby = [event for event in found["nearby"] or [] if event["key"] not in related]
    parts = _related(body, naming, EventRelationKind.PART_OF)
    return {
        "sources": found["sources"] or [],
        "families": found["families"] or {},
        "houses": houses(
            {one["key"]: one["publisher"]["key"] for one in found["sources"] or () if one["publisher"]},
            found["parents"] or (),
        ),
        "periods": _filed(body["period"], found["periods"]),
        "earlier": found["earlier"],
        "later": found["later"],
        "nearby": nearby,
        "parts": parts,
        "alike": _related(body, naming, EventRelationKind.POSSIBLY_SAME_AS),
        "episode": episode_of(body) if parts else None,
        "wholes": found["wholes"] or [],
        "moving": map_of(body, nearby),
    }


def _filed(period: queries.Body | None, above: list[queries.Body] | None) -> list[tuple[str, str]]:
    """The period and those that contain it, the widest first; keys and names."""
    if above:
        return [(row["key"], label_of(row)) for row in above]
    return [(period["key"], period["name"])] if period else []  # of a draft, whose period is not public


def _related(body: queries.Body, naming: list[queries.Body], kind: str) -> list[queries.Body]:
    """Events with a relation of this kind to this event."""
    return [
        event
        for event in naming
        if any(one["kind"] == kind and one["event"]["key"] == body["key"] for one in event["relations"])
    ]


def episode_of(body: queries.Body) -> Toll | None:
    """Toll of the event and its parts, at any depth; None if no part has a figure."""
    parts = queries.bodies(queries.events().filter(pk__in=episode(body["key"]) - {body["key"]}))
    if not any(counts_of(part, Measure.KILLED) for part in parts):
        return None
    events = [body, *parts]
    return toll_of(DeadCount(over_time(events), events))


def around(row: PublishedEvent, body: queries.Body) -> str:
    """Context of the event, which need not be in the record, as the JSON text that the database returns."""
    named: dict[str, set[str]] = {"source": set(), "actor": set()}
    for reference in references(body):
        named.setdefault(reference.kind, set()).add(reference.key)
    wholes = (one["event"]["key"] for one in body["relations"] if one["kind"] == EventRelationKind.PART_OF)
    point = _point(body)
    asked = [
        row.key,
        row.sorts_on,
        *(point or (None, None)),
        AROUND,
        *(box(*point, AROUND) if point else [None] * 4),
        sorted(named["source"]),
        sorted(named["actor"]),
        sorted(wholes),
        body["period"]["key"] if body["period"] else "",
    ]
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(QUESTION, asked)
        return str(cursor.fetchone()[0])


def _point(body: queries.Body) -> Point | None:
    """Latitude and longitude of the event's place.

    None if that is a district or wider: the surroundings of its centre are not meaningful.
    """
    at = body["coordinates"]
    if not at or (at["precision"] and at["precision"] not in POINTED):
        return None
    return float(at["latitude"]), float(at["longitude"])


def period_labels(periods: list[str]) -> list[tuple[str, str]]:
    """Keys of periods, with their names."""
    rows = queries.periods().filter(key__in=periods).values_list("key", "label", "labels")
    labels = {key: chosen(label, labels) for key, label, labels in rows}
    return [(key, labels.get(key, key)) for key in periods]


def map_of(body: queries.Body, others: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Data of the small map: the event's place and those of nearby events."""
    at, place = body["coordinates"], body["location"]
    if not at or not place:
        return None
    around = {one["location"]["key"]: one["location"] for one in others if one["location"]["key"] != place["key"]}
    return map_markers.nearby(
        map_markers.marker_of(place["key"], place["name"], at["latitude"], at["longitude"], at["precision"]),
        [
            map_markers.marker_of(
                there["key"],
                chosen(there["label"], there["labels"]),
                there["latitude"],
                there["longitude"],
                there["coordinate_precision"],
            )
            for there in around.values()
            if there["latitude"] is not None
        ],
    )
