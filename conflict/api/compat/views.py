"""Views of the compatibility shapes: the paging, the envelopes and the parameters that existing scripts use."""

import csv
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from rest_framework.request import Request

from conflict.api.base import ReadOnlyView
from conflict.api.compat import conditions, dyadic, georeferenced
from conflict.api.compat.conditions import Either, Row, Table, holding
from conflict.api.compat.countries import CODES, UNKNOWN
from conflict.api.compat.events import AT_ONCE, NOWHERE, Place, events, places_of
from conflict.api.compat.queries import expressible, narrowed
from conflict.api.formats.table import Echo, escaped
from conflict.public import queries
from conflict.public.exceptions import NotFound, Refusal
from conflict.public.json_responses import ready, written
from conflict.public.parameters import Number, Parameter, Term
from conflict.record.models import PublishedIncident, PublishedLocation, Tombstone
from conflict.vocabulary import LocationKind


class Georeferenced(ReadOnlyView):
    """Events of deadly violence, one row each with low, best and high, in the columns of UCDP's GED; not UCDP's data.

    `version` YY.1 means events up to the end of the year before 20YY. Pages count from 1; page 0
    has rows only where one page holds them all, so that both known loops read each row once.
    Left out, because the shape has no place for it: who gave a figure and who denied it, findings,
    events without a figure, events without a first day, uncertainty beyond a number.
    """

    path_patterns = {"table": "(events|gedevents)", "version": r"\d\d\.\d{1,2}"}
    PARAMETERS = {
        "pagesize": Number("Rows of a page.", 1, 1000),
        "page": Number("From 1; 0 answers the counts.", 0),
        "id": Parameter("One or more ids, separated by commas."),
        "country": Parameter("Gleditsch–Ward codes, separated by commas: Mali is 432."),
        "geography": Parameter("A box: `lat lon,lat lon`, its south-west and north-east corners."),
        "startdate": Parameter("Ends on this date or later: YYYY-MM-DD."),
        "enddate": Parameter("Starts on this date or earlier: YYYY-MM-DD."),
        "typeofviolence": Parameter("1 state-based, 2 non-state, 3 one-sided; several separated by commas."),
        "dyad": Parameter("Ids of dyads (`dyad_new_id`), separated by commas."),
        "actor": Parameter("Ids of actors (`side_a_new_id`, `side_b_new_id`), separated by commas."),
    }

    @property
    def parameters(self) -> dict[str, Parameter]:
        return self.PARAMETERS

    def question(self, request: Request) -> QueryDict:
        """Names of parameters count in any case, as in the scripts."""
        query = QueryDict(mutable=True)
        for name, values in request.query_params.lists():
            query.setlist(name.lower(), values)
        return query

    def get(self, request: Request, table: str, version: str) -> HttpResponse:
        if table not in ("events", "gedevents"):
            raise NotFound(f"There is no table “{table}” here, only events.", code="not_found")
        size = self.value("pagesize") or 100
        page = self.value("page") if "page" in self.asked else 1
        found = self.found(version)
        total = found.count()
        pages = -(-total // size)
        if page == 0 and pages == 1:
            keys, pages = found, 0
        else:
            keys = found[(page - 1) * size : page * size] if page else found.none()
        return written(
            {
                "TotalCount": total,
                "TotalPages": pages,
                "PreviousPageUrl": self.url(page - 1) if 1 < page <= pages + 1 else "",
                "NextPageUrl": self.url(page + 1) if page < pages else "",
                "Result": [georeferenced.row(event) for event in events(list(keys))],
            }
        )

    def found(self, version: str) -> QuerySet[Any]:
        """Keys of the events asked for, in order: deadly violence with a figure, as the shape has none for “not known”."""
        rows: Any = queries.rows(PublishedIncident)
        rows = rows.deadly().between(self.day("startdate"), self.day("enddate"))
        rows = rows.filter(kind__in=georeferenced.VIOLENT)
        rows = rows.filter(first_day__lt=date(2000 + int(version.split(".")[0]), 1, 1))
        for name, column in (("id", "number"), ("typeofviolence", "violence"), ("dyad", "dyad_number")):
            if name in self.asked:
                rows = rows.filter(**{f"{column}__in": self.numbers(name)})
        if "actor" in self.asked:
            actors = self.numbers("actor")
            rows = rows.filter(Q(side_a_number__in=actors) | Q(side_b_number__in=actors))
        if "country" in self.asked:
            rows = rows.filter(self.lies_in(self.numbers("country")))
        if "geography" in self.asked:
            south, west, north, east = self.box()
            rows = rows.filter(location__latitude__range=(south, north), location__longitude__range=(west, east))
        keys: QuerySet[Any] = rows.order_by("sorts_on", "event").values_list("event", flat=True)
        return keys

    def lies_in(self, codes: Collection[int]) -> Q:
        """In a country with one of these codes; 0 is what has none."""
        names = [name for name, of in CODES.items() if of.gleditsch_ward in codes]
        countries = queries.rows(PublishedLocation).filter(kind=LocationKind.COUNTRY)
        inside = Q(location__path__overlap=list(countries.filter(label__in=names).values_list("pk", flat=True)))
        if UNKNOWN.gleditsch_ward not in codes:
            return inside
        known = list(countries.filter(label__in=CODES).values_list("pk", flat=True))
        return inside | Q(location__isnull=True) | ~Q(location__path__overlap=known)

    def numbers(self, name: str) -> set[int]:
        parts = self.asked[name].split(",")
        if not all(re.fullmatch(r" *\d{1,15} *", part) for part in parts):
            raise Refusal(f"{name} takes whole numbers, separated by commas.", field=name)
        return {int(part) for part in parts}

    def day(self, name: str) -> date | None:
        text = self.asked.get(name)
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError as wrong:
            raise Refusal(f"“{text}” is not a date: write YYYY-MM-DD.", field=name) from wrong

    def box(self) -> list[float]:
        """South, west, north and east."""
        numbers = re.findall(r"-?\d{1,3}(?:\.\d{1,12})?", self.asked["geography"])
        if len(numbers) != 4 or not re.fullmatch(r"[-\d. ]+,[-\d. ]+", self.asked["geography"]):
            raise Refusal("geography is a box: `lat lon,lat lon`.", field="geography")
        south, west, north, east = map(float, numbers)
        if south > north or west > east:
            raise Refusal("geography starts in the south-west and ends in the north-east.", field="geography")
        return [south, west, north, east]

    def url(self, page: int) -> str:
        query = self.request.query_params.copy()
        for name in list(query):
            if name.lower() == "page":
                del query[name]
        query["page"] = str(page)
        return str(self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}"))


COUNTED = {"first_event_date": date, "last_event_date": date, "event_count": int}
NUMBERS = ("year", "time_precision", "inter1", "inter2", "interaction", "iso", "region", "latitude", "longitude")
EVENTS = Table(
    {
        **dict.fromkeys(dyadic.COLUMNS, str),
        **dict.fromkeys((*NUMBERS, "geo_precision", "fatalities", "timestamp"), float),
        "event_date": date,
    },
    {"country": "=", "timestamp": ">="},
)
TABLES = {
    "events": EVENTS,
    "acled": EVENTS,  # the path that the client known by this name appends to its host
    "deleted": Table({"event_id_cnty": str, "deleted_timestamp": float}, {"deleted_timestamp": ">="}),
    "actor": Table({"actor_name": str, **COUNTED}, {}),
    "country": Table({"country": str, "iso": float, "iso3": str, **COUNTED}, {"country": "="}),
    "region": Table({"region": float, "region_name": str, **COUNTED}, {}),
}
USUAL_LIMIT = 5000
LOOKED_AT = 20_000  # events that are compared one by one for an answer; the rest is asked in SQL
CREDENTIALS = ("key", "api_key", "email", "access_token")  # accepted, because scripts send them; neither read nor kept


class Dyadic(ReadOnlyView):
    """Events with two parties and one figure, in the 31 columns that ACLED exports; not ACLED's data.

    Any column is a parameter; `COLUMN_where` takes `=`, `>`, `<`, `>=`, `<=`, `LIKE`, `BETWEEN`; `|` parts values and
    `:OR:` columns. `fatalities` is the lowest figure that holds every account, and 0 where nobody gave one. Left out,
    because the shape has no place for it: who gave a figure and who denied it, findings, kinds of events that the
    shape has no word for, events that nobody is said to have done, events without a first day.
    """

    path_patterns = {"table": "(events|acled|deleted|actor|country|region)"}
    other_types = ("text/csv",)

    @property
    def known_parameters(self) -> dict[str, Parameter]:
        return self.parameters  # the shape's own `_format` says the format

    @property
    def parameters(self) -> dict[str, Parameter]:
        columns = (
            TABLES.get(self.kwargs.get("table", "events"), EVENTS).types if hasattr(self, "kwargs") else EVENTS.types
        )
        return {
            **{name: Parameter("Values of this column.", max_length=1000) for name in columns},
            **{f"{name}_where": Parameter(f"How {name} is compared.", max_length=10) for name in columns},
            "fields": Parameter("Columns to show, separated by |.", max_length=1000),
            "limit": Number(f"Rows of a page; {USUAL_LIMIT} when not given, 0 for all.", 0),
            "page": Number("From 1.", 1),
            "_format": Term("The format of the answer.", ["json", "csv"]),
            "export_type": Term("One row an event.", ["dyadic"]),
            **{name: Parameter("Neither needed nor read.", max_length=2000) for name in CREDENTIALS},
        }

    def question(self, request: Request) -> QueryDict:
        query = request.query_params.copy()
        for name in CREDENTIALS:
            query.pop(name, None)
        return query

    def handle_exception(self, exception: Exception) -> Any:
        """Refusals say their message once more in the words of the scripts."""
        response = super().handle_exception(exception)
        if isinstance(response, HttpResponse) and response.status_code >= 400:
            said = json.loads(response.content)
            shape = {"status": response.status_code, "success": False, "error": [{"message": said["message"]}]}
            response.content = json.dumps({**said, **shape}, ensure_ascii=False).encode()
        return response

    def get(self, request: Request, table: str) -> HttpResponseBase:
        if table not in TABLES:
            raise NotFound(f"There is no table “{table}” here. There are: {', '.join(TABLES)}.", code="not_found")
        self.value("export_type")  # refused where it is not what is answered anyway
        columns = self.columns(TABLES[table])
        asked = TABLES[table].conditions(self.asked)
        limit = USUAL_LIMIT if self.value("limit") is None else self.value("limit")
        first = ((self.value("page") or 1) - 1) * limit
        part = slice(first, first + limit if limit else None)
        count, rows = events_of(asked, part) if TABLES[table] is EVENTS else others_of(table, asked, part)
        shown = ({name: row[name] for name in columns} for row in rows)
        if self.value("_format") == "csv":
            return StreamingHttpResponse(as_csv(shown, columns), content_type="text/csv; charset=utf-8")
        if count > USUAL_LIMIT:
            return StreamingHttpResponse(as_json(count, shown), content_type="application/json")
        return ready(b"".join(as_json(count, shown)))

    def columns(self, table: Table) -> list[str]:
        named = self.asked["fields"].split(conditions.ANY) if "fields" in self.asked else list(table.types)
        if strange := [name for name in named if name not in table.types]:
            raise Refusal(
                f"There is no column “{strange[0][:60]}”. There are: {', '.join(table.types)}.", field="fields"
            )
        return named


def events_of(asked: Sequence[Either], part: slice) -> tuple[int, Iterable[Row]]:
    """How many events are in this part of those asked for, and their rows, which are made as they are read."""
    found, left = narrowed(expressible(), asked)
    keys = found.values_list("event", flat=True)
    if not left:
        shown = list(keys[part])
        return len(shown), map(dyadic.row, events(shown))
    fitting = (
        row for row in _not_too_many(map(dyadic.row, events(keys.iterator(AT_ONCE))), left) if holding(row, left)
    )
    rows = list(islice(fitting, part.start, part.stop))
    return len(rows), rows


def _not_too_many(rows: Iterable[Row], asked: Sequence[Either]) -> Iterator[Row]:
    """The rows, up to as many as one answer may look at. Raises Refusal."""
    for number, row in enumerate(rows):
        if number == LOOKED_AT:
            column = asked[0][0].column
            raise Refusal(
                f"{column} is compared event by event, and {LOOKED_AT:,} were not enough: "
                "narrow the events by year, country, event_type or actor1 as well.",
                field=column,
            )
        yield row


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
    """Everybody on a side, by name, with the first and the last day of their events and their number."""
    found: dict[str, list[date]] = {}
    rows = expressible().order_by().values_list("side_a", "side_b", "first_day")
    for side_a, side_b, day in rows.iterator(chunk_size=AT_ONCE * 10):
        for name in {*side_a, *side_b} - {""}:
            found.setdefault(name, []).append(day)
    return [counted({"actor_name": name}, min(days), max(days), len(days)) for name, days in sorted(found.items())]


def by_place(told: Callable[[Place], Row]) -> list[Row]:
    """The same for what a place says, such as its country."""
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
    return {"region": dyadic.WESTERN_AFRICA, "region_name": "Western Africa"}


ROWS: dict[str, Callable[[], list[Row]]] = {
    "deleted": withdrawn_events,
    "actor": actors,
    "country": lambda: by_place(country),
    "region": lambda: by_place(region),
}


def as_json(count: int, rows: Iterable[Row]) -> Iterator[bytes]:
    yield b'{"status":200,"success":true,"count":%d,"data":[' % count
    between = b""
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        between = b","
    yield b"]}"


def as_csv(rows: Iterable[Row], columns: list[str]) -> Iterator[bytes]:
    line = csv.writer(Echo())
    yield line.writerow(columns)
    for row in rows:
        yield line.writerow([escaped(row[name]) for name in columns])
