"""Views of the compatibility shapes: the paging, the envelopes and the parameters that existing scripts use."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from rest_framework.request import Request

from conflict.api.compat import conditions, dyadic, georeferenced
from conflict.api.compat.conditions import Row, Table
from conflict.api.compat.countries import CODES, UNKNOWN
from conflict.api.compat.events import events
from conflict.api.errors import NotThere, Refusal
from conflict.api.formats.json import written
from conflict.api.formats.table import escaped
from conflict.api.parameters import Number, Parameter, Term
from conflict.api.public import public
from conflict.api.reading import ReadingView
from conflict.record.models import Tombstone


class Georeferenced(ReadingView):
    """Events of deadly violence, one row each with low, best and high, in the columns of UCDP's GED; not UCDP's data.

    `version` YY.1 means events up to the end of the year before 20YY. Pages count from 1; page 0
    has rows only where one page holds them all, so that both known loops read each row once.
    Left out, because the shape has no place for it: who gave a figure and who denied it, findings,
    events without a figure, events without a first day, uncertainty beyond a number.
    """

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
            raise NotThere(f"There is no table “{table}” here, only events.", code="not_found")
        size = self.value("pagesize") or 100
        page = self.value("page") if "page" in self.asked else 1
        rows = [row for row in self.rows(version) if self.fits(row)]
        pages = -(-len(rows) // size)
        if page == 0 and pages == 1:
            shown, pages = rows, 0
        else:
            shown = rows[(page - 1) * size : page * size] if page else []
        return written(
            {
                "TotalCount": len(rows),
                "TotalPages": pages,
                "PreviousPageUrl": self.url(page - 1) if 1 < page <= pages + 1 else "",
                "NextPageUrl": self.url(page + 1) if page < pages else "",
                "Result": shown,
            }
        )

    def rows(self, version: str) -> Iterator[Row]:
        last_year = 2000 + int(version.split(".")[0]) - 1
        start, end = self.day("startdate"), self.day("enddate")
        for event in events():
            if not georeferenced.is_expressible(event) or event.first_day.year > last_year:
                continue
            if (start and (event.last_day or date.max) < start) or (end and event.first_day > end):
                continue
            yield georeferenced.row(event)

    def fits(self, row: Row) -> bool:
        wanted = {
            "id": {row["id"]},
            "country": {row["country_id"]},
            "typeofviolence": {row["type_of_violence"]},
            "dyad": {row["dyad_new_id"]},
            "actor": {row["side_a_new_id"], row["side_b_new_id"]},
        }
        return all(
            self.numbers(name) & have for name, have in wanted.items() if name in self.asked
        ) and self.lies_in_box(row)

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

    def lies_in_box(self, row: Row) -> bool:
        if "geography" not in self.asked:
            return True
        numbers = re.findall(r"-?\d{1,3}(?:\.\d{1,12})?", self.asked["geography"])
        if len(numbers) != 4 or not re.fullmatch(r"[-\d. ]+,[-\d. ]+", self.asked["geography"]):
            raise Refusal("geography is a box: `lat lon,lat lon`.", field="geography")
        south, west, north, east = map(float, numbers)
        if south > north or west > east:
            raise Refusal("geography starts in the south-west and ends in the north-east.", field="geography")
        return row["latitude"] is not None and south <= row["latitude"] <= north and west <= row["longitude"] <= east

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
CREDENTIALS = ("key", "api_key", "email", "access_token")  # accepted, because scripts send them; neither read nor kept


class Dyadic(ReadingView):
    """Events with two parties and one figure, in the 31 columns that ACLED exports; not ACLED's data.

    Any column is a parameter; `COLUMN_where` takes `=`, `>`, `<`, `>=`, `<=`, `LIKE`, `BETWEEN`; `|` parts values and
    `:OR:` columns. `fatalities` is the lowest figure that holds every account, and 0 where nobody gave one. Left out,
    because the shape has no place for it: who gave a figure and who denied it, findings, kinds of events that the
    shape has no word for, events that nobody is said to have done, events without a first day.
    """

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

    def get(self, request: Request, table: str) -> HttpResponse:
        if table not in TABLES:
            raise NotThere(f"There is no table “{table}” here. There are: {', '.join(TABLES)}.", code="not_found")
        self.value("export_type")  # refused where it is not what is answered anyway
        columns = self.columns(TABLES[table])
        conditions_asked = TABLES[table].conditions(self.asked)
        rows = [row for row in rows_of(table) if all(holds(row) for holds in conditions_asked)]
        limit = USUAL_LIMIT if self.value("limit") is None else self.value("limit")
        first = ((self.value("page") or 1) - 1) * limit
        shown = [{name: row[name] for name in columns} for row in (rows[first : first + limit] if limit else rows)]
        if self.value("_format") == ["csv"]:
            return as_csv(shown, columns)
        return written({"status": 200, "success": True, "count": len(shown), "data": shown})

    def columns(self, table: Table) -> list[str]:
        named = self.asked["fields"].split(conditions.ANY) if "fields" in self.asked else list(table.types)
        if strange := [name for name in named if name not in table.types]:
            raise Refusal(
                f"There is no column “{strange[0][:60]}”. There are: {', '.join(table.types)}.", field="fields"
            )
        return named


def rows_of(table: str) -> Iterable[Row]:
    if table == "deleted":
        stones = public(Tombstone).filter(entry_kind="event").order_by("withdrawn_at", "key")
        return [
            {"event_id_cnty": key, "deleted_timestamp": int(at.timestamp())}
            for key, at in stones.values_list("key", "withdrawn_at")
        ]
    found = (dyadic.row(event) for event in events() if dyadic.is_expressible(event))
    if table == "actor":
        return counted(found, lambda row: [{"actor_name": name} for name in names_in(row)])
    if table == "country":
        return counted(found, lambda row: [{"country": row["country"], "iso": row["iso"], "iso3": row_iso3(row)}])
    if table == "region":
        return counted(found, lambda row: [{"region": row["region"], "region_name": "Western Africa"}])
    return found


def names_in(row: Row) -> list[str]:
    assisting = f"{row['assoc_actor_1']}; {row['assoc_actor_2']}".split("; ")
    return sorted({name for name in (row["actor1"], row["actor2"], *assisting) if name})


def row_iso3(row: Row) -> str:
    return CODES.get(row["country"], UNKNOWN).iso3


def counted(rows: Iterable[Row], names: Any) -> list[Row]:
    """One row for each thing that events name, with the first and the last of its days and their number."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        for thing in names(row):
            day = row["event_date"]
            known = found.setdefault(
                tuple(thing.values()), {**thing, "first_event_date": day, "last_event_date": day, "event_count": 0}
            )
            known["first_event_date"] = min(day, known["first_event_date"])
            known["last_event_date"] = max(day, known["last_event_date"])
            known["event_count"] += 1
    return sorted(found.values(), key=lambda row: str(next(iter(row.values()))))


def as_csv(rows: list[Row], columns: list[str]) -> HttpResponse:
    text = io.StringIO()
    line = csv.writer(text)
    line.writerow(columns)
    line.writerows([escaped(row[name]) for name in columns] for row in rows)
    return HttpResponse(text.getvalue().encode(), content_type="text/csv")
