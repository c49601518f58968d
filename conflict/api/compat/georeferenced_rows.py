"""Rows of georeferenced events of deadly violence, in the columns of UCDP's GED since release 23.1."""

from typing import Any

from conflict import dates
from conflict.api.compat.events import Event, Place
from conflict.countries import ucdp_region
from conflict.record.projection.incidents import Deaths, armed, dyad, name_of, number, violence
from conflict.vocabulary import EVENT_FAMILIES, EventFamily, EventKind, LocationKind, PlacePrecision

WHERE_PREC = {
    PlacePrecision.EXACT: 1,
    PlacePrecision.SETTLEMENT: 1,
    PlacePrecision.NEAR: 2,
    PlacePrecision.DISTRICT: 3,
    PlacePrecision.REGION: 4,
    PlacePrecision.LINE: 5,
    PlacePrecision.COUNTRY: 6,
}
VIOLENT = frozenset(
    {EventKind.KILLING, EventKind.EXECUTION, EventKind.HUMAN_RIGHTS_ABUSE, EventKind.COUP}
    | {kind for kind, family in EVENT_FAMILIES.items() if family == EventFamily.FIGHTING}
)
HEADLINES = 10
NOBODY = Deaths(0, 0, None)


def row(event: Event) -> dict[str, Any]:
    body, deaths = event.body, event.deaths or NOBODY
    side_a, side_b, place = name_of(event.side_a), name_of(event.side_b), event.place
    point = body["coordinates"] or {}
    last_day = event.last_day or event.first_day
    best, killed = deaths_of(event, deaths)
    sources = event.sources
    return {
        "id": number(event.key),
        "relid": event.key,
        "year": event.first_day.year,
        "active_year": True,
        "code_status": "Clear",
        "type_of_violence": violence(event.side_a, event.side_b),
        "conflict_dset_id": "0",
        "conflict_new_id": 0,
        "conflict_name": place.country,
        "dyad_dset_id": "0",
        "dyad_new_id": number(dyad(side_a, side_b)),
        "dyad_name": dyad(side_a, side_b),
        "side_a_dset_id": "0",
        "side_a_new_id": number(side_a),
        "side_a": side_a,
        "side_b_dset_id": "0",
        "side_b_new_id": number(side_b),
        "side_b": side_b,
        "number_of_sources": len(sources),
        "source_article": ";".join(f'"{source["name"]}"' for source in sources[:HEADLINES]),
        "source_office": "",
        "source_date": "",
        "source_headline": "",
        "source_original": "; ".join(_claimants(body)),
        "where_prec": where_precision(place, body["location_precision"] or point.get("precision", "")),
        "where_coordinates": place.name,
        "where_description": place.name,
        "adm_1": place.admin_1,
        "adm_2": place.admin_2,
        "latitude": float(point["latitude"]) if point else None,
        "longitude": float(point["longitude"]) if point else None,
        "geom_wkt": f"POINT ({point['longitude']} {point['latitude']})" if point else "",
        "priogrid_gid": grid_cell(float(point["latitude"]), float(point["longitude"])) if point else None,
        "country": place.country,
        "country_id": place.codes.gleditsch_ward,
        "region": ucdp_region(place.codes.gleditsch_ward),
        "event_clarity": 1 if event.days <= 7 else 2,
        "date_prec": date_precision(event),
        "date_start": f"{event.first_day.isoformat()}T00:00:00",
        "date_end": f"{last_day.isoformat()}T00:00:00",
        "deaths_a": killed[0],
        "deaths_b": killed[1],
        "deaths_civilians": killed[2],
        "deaths_unknown": best - sum(killed),
        "best": best,
        "high": deaths.high,
        "low": deaths.low,
        "gwnoa": place.codes.gleditsch_ward if any(actor.is_state for actor in event.side_a) else None,
        "gwnob": place.codes.gleditsch_ward if any(actor.is_state for actor in event.side_b) else None,
    }


def deaths_of(event: Event, deaths: Deaths) -> tuple[int, tuple[int, int, int]]:
    """Split one death toll into side a, side b and civilians, which together never exceed it.

    Without a best figure, the total is the lowest one, or the sum of the sides. Any excess is assigned to no side.
    """
    killed = (event.killed(armed(event.side_a)), event.killed(armed(event.side_b)), event.civilians_killed())
    best = deaths.best if deaths.best is not None else min(deaths.high, max(deaths.low, sum(killed)))
    return best, killed if sum(killed) <= best else (0, 0, 0)


def where_precision(place: Place, precision: str) -> int:
    """Precision of the place, from 1 (exact) to 6; 7 for a place in no country."""
    if not place.name or place.kind == LocationKind.WATERS:
        return 7
    return WHERE_PREC.get(PlacePrecision(precision), 6) if precision else 6


def date_precision(event: Event) -> int:
    """1 for a day, 2 for a few days or approximately a day, 3 for a week, 4 for a month, 5 for longer.

    Read back by `editorial.import_export.ged`.
    """
    if event.days == 1:
        return 2 if dates.parse(event.body["when"]).is_approximate else 1
    return next(precision for longest, precision in ((6, 2), (7, 3), (31, 4), (10**9, 5)) if event.days <= longest)


def grid_cell(latitude: float, longitude: float) -> int:
    """Number of the half-degree PRIO-GRID cell, counted from the south-west corner of the world."""
    return int((latitude + 90) * 2) * 720 + int((longitude + 180) * 2) + 1


def _claimants(body: dict[str, Any]) -> list[str]:
    names = [party["name"] for claim in body["claims"] if claim["measure"] == "killed" for party in claim["claimant"]]
    return list(dict.fromkeys(names))
