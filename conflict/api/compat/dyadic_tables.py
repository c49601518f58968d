"""Tables of the dyadic format: events, and counts by actor, actor type, country and region."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from django.db.models import Count, Max, Min

from conflict.api.compat import dyadic_rows
from conflict.api.compat.conditions import Either, Row, Table, holding
from conflict.api.compat.countries import ACLED_REGIONS
from conflict.api.compat.events import AT_ONCE, NOWHERE, Place, events, places_of
from conflict.api.compat.queries import expressible, narrowed
from conflict.public import queries
from conflict.public.exceptions import Refusal
from conflict.record.models import Tombstone

COUNTED = {"first_event_date": date, "last_event_date": date, "event_count": int}
NUMBERS = ("year", "time_precision", "inter1", "inter2", "interaction", "iso", "region", "latitude", "longitude")
EVENTS = Table(
    {
        **dict.fromkeys(dyadic_rows.COLUMNS, str),
        **dict.fromkeys((*NUMBERS, "geo_precision", "fatalities", "timestamp"), float),
        "event_date": date,
    },
    {"country": "=", "timestamp": ">="},
    moments={"timestamp"},
)
LOOKED_AT = 20_000  # limit of events compared one by one for a response; everything else is filtered in SQL
FORECASTS = ("total", "battles", "erv", "vac")
TABLES = {
    "events": EVENTS,
    "acled": EVENTS,  # path that the client of this name appends to its host
    "deleted": Table(
        {"event_id_cnty": str, "deleted_timestamp": float},
        {"deleted_timestamp": ">="},
        moments={"deleted_timestamp"},
    ),
    "actor": Table({"actor_name": str, **COUNTED}, {}),
    "actortype": Table({"actor_type_id": float, "actor_type_name": str, **COUNTED}, {}),
    "country": Table({"country": str, "iso": float, "iso3": str, **COUNTED}, {"country": "="}),
    "region": Table({"region": float, "region_name": str, **COUNTED}, {}),
    "cast": Table(  # forecasts: this chronology makes none, so the table has no rows
        {
            **dict.fromkeys(("country", "admin1", "month"), str),
            "year": float,
            **{f"{what}_{how}": float for how in ("forecast", "observed") for what in FORECASTS},
            "timestamp": float,
        },
        {"country": "=", "timestamp": ">="},
        moments={"timestamp"},
    ),
}


def events_of(asked: Sequence[Either], part: slice) -> tuple[int, Iterable[Row]]:
    """Return the number of matching events in this slice, and their rows, which are built lazily."""
    found, left = narrowed(expressible(), asked)
    keys = found.values_list("event", flat=True)
    if not left:
        part_keys = list(keys[part])
        return len(part_keys), map(dyadic_rows.row, events(part_keys))
    fitting = (
        row for row in _not_too_many(map(dyadic_rows.row, events(keys.iterator(AT_ONCE))), left) if holding(row, left)
    )
    rows = list(islice(fitting, part.start, part.stop))
    return len(rows), rows


def _not_too_many(rows: Iterable[Row], asked: Sequence[Either]) -> Iterator[Row]:
    """The rows, up to the limit for one response. Raises Refusal."""
    for number, row in enumerate(rows):
        if number == LOOKED_AT:
            column = asked[0][0].column
            raise Refusal(
                f"{column} is compared event by event, and {LOOKED_AT:,} were not enough: "
                "narrow the events by year, country, event_type or actor1 as well.",
                field=column,
            )
        yield row


def parties_of(asked: Sequence[Either], part: slice) -> tuple[int, Iterable[Row]]:
    """Like `events_of`, but with one row per side of an event, as in a monadic table."""
    _count, rows = events_of(asked, slice(0, None))
    page = list(islice(chain.from_iterable(map(dyadic_rows.sides, rows)), part.start, part.stop))
    return len(page), page


def others_of(table: str, asked: Sequence[Either], part: slice) -> tuple[int, Iterable[Row]]:
    rows = [row for row in ROWS[table]() if holding(row, asked)][part]
    return len(rows), rows


def withdrawn_events() -> list[Row]:
    stones = queries.rows(Tombstone).filter(entry_kind="event").order_by("withdrawn_at", "key")
    return [
        {"event_id_cnty": key, "deleted_timestamp": int(at.timestamp())}
        for key, at in stones.values_list("key", "withdrawn_at")
    ]


def actors() -> list[Row]:
    """Every actor on either side, by name, with first and last day and number of their events."""
    found: dict[str, list[date]] = {}
    rows = expressible().order_by().values_list("side_a", "side_b", "first_day")
    for side_a, side_b, day in rows.iterator(chunk_size=AT_ONCE * 10):
        for name in {*side_a, *side_b} - {""}:
            found.setdefault(name, []).append(day)
    return [counted({"actor_name": name}, min(days), max(days), len(days)) for name, days in sorted(found.items())]


def actor_types() -> list[Row]:
    """Types of the first actors of both sides, with first and last day and number of their events."""
    found: dict[int, list[date]] = {}
    for event in events(expressible().values_list("event", flat=True).iterator(AT_ONCE)):
        for code in {dyadic_rows.code(side, event.body["kind"]) for side in (event.side_a, event.side_b)} - {0}:
            found.setdefault(code, []).append(event.first_day)
    return [
        counted(
            {"actor_type_id": code, "actor_type_name": dyadic_rows.TYPE_NAMES[code]}, min(days), max(days), len(days)
        )
        for code, days in sorted(found.items())
    ]


def by_place(told: Callable[[Place], Row]) -> list[Row]:
    """Rows with event counts for each distinct value that `told` derives from a place, such as its country."""
    places = places_of()
    rows = expressible().order_by().values_list("location").annotate(Min("first_day"), Max("first_day"), Count("pk"))
    found: dict[tuple[Any, ...], Row] = {}
    for key, first, last, number in rows:
        row = counted(told(places.get(key, NOWHERE)), first, last, number)
        same = found.setdefault(tuple(row[name] for name in list(row)[:-3]), row)
        if same is not row:
            same["first_event_date"] = min(same["first_event_date"], row["first_event_date"])
            same["last_event_date"] = max(same["last_event_date"], row["last_event_date"])
            same["event_count"] += number
    return sorted(found.values(), key=lambda row: str(next(iter(row.values()))))


def counted(row: Row, first: date, last: date, number: int) -> Row:
    days = {"first_event_date": first.isoformat(), "last_event_date": last.isoformat()}
    return {**row, **days, "event_count": number}


def country(place: Place) -> Row:
    return {"country": place.country, "iso": place.codes.iso, "iso3": place.codes.iso3}


def region(place: Place) -> Row:
    return {"region": place.codes.region, "region_name": ACLED_REGIONS[place.codes.region]}


ROWS: dict[str, Callable[[], list[Row]]] = {
    "deleted": withdrawn_events,
    "actor": actors,
    "actortype": actor_types,
    "country": lambda: by_place(country),
    "region": lambda: by_place(region),
    "cast": list,
}
