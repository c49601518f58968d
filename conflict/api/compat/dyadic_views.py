"""View of the dyadic format, with the paging, envelope and parameters that scripts for ACLED's API use."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse, QueryDict, StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from conflict.api.base import ReadOnlyView
from conflict.api.compat import conditions, dyadic_rows
from conflict.api.compat.conditions import Row, Table
from conflict.api.compat.dyadic_tables import EVENTS, MOST_ROWS, TABLES, events_of, others_of, parties_of
from conflict.documents.tables.csv_lines import END, written
from conflict.public.exceptions import NotFound, Refusal
from conflict.public.json_responses import ready
from conflict.public.parameters import Number, Parameter, Term
from conflict.public.throttles import ReadThrottle

USUAL_LIMIT = 5000
MONADIC = "monadic"
CREDENTIALS = ("key", "api_key", "email", "access_token")  # accepted because scripts send them; neither read nor stored
UNREAD = ("terms", "population")  # terms of use, and population figures, which this chronology does not have


class Dyadic(ReadOnlyView):
    """Events with two parties and one figure, in the 31 columns that ACLED exports; not ACLED's data.

    Every column is a parameter; `COLUMN_where` takes `=`, `>`, `<`, `>=`, `<=`, `LIKE`, `BETWEEN`; `|` separates values
    and `:OR:` alternatives, for the same column or another one (`country=A:OR:country=B`). Parameters without a
    value are ignored. `fatalities` is the lowest figure that is consistent with every account, and 0 if there are none.
    `read.csv` is `read` with `_format=csv`. `cast` has no rows, because this chronology makes no forecasts. The format
    has no room for the following, so they are left out: who gave a figure and who denied it, findings, kinds of events
    that the format does not know, events without a known actor, events without a first day, and population figures
    (`population`).
    """

    path_patterns = {"table": f"({'|'.join(TABLES)})"}
    other_types = ("text/csv",)
    file_format = ""  # set if the URL names one

    @property
    def known_parameters(self) -> dict[str, Parameter]:
        return self.parameters  # without `format`: these scripts use `_format`

    @property
    def parameters(self) -> dict[str, Parameter]:
        columns = (
            TABLES.get(self.kwargs.get("table", "events"), EVENTS).types if hasattr(self, "kwargs") else EVENTS.types
        )
        return {
            **{name: Parameter("Values of this column.", max_length=conditions.LONGEST) for name in columns},
            **{f"{name}_where": Parameter(f"How {name} is compared.", max_length=10) for name in columns},
            "fields": Parameter("Columns to show, separated by |.", max_length=1000),
            "limit": Number(f"Rows of a page; {USUAL_LIMIT} when not given, 0 for all; up to {MOST_ROWS} events.", 0),
            "page": Number("From 1.", 1),
            "_format": Term("The format of the answer.", ["json", "csv"]),
            "export_type": Term("One row an event, or one for each of its sides.", ["dyadic", MONADIC]),
            "inter_num": Term("`0` names the types of actors in words instead of numbers.", ["0", "1"]),
            **{name: Parameter("Neither needed nor read.", max_length=2000) for name in (*CREDENTIALS, *UNREAD)},
        }

    def question(self, request: Request) -> QueryDict:
        """Query parameters without credentials and without empty ones."""
        query = QueryDict(mutable=True)
        for name, values in request.query_params.lists():
            if name not in (*CREDENTIALS, *UNREAD) and (given := [value for value in values if value.strip()]):
                query.setlist(name, given)
        return query

    def handle_exception(self, exception: Exception) -> Any:
        """Repeat a refusal's message under the names that scripts expect."""
        response = super().handle_exception(exception)
        if isinstance(response, HttpResponse) and response.status_code >= 400:
            error = json.loads(response.content)
            shape = {"status": response.status_code, "success": False, "error": [{"message": error["message"]}]}
            response.content = json.dumps({**error, **shape}, ensure_ascii=False).encode()
        return response

    def get(self, request: Request, table: str) -> HttpResponseBase:
        if table not in TABLES:
            raise NotFound(f"There is no table “{table}” here. There are: {', '.join(TABLES)}.", code="not_found")
        columns = self.columns(TABLES[table])
        asked = TABLES[table].conditions(self.asked)
        limit = USUAL_LIMIT if self.value("limit") is None else self.value("limit")
        first = ((self.value("page") or 1) - 1) * limit
        count, rows = self.rows(table, asked, slice(first, first + limit if limit else None))
        if TABLES[table] is EVENTS:
            rows = map(dyadic_rows.with_region, rows)
            rows = map(dyadic_rows.in_words, rows) if self.value("inter_num") == "0" else rows
        selected = ({name: row[name] for name in columns} for row in rows)
        if (self.value("_format") or self.file_format) == "csv":
            return StreamingHttpResponse(as_csv(selected, columns), content_type="text/csv; charset=utf-8")
        if count > USUAL_LIMIT:
            return StreamingHttpResponse(as_json(count, selected), content_type="application/json")
        return ready(b"".join(as_json(count, selected)))

    def rows(self, table: str, asked: list[conditions.Either], part: slice) -> tuple[int, Iterable[Row]]:
        one_for_each_side = self.value("export_type") == MONADIC
        if TABLES[table] is not EVENTS:
            return others_of(table, asked, part)
        return parties_of(asked, part) if one_for_each_side else events_of(asked, part)

    def columns(self, table: Table) -> list[str]:
        named = self.asked["fields"].split(conditions.ANY) if "fields" in self.asked else list(table.types)
        if strange := [name for name in named if name not in table.types]:
            raise Refusal(
                f"There is no column “{strange[0][:60]}”. There are: {', '.join(table.types)}.", field="fields"
            )
        return named


class DyadicFile(Dyadic):
    """A table as a file whose extension gives the format: `read.csv`, `read.json`."""

    schema = None

    def get(self, request: Request, table: str, file_format: str) -> HttpResponseBase:  # type: ignore[override]
        self.file_format = file_format
        return super().get(request, table)


class DyadicToken(APIView):
    """Token for scripts that sign in first, as the package acledR does: anybody's, since reading needs none.

    What they send is not read.
    """

    schema = None
    authentication_classes: list[Any] = []
    throttle_classes = [ReadThrottle]
    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponse:
        token = {"access_token": "anybody", "token_type": "Bearer", "expires_in": 86_400, "refresh_token": "anybody"}
        return JsonResponse(token, headers={"Cache-Control": "no-store"})


def as_json(count: int, rows: Iterable[Row]) -> Iterator[bytes]:
    yield b'{"status":200,"success":true,"count":%d,"data":[' % count
    between = b""
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        between = b","
    yield b"]}"


def as_csv(rows: Iterable[Row], columns: list[str]) -> Iterator[bytes]:
    yield (",".join(columns) + END).encode()
    for row in rows:
        yield (",".join([written(row[name]) for name in columns]) + END).encode()
