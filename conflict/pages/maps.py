"""Map of the filtered events: where they are, how closely that is known, of which kind, and when.

The server draws it. If scripts run, Leaflet replaces the drawing and shows the same places, on a map that can be moved;
for another month, the script asks for the page of that month, so that all numbers are the server's.
"""

from collections import Counter, defaultdict
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from conflict.chronology import OutlineKind
from conflict.pages.chronology import form
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.page_view import page, render_page
from conflict.pages.time_control import chosen_dates, time_control
from conflict.public import queries
from conflict.public.cache.counts import (
    PlacesAndKinds,
    by_place_and_kind,
    events_by_place_and_kind,
    events_within_places,
    within_places,
)
from conflict.public.cache.fragments import rendered
from conflict.public.charts import base_map
from conflict.public.charts.event_map import MapPlace, event_map
from conflict.public.map_markers import marker_of, tiles, words
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedEventLocation
from conflict.vocabulary import EVENT_FAMILIES, EventFamily, EventKind, LocationKind
from conflict.wording.localized_texts import label_of

FEW = 5_000  # events whose places are found by their keys, without reading the places of all
SHOWN = 400  # places on one map; if there are more, it says how many are left out
FOR_ORIENTATION = 200  # towns without events that are named in the background at most
NAMED = (OutlineKind.COUNTRY, OutlineKind.REGION, OutlineKind.TOWN)
TOWNS = (LocationKind.CITY, LocationKind.TOWN)
FAMILIES = {kind.value: EVENT_FAMILIES.get(kind, EventFamily.SOCIETY) for kind in EventKind}
FOUND = "pages/parts/map_found.html"

Kinds = dict[str | None, Counter[EventFamily]]


class Kind(NamedTuple):
    """Entry of the legend."""

    family: EventFamily
    number: int


@page(FILTERS)
def map_of_events(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen = EventFilter.asked(asked)
    context = {"chosen": chosen, "time": time_control(chosen), "found": places_and_drawing(chosen)}
    return render_page(request, "map.html", context)


@page(FILTERS)
def filter_form(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """The filter's form, apart from the map, which it would make as heavy again."""
    chosen = EventFilter.asked(asked)
    return render_page(request, "filter.html", {"chosen": chosen, "form": form(chosen, reverse("map"))})


def places_and_drawing(chosen: EventFilter) -> SafeString:
    """The page without its timeline. Of the whole record it is kept, and stays when an event has only moved in time."""
    if chosen:
        return SafeString(render_to_string(FOUND, context(chosen)))
    return rendered(FOUND, (), lambda: context(chosen), place=("everything",))


def context(chosen: EventFilter) -> dict[str, Any]:
    """Context of what the map shows. It is no single event, so it remains valid while events are merely reworded."""
    kinds, found_places = found(chosen)
    drawn = drawing(kinds, found_places)
    return {
        "chosen": chosen,
        "dates": chosen_dates(chosen),
        "is_off_the_map": is_off_the_map(chosen),
        "left_out": max(sum(1 for key in kinds if key) - SHOWN, 0),
        "listed": [(place, chosen.query(place=place.key)) for place in found_places],
        "placed": len(found_places),
        "moving": moving(found_places, chosen),
        "elsewhere": [(place, chosen.query(place=place.key)) for place in drawn["map"].beyond],
        "spot_list": list_of(chosen),
        **drawn,
        **tiles(),
    }


def is_off_the_map(chosen: EventFilter) -> bool:
    """True if nothing of the area asked for is drawn."""
    return chosen.box is not None and not base_map.shows(**chosen.box._asdict())


def found(chosen: EventFilter) -> tuple[Kinds, list[MapPlace]]:
    """Events of each place by kind, and the places."""
    kinds = by_family(by_place_and_kind(chosen.events) if chosen else events_by_place_and_kind())
    return kinds, places_of(kinds, _within(chosen))


def drawing(kinds: Kinds, places: list[MapPlace], *, is_frozen: bool = False) -> dict[str, Any]:
    """Context of the drawing itself, with its legend; a frozen one names no towns, which are those of today."""
    whole: Counter[EventFamily] = Counter()
    for of_place in kinds.values():
        whole.update(of_place)
    return {
        "map": event_map(places, () if is_frozen else towns()),
        "ground": base_map.ground(),
        "legend": [Kind(family, whole[family]) for family in EventFamily if whole[family]],
        "number": whole.total(),
        "unplaced": kinds[None].total() if None in kinds else 0,
    }


def by_family(counts: PlacesAndKinds) -> Kinds:
    """Events of each place by family of kinds; those without a place under None."""
    kinds: Kinds = defaultdict(Counter)
    for (place, kind), number in counts.items():
        kinds[place][FAMILIES[kind]] += number
    return kinds


def places_of(kinds: Kinds, within: dict[str, int]) -> list[MapPlace]:
    """The busiest places, and first of them the one with the most events."""
    busiest = sorted((key for key in kinds if key), key=lambda key: -kinds[key].total())[:SHOWN]
    found = [
        MapPlace(
            row.key,
            label_of(row),
            row.path[::-1] or (row.key,),
            float(row.latitude) if row.latitude is not None else None,
            float(row.longitude) if row.longitude is not None else None,
            row.coordinate_precision,
            kinds[row.key],
            within.get(row.key, 0),
        )
        for row in queries.locations().filter(key__in=busiest).by_name()
    ]
    return sorted(found, key=lambda place: -place.number)


def _within(chosen: EventFilter) -> dict[str, int]:
    if not chosen:
        return events_within_places()
    found = chosen.events.order_by().values_list("pk", flat=True)
    few = list(found[: FEW + 1])
    links = queries.rows(PublishedEventLocation)
    return within_places(links.filter(event__in=few if len(few) <= FEW else found.using(None)))


def towns() -> list[tuple[str, float, float]]:
    """Towns of the record, for orientation."""
    rows = queries.locations().filter(kind__in=TOWNS, latitude__isnull=False).by_name()[:FOR_ORIENTATION]
    return [(label_of(row), float(row.latitude or 0), float(row.longitude or 0)) for row in rows]


def moving(places: list[MapPlace], chosen: EventFilter) -> dict[str, Any]:
    """Data with which the script draws the same map."""
    box = base_map.within_frame(**chosen.box._asdict()) if chosen.box and not is_off_the_map(chosen) else None
    return {
        "places": [
            {
                **marker_of(place.key, place.name, place.latitude, place.longitude, place.precision, *place.keys),
                "number": place.number,
                "within": place.within,
                "kinds": [place.kinds[family] for family in EventFamily],
            }
            for place in places
            if place.latitude is not None and base_map.placed(place.latitude, place.longitude or 0)
        ],
        "box": box,
        "names": {outline.number: outline.name for outline in base_map.outlines() if outline.kind in NAMED},
        "words": {**words(), "list": list_of(chosen)},
    }


def list_of(chosen: EventFilter) -> str:
    """Address of the list of events at a place, up to its key."""
    return f"{reverse('chronology')}{chosen.without('place').query(place='~')}".removesuffix("~")
