"""Rows of political violence and disorder with two parties and one figure, in the 31 columns that ACLED exports."""

from datetime import datetime
from typing import Any

from conflict.api.compat.events import Actor, Event
from conflict.vocabulary import ActorFamily, ActorKind, EventKind, PlacePrecision

K = EventKind
BATTLES, EXPLOSIONS, CIVILIANS = "Battles", "Explosions/Remote violence", "Violence against civilians"
PROTESTS, STRATEGIC = "Protests", "Strategic developments"
TYPES: dict[str, tuple[str, str]] = {
    K.BATTLE: (BATTLES, "Armed clash"),
    K.ATTACK: (BATTLES, "Armed clash"),
    K.ESCALATION: (BATTLES, "Armed clash"),
    K.MILITARY_OPERATION: (BATTLES, "Armed clash"),
    K.AIR_STRIKE: (EXPLOSIONS, "Air/drone strike"),
    K.SHOOTDOWN: (EXPLOSIONS, "Shelling/artillery/missile attack"),
    K.BOMBING: (EXPLOSIONS, "Suicide bomb"),
    K.TERRITORIAL_CHANGE: (BATTLES, "Non-state actor overtakes territory"),
    K.KILLING: (CIVILIANS, "Attack"),
    K.EXECUTION: (CIVILIANS, "Attack"),
    K.HUMAN_RIGHTS_ABUSE: (CIVILIANS, "Attack"),
    K.HOSTAGE_TAKING: (CIVILIANS, "Abduction/forced disappearance"),
    K.PROTEST: (PROTESTS, "Peaceful protest"),
    K.AGREEMENT: (STRATEGIC, "Agreement"),
    K.CAPTURE: (STRATEGIC, "Arrests"),
    K.GROUP_CHANGE: (STRATEGIC, "Change to group/activity"),
    K.EQUIPMENT_CAPTURED: (STRATEGIC, "Disrupted weapons use"),
    K.DEPLOYMENT: (STRATEGIC, "Headquarters or base established"),
    K.LOOTING: (STRATEGIC, "Looting/property destruction"),
    K.HERITAGE_DESTRUCTION: (STRATEGIC, "Looting/property destruction"),
    K.WITHDRAWAL: (STRATEGIC, "Non-violent transfer of territory"),
    K.BLOCKADE: (STRATEGIC, "Other"),
    K.COUP: (STRATEGIC, "Other"),
    K.RELEASE: (STRATEGIC, "Other"),
}
DISORDER = {PROTESTS: "Demonstrations", STRATEGIC: "Strategic developments"}
GEO_PRECISION = {
    PlacePrecision.EXACT: 1,
    PlacePrecision.SETTLEMENT: 1,
    PlacePrecision.NEAR: 2,
    PlacePrecision.DISTRICT: 2,
}
STATE, REBELS, MILITIA, CIVILIAN, FOREIGN = 1, 2, 3, 7, 8
COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)


def is_expressible(event: Event) -> bool:
    """Of a kind that the shape has a word for, with somebody who did it."""
    return event.body["kind"] in TYPES and bool(event.side_a)


def row(event: Event) -> dict[str, Any]:
    body = event.body
    kind, sub_kind = TYPES[body["kind"]]
    point = body["coordinates"] or {}
    first, second = (_code(side) for side in (event.side_a, event.side_b))
    targeted = any(actor.is_civilian for actor in event.side_b)
    values = (
        *(event.key, event.first_day.isoformat(), event.first_day.year, time_precision(event.days)),
        *(DISORDER.get(kind, "Political violence"), kind, sub_kind),
        *(_first(event.side_a), _others(event.side_a), first, _first(event.side_b), _others(event.side_b), second),
        *(int(f"{min(first, second or first)}{max(first, second)}") if second else first * 10,),
        *(
            "Civilian targeting" if targeted else "",
            event.codes.iso,
            1,
            event.country,
            event.admin_1,
            event.admin_2,
            "",
        ),
        *(event.place, float(point["latitude"]) if point else None, float(point["longitude"]) if point else None),
        *(GEO_PRECISION.get(body["location_precision"] or point.get("precision", ""), 3),),
        *("; ".join(source["name"] for source in event.sources), ""),
        *(f"{body['title']}. {body['summary']}".strip(), event.deaths.low if event.deaths else 0),
        *("", int(datetime.fromisoformat(body["changed_at"]).timestamp())),
    )
    return dict(zip(COLUMNS, values, strict=True))


def time_precision(days: int) -> int:
    return 1 if days == 1 else 2 if days <= 7 else 3


def _first(side: tuple[Actor, ...]) -> str:
    return side[0].name if side else ""


def _others(side: tuple[Actor, ...]) -> str:
    return "; ".join(actor.name for actor in side[1:])


def _code(side: tuple[Actor, ...]) -> int:
    if not side:
        return 0
    actor = side[0]
    if actor.is_civilian:
        return CIVILIAN
    if actor.family in (ActorFamily.SEPARATIST, ActorFamily.JIHADIST):
        return REBELS
    if actor.family == ActorFamily.STATE:
        return STATE
    if actor.kind in (ActorKind.ARMED_GROUP, ActorKind.COALITION, ActorKind.UNNAMED_FORCE):
        return MILITIA
    return FOREIGN
