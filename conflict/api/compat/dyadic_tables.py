"""Tables of the dyadic format: events, and counts by actor, actor type, country and region."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from django.db.models import Case, CharField, Count, F, Func, Max, Min, Sum, Value, When, Window

from conflict.api.compat import dyadic_rows
from conflict.api.compat.conditions import Either, Row, Table, holding
from conflict.api.compat.events import AT_ONCE, NOWHERE, Place, events, places_of
from conflict.api.compat.queries import codes, expressible, narrowed
from conflict.countries import ACLED_REGIONS
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
LOOKED_AT = 5_000  # limit of events compared one by one for a response; nearly everything is filtered in SQL
MOST_ROWS = 50_000  # limit of events in one response
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
        shown = list(keys[part.start : part.stop if part.stop is not None else part.start + MOST_ROWS + 1])
        refuse_too_many(len(shown))
        return len(shown), map(dyadic_rows.row, events(shown))
    fitting = (
        row for row in _not_too_many(map(dyadic_rows.row, events(keys.iterator(AT_ONCE))), left) if holding(row, left)
    )
    rows = list(islice(fitting, part.start, part.stop))
    return len(rows), rows


def refuse_too_many(number: int) -> None:
    if number > MOST_ROWS:
        raise Refusal(
            f"More than {MOST_ROWS:,} events in one answer: narrow them by year or country, read pages of up to "
            f"{MOST_ROWS:,}, or take an export of this API.",
            field="limit",
        )


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
    """Like `events_of`, but with one row per side of an event, as in a monadic table. Earlier pages are not built."""
    found, left = narrowed(expressible(), asked)
    if left:
        _count, rows = events_of(asked, slice(0, None))
        shown = list(islice(chain.from_iterable(map(dyadic_rows.sides, rows)), part.start, part.stop))
        return len(shown), shown
    sides = Case(When(first_b="", then=Value(1)), default=Value(2))
    order = [F("sorts_on"), F("event")]
    counted_sides = found.annotate(sides=sides, until=Window(Sum(sides), order_by=order))
    counted_sides = counted_sides.filter(until__gt=part.start)
    if part.stop is not None:
        counted_sides = counted_sides.filter(until__lt=part.stop + 2)
    keys = list(counted_sides.order_by("until").values_list("event", "sides", "until")[: MOST_ROWS + 1])
    refuse_too_many(len(keys))
    if not keys:
        return 0, []
    before = keys[0][2] - keys[0][1]
    last = keys[-1][2] if part.stop is None else min(part.stop, keys[-1][2])
    rows = chain.from_iterable(map(dyadic_rows.sides, map(dyadic_rows.row, events(key for key, *_ in keys))))
    return last - part.start, islice(rows, part.start - before, last - before)


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
    sides = Func(F("side_a"), F("side_b"), template="%(expressions)s", arg_joiner=" || ")
    name = Func(sides, function="unnest", output_field=CharField(), set_returning=True)
    rows = expressible().order_by().annotate(name=name).values("name")
    days = rows.annotate(first=Min("first_day"), last=Max("first_day"), number=Count("event", distinct=True))
    found = {row["name"]: row for row in days if row["name"]}
    return [
        counted({"actor_name": name}, row["first"], row["last"], row["number"]) for name, row in sorted(found.items())
    ]


def actor_types() -> list[Row]:
    """Types of the first actors of both sides, with first and last day and number of their events."""
    types, found = codes(), dict[int, tuple[date, date, int]]()
    rows = expressible().order_by().annotate(one=F("first_a"), other=F("first_b")).values_list("one", "other")
    for first, second, begin, end, number in rows.annotate(Min("first_day"), Max("first_day"), Count("event")):
        for code in {types.get(first, 0), types.get(second, 0)} - {0}:
            known = found.get(code, (begin, end, 0))
            found[code] = min(known[0], begin), max(known[1], end), known[2] + number
    return [
        counted({"actor_type_id": code, "actor_type_name": dyadic_rows.TYPE_NAMES[code]}, *days)
        for code, days in sorted(found.items())
    ]


def by_place(row_of: Callable[[Place], Row]) -> list[Row]:
    """Rows with event counts for each distinct value that `row_of` derives from a place, such as its country."""
    places = places_of()
    rows = expressible().order_by().values_list("location").annotate(Min("first_day"), Max("first_day"), Count("pk"))
    found: dict[tuple[Any, ...], Row] = {}
    for key, first, last, number in rows:
        row = counted(row_of(places.get(key, NOWHERE)), first, last, number)
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
    return {"region": place.codes.acled_region, "region_name": ACLED_REGIONS[place.codes.acled_region]}


ROWS: dict[str, Callable[[], list[Row]]] = {
    "deleted": withdrawn_events,
    "actor": actors,
    "actortype": actor_types,
    "country": lambda: by_place(country),
    "region": lambda: by_place(region),
    "cast": list,
}
