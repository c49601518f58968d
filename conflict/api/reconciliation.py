"""Reconciliation service: which entry here does a name in somebody's table mean? Version 0.2 of the protocol of the
W3C Entity Reconciliation Community Group, which OpenRefine speaks.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

from conflict.api import candidates
from conflict.api.base import ReadOnlyView
from conflict.api.candidates import NAMES, PROPERTIES, TYPES
from conflict.api.headers import answer_preflight
from conflict.public import queries
from conflict.public.exceptions import NotFound, Refusal
from conflict.public.json_responses import written
from conflict.public.parameters import Number, Parameter, Term

QUERIES, IDS, CANDIDATES = 50, 200, 25  # at most, in one request
USUAL = 5  # candidates of one query
LONGEST = 500_000  # characters of a batch
WORDS = 300  # characters of a name
Json = dict[str, Any]


class ReconciliationView(ReadOnlyView):
    """Manifest of the service; with `queries`, candidates for each; with `extend`, properties of entries.

    Both are JSON and may be sent in the address or, better, as a form by POST.
    """

    schema = None  # the protocol has a description of its own
    http_method_names = ["get", "head", "post", "options"]
    parser_classes = [FormParser, MultiPartParser]
    parameters = {
        "queries": Parameter("Names to find, as JSON: a query by an id of your own.", max_length=LONGEST),
        "extend": Parameter("Entries and properties to read, as JSON.", max_length=LONGEST),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.depends_on = (hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest(),)
        super().initial(request, *args, **kwargs)

    def question(self, request: Request) -> QueryDict:
        sent: Any = request.data if request.method == "POST" else request.query_params
        return without_empty(sent)

    def get(self, request: Request) -> HttpResponse:
        if "queries" in self.asked:
            return written({name: {"result": _result(name, query)} for name, query in self.batch("queries").items()})
        if "extend" in self.asked:
            return written(_extension(self.batch("extend"), request))
        return written(manifest(request))

    post = get

    def batch(self, name: str) -> Json:
        try:
            read = json.loads(self.asked[name])
        except (ValueError, RecursionError) as fault:
            raise Refusal(f"{name} is not JSON.", field=name) from fault
        if not isinstance(read, dict):
            raise Refusal(f"{name} is no JSON object.", field=name)
        if name == "queries" and len(read) > QUERIES:
            raise Refusal(f"At most {QUERIES} queries go into one request; these are {len(read)}.", field=name)
        return read

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = answer_preflight(HttpResponse(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"}))
        response["Access-Control-Allow-Methods"] = response["Allow"]
        return response


def without_empty(query: QueryDict) -> QueryDict:
    """The parameters without empty ones, which clients of this protocol send for what they leave open."""
    asked = QueryDict(mutable=True)
    for name, values in query.lists():
        if filled := [value for value in values if value]:
            asked.setlist(name, filled)
    return asked


def manifest(request: Request) -> Json:
    site = request.build_absolute_uri("/").rstrip("/")
    here = reverse("api:reconciliation").rstrip("/")

    def service(path: str) -> Json:
        return {"service_url": site, "service_path": path}

    return {
        "versions": ["0.2"],
        "name": settings.CHRONOLOGY.name,
        "identifierSpace": f"{site}/",
        "schemaSpace": request.build_absolute_uri(reverse("api:schema")),
        "documentation": request.build_absolute_uri(reverse("api:docs")),
        "defaultTypes": [{"id": name, "name": NAMES[name]} for name in TYPES],
        "view": {"url": f"{site}/{{{{id}}}}/"},
        "preview": {"url": f"{site}/embed/{{{{id}}}}/", "width": 400, "height": 220},
        "batchSize": QUERIES,
        "suggest": {what: service(f"{here}/suggest/{what}/") for what in ("entity", "type", "property")},
        "extend": {"propose_properties": service(f"{here}/properties/"), "property_settings": []},
    }


def _result(name: str, query: Any) -> list[Json]:
    if not isinstance(query, dict) or not ({"query", "properties"} & query.keys()):
        raise Refusal(f"The query “{name[:60]}” has neither `query` nor `properties`.", field="queries")
    words, properties = query.get("query", ""), query.get("properties") or []
    limit = query.get("limit", USUAL)
    if not isinstance(words, str) or not isinstance(properties, list) or not isinstance(limit, int):
        raise Refusal(f"The query “{name[:60]}” is not as the protocol has it.", field="queries")
    found = candidates.candidates(
        words[:WORDS].replace("\0", " ").strip(),
        _types(name, query.get("type")),
        [_property(name, each) for each in properties],
        max(1, min(limit, CANDIDATES)),
    )
    return [candidate.as_dict() for candidate in found]


def _types(name: str, asked: Any) -> list[str]:
    """Types that a query names; all of them if it names none."""
    types: list[Any] = asked if isinstance(asked, list) else [asked] if asked else []
    if unknown := [str(each) for each in types if each not in list(TYPES)]:
        raise Refusal(f"The query “{name[:60]}” asks for a type {unknown[0][:60]}; there are {', '.join(TYPES)}.", field="queries")  # fmt: skip
    return types or list(TYPES)


def _property(name: str, given: Any) -> tuple[str, list[Any]]:
    if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise Refusal(f"A property of the query “{name[:60]}” has no `pid` or no `v`.", field="queries")
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    return given["pid"], values[:10]


def _extension(asked: Json, request: Request) -> Json:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(one, str) for one in ids):
        raise Refusal("extend has a list of `ids` and a list of `properties`.", field="extend")
    if len(ids) > IDS:
        raise Refusal(f"At most {IDS} ids go into one request; these are {len(ids)}.", field="extend")
    wanted = [str(each.get("id")) for each in properties if isinstance(each, dict)]
    if unknown := [pid[:60] for pid in wanted if pid not in PROPERTIES]:
        raise Refusal(f"There is no property {unknown[0]}; there are {', '.join(PROPERTIES)}.", field="extend")
    bodies = _bodies(ids)
    site = request.build_absolute_uri("/").rstrip("/")
    rows = {one: {pid: _cells(pid, bodies.get(one), site) for pid in wanted} for one in ids}
    return {"meta": [{"id": pid, "name": PROPERTIES[pid].name} for pid in wanted], "rows": rows}


def _bodies(ids: list[str]) -> dict[str, tuple[str, Any]]:
    """Kind and body of each public entry among these, by its identifier; one query a kind."""
    entries = {one: found for one in ids if (found := candidates.entry_of(one))}
    rows = {
        (kind, row.key): queries.body(row)
        for kind in {kind for kind, _ in entries.values()}
        for row in queries.entries(kind).filter(key__in=[key for of, key in entries.values() if of == kind])
    }
    return {one: (found[0], rows[found]) for one, found in entries.items() if found in rows}


def _cells(pid: str, found: tuple[str, Any] | None, site: str) -> list[Json]:
    if found is None or found[0] not in PROPERTIES[pid].kinds:
        return []
    values = candidates.value_of(pid, *found)
    return [
        dict(value)
        if isinstance(value, Mapping)
        else {"float": value}
        if isinstance(value, float)
        else {"str": f"{site}{value}" if pid == "page" else str(value)}
        for value in values
    ]


# Parameters of the Freebase Suggest widget, which OpenRefine sends with whatever is typed. None of them narrows anything.
OF_THE_WIDGET = ("key", "filter", "spell", "exact", "lang", "scoring", "prefixed", "stemmed", "mql_output", "output")


class SuggestView(ReadOnlyView):
    """Entities, types or properties that begin with, or are like, what was typed."""

    schema = None
    parameters = {
        "prefix": Parameter("What was typed.", max_length=WORDS),
        "cursor": Number("How many were shown before.", 0),
        "type": Parameter("Only entities, or properties of entities, of this type."),
    }

    def question(self, request: Request) -> QueryDict:
        asked = without_empty(request.query_params)
        for name in OF_THE_WIDGET:
            asked.pop(name, None)
        return asked

    def get(self, request: Request, what: str) -> HttpResponse:
        prefix, start = self.value("prefix") or "", self.value("cursor") or 0
        types = _types("prefix", self.asked.get("type"))
        if what == "entity":
            found = [
                {"id": one.id, "name": one.name, "description": one.description, "notable": [{"id": one.type, "name": NAMES[one.type]}]}
                for one in candidates.suggestions(prefix, types, CANDIDATES)
            ]  # fmt: skip
        elif what == "type":
            found = [{"id": one, "name": NAMES[one]} for one in TYPES if prefix.casefold() in NAMES[one].casefold()]
        elif what == "property":
            found = [
                {"id": one.key, "name": one.name}
                for one in PROPERTIES.values()
                if prefix.casefold() in f"{one.key} {one.name}".casefold()
                and not one.kinds.isdisjoint(TYPES[name] for name in types)
            ]
        else:
            raise NotFound(f"There are no suggestions of “{what}”: entity, type or property.", code="not_found")
        return written({"result": found[start:]})


class PropertiesView(ReadOnlyView):
    """Properties that entries of a type have, for data extension."""

    schema = None
    parameters = {"type": Term("Only those of this type.", list(TYPES)), "limit": Number("At most so many.", 1)}

    def question(self, request: Request) -> QueryDict:
        return without_empty(request.query_params)

    def get(self, request: Request) -> HttpResponse:
        name = self.asked.get("type")
        kind = TYPES[name] if name else None
        found = [{"id": one.key, "name": one.name} for one in PROPERTIES.values() if kind is None or kind in one.kinds]
        return written({**({"type": name} if name else {}), "properties": found[: self.value("limit") or len(found)]})
