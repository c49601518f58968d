"""Rows of political violence and disorder with two parties and one figure, in the 31 columns that ACLED exports."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from conflict.api.compat.conditions import Row
from conflict.api.compat.events import Event, Place
from conflict.chronology import Camp
from conflict.countries import ACLED_REGIONS
from conflict.record.projection.incidents import Parties, names
from conflict.vocabulary import ActorKind, EventKind, PlacePrecision

K = EventKind
BATTLES, EXPLOSIONS, CIVILIANS = "Battles", "Explosions/Remote violence", "Violence against civilians"
PROTESTS, STRATEGIC = "Protests", "Strategic developments"
RIOTS, EXCESSIVE_FORCE = "Riots", "Excessive force against protesters"
TYPES: dict[str, tuple[str, str]] = {
    K.BATTLE: (BATTLES, "Armed clash"),
    K.ATTACK: (BATTLES, "Armed clash"),
    K.ESCALATION: (BATTLES, "Armed clash"),
    K.MILITARY_OPERATION: (BATTLES, "Armed clash"),
    K.TERRITORIAL_CHANGE: (BATTLES, "Non-state actor overtakes territory"),
    K.TERRITORY_REGAINED: (BATTLES, "Government regains territory"),
    K.AIR_STRIKE: (EXPLOSIONS, "Air/drone strike"),
    K.BOMBING: (EXPLOSIONS, "Suicide bomb"),
    K.CHEMICAL_ATTACK: (EXPLOSIONS, "Chemical weapon"),
    K.EXPLOSION: (EXPLOSIONS, "Remote explosive/landmine/IED"),
    K.GRENADE: (EXPLOSIONS, "Grenade"),
    K.SHELLING: (EXPLOSIONS, "Shelling/artillery/missile attack"),
    K.SHOOTDOWN: (EXPLOSIONS, "Shelling/artillery/missile attack"),
    K.KILLING: (CIVILIANS, "Attack"),
    K.EXECUTION: (CIVILIANS, "Attack"),
    K.HUMAN_RIGHTS_ABUSE: (CIVILIANS, "Attack"),
    K.HOSTAGE_TAKING: (CIVILIANS, "Abduction/forced disappearance"),
    K.SEXUAL_VIOLENCE: (CIVILIANS, "Sexual violence"),
    K.PROTEST: (PROTESTS, "Peaceful protest"),
    K.PROTEST_STOPPED: (PROTESTS, "Protest with intervention"),
    K.PROTEST_FORCE: (PROTESTS, EXCESSIVE_FORCE),
    K.RIOT: (RIOTS, "Violent demonstration"),
    K.MOB_VIOLENCE: (RIOTS, "Mob violence"),
    K.AGREEMENT: (STRATEGIC, "Agreement"),
    K.CAPTURE: (STRATEGIC, "Arrests"),
    K.GROUP_CHANGE: (STRATEGIC, "Change to group/activity"),
    K.EQUIPMENT_CAPTURED: (STRATEGIC, "Disrupted weapons use"),
    K.DEPLOYMENT: (STRATEGIC, "Headquarters or base established"),
    K.LOOTING: (STRATEGIC, "Looting/property destruction"),
    K.HERITAGE_DESTRUCTION: (STRATEGIC, "Looting/property destruction"),
    K.TERRITORY_CEDED: (STRATEGIC, "Non-violent transfer of territory"),
    K.WITHDRAWAL: (STRATEGIC, "Non-violent transfer of territory"),
    K.BLOCKADE: (STRATEGIC, "Other"),
    K.COUP: (STRATEGIC, "Other"),
    K.RELEASE: (STRATEGIC, "Other"),
    K.OTHER_DEVELOPMENT: (STRATEGIC, "Other"),
}
VIOLENCE, DEMONSTRATIONS = "Political violence", "Demonstrations"
DISORDER = {
    "Peaceful protest": DEMONSTRATIONS,
    "Protest with intervention": DEMONSTRATIONS,
    EXCESSIVE_FORCE: f"{VIOLENCE}; {DEMONSTRATIONS}",
    "Violent demonstration": DEMONSTRATIONS,
    STRATEGIC: STRATEGIC,
}
GEO_PRECISION = {
    PlacePrecision.EXACT: 1,
    PlacePrecision.SETTLEMENT: 1,
    PlacePrecision.NEAR: 2,
    PlacePrecision.DISTRICT: 2,
}
OF_A_STATE = frozenset({ActorKind.ARMED_FORCE, ActorKind.GOVERNMENT})
STATE, REBELS, MILITIA, COMMUNAL, RIOTERS, PROTESTERS, CIVILIAN, FOREIGN = 1, 2, 3, 4, 5, 6, 7, 8
TYPE_NAMES = {
    STATE: "State forces",
    REBELS: "Rebel group",
    MILITIA: "Political militia",
    COMMUNAL: "Identity militia",
    RIOTERS: "Rioters",
    PROTESTERS: "Protesters",
    CIVILIAN: "Civilians",
    FOREIGN: "External/Other forces",
}
BY_KIND = {ActorKind.MILITIA: MILITIA, ActorKind.COMMUNAL_MILITIA: COMMUNAL}
CROWDS = {"Protesters": PROTESTERS, "Rioters": RIOTERS}
COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)


def row(event: Event) -> dict[str, Any]:
    body = event.body
    first, second = (code(side) for side in (event.side_a, event.side_b))
    precision = body["location_precision"] or (body["coordinates"] or {}).get("precision", "")
    return {
        **dict.fromkeys(COLUMNS),
        "event_id_cnty": event.key,
        "event_date": event.first_day.isoformat(),
        "year": event.first_day.year,
        "time_precision": time_precision(event.days),
        **of_kind(body["kind"]),
        "actor1": _first(event.side_a),
        "assoc_actor_1": _others(event.side_a),
        "inter1": first,
        "actor2": _first(event.side_b),
        "assoc_actor_2": _others(event.side_b),
        "inter2": second,
        "interaction": interaction(first, second),
        "civilian_targeting": "Civilian targeting" if targets_civilians(body["kind"], second) else "",
        **of_place(event.place),
        "geo_precision": GEO_PRECISION.get(precision, 3),
        "source": "; ".join(source["name"] for source in event.sources),
        "source_scale": "",
        "notes": f"{body['title']}. {body['summary']}".strip(),
        "fatalities": event.deaths.low if event.deaths else 0,
        "tags": "",
        "timestamp": int(datetime.fromisoformat(body["changed_at"]).timestamp()),
    }


def of_kind(kind: str) -> dict[str, Any]:
    """Columns determined by the kind of event alone."""
    event_type, sub_type = TYPES[kind]
    disorder = DISORDER.get(sub_type) or DISORDER.get(event_type, VIOLENCE)
    return {"disorder_type": disorder, "event_type": event_type, "sub_event_type": sub_type}


def targets_civilians(kind: str, target: int) -> bool:
    """True if civilians are the main target, by ACLED's codebook. `target` is the type of the second actor.

    Those who are hurt in battles, or associated with another target, do not count.
    """
    event_type, sub_type = TYPES[kind]
    if event_type == CIVILIANS or sub_type == EXCESSIVE_FORCE:
        return True
    return event_type in (EXPLOSIONS, RIOTS) and target == CIVILIAN


def of_place(place: Place) -> dict[str, Any]:
    """Columns determined by the place alone."""
    return {
        "iso": place.codes.iso,
        "region": place.codes.acled_region,
        "country": place.country,
        "admin1": place.admin_1,
        "admin2": place.admin_2,
        "admin3": place.admin_3,
        "location": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def interaction(first: int, second: int) -> int:
    return int(f"{min(first, second)}{max(first, second)}") if second else first * 10


def sides(row: Row) -> Iterator[Row]:
    """One row per side of the event, with that side as the first actor and no second one."""
    nobody = {"actor2": "", "assoc_actor_2": "", "inter2": 0}
    yield {**row, **nobody}
    if row["actor2"]:
        second = {"actor1": row["actor2"], "assoc_actor_1": row["assoc_actor_2"], "inter1": row["inter2"]}
        yield {**row, **second, **nobody}


def with_region(row: Row) -> Row:
    """The row with the name of its region, which is asked for by number."""
    return {**row, "region": ACLED_REGIONS[row["region"]]}


def in_words(row: Row) -> Row:
    """The row with its actor types as words instead of numbers."""
    numbers = divmod(row["interaction"], 10)
    numbers = numbers if numbers != (CIVILIAN, FOREIGN) else (FOREIGN, CIVILIAN)  # as ACLED writes this one
    types = [TYPE_NAMES[number] for number in numbers if number]
    return {
        **row,
        "inter1": TYPE_NAMES.get(row["inter1"], ""),
        "inter2": TYPE_NAMES.get(row["inter2"], ""),
        "interaction": "-".join(types) if len(types) > 1 else f"{types[0]} only",
    }


def time_precision(days: int) -> int:
    return 1 if days == 1 else 2 if days <= 7 else 3


def _first(side: Parties) -> str:
    return next(iter(names(side)), "")


def _others(side: Parties) -> str:
    return "; ".join(names(side)[1:])


def code(side: Parties) -> int:
    """Type of the side's first actor; crowds that are named as such are civilians of a type of their own."""
    if not side or side[0].is_associated:
        return 0
    actor = side[0]
    if actor.is_civilian:
        return CROWDS.get(actor.name.partition(" ")[0], CIVILIAN)
    if actor.kind in BY_KIND:
        return BY_KIND[ActorKind(actor.kind)]
    if actor.camp == Camp.REBELS:
        return REBELS
    if actor.camp == Camp.STATE or (actor.kind in OF_A_STATE and actor.camp == Camp.OTHER):
        return STATE
    if actor.camp == Camp.MILITIA or actor.kind == ActorKind.UNNAMED_FORCE:
        return MILITIA
    return REBELS if actor.kind in (ActorKind.ARMED_GROUP, ActorKind.COALITION) else FOREIGN
