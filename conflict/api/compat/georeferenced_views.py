"""View of the georeferenced format, with the paging, envelope and parameters that scripts for UCDP's API use."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from rest_framework.request import Request

from conflict.api.base import ReadOnlyView
from conflict.api.compat import georeferenced_rows
from conflict.api.compat.events import events
from conflict.countries import UCDP_REGIONS, codes, codes_of, ucdp_region
from conflict.public import queries
from conflict.public.exceptions import NotFound, Refusal
from conflict.public.json_responses import written
from conflict.public.parameters import Number, Parameter
from conflict.record.models import PublishedIncident, PublishedLocation
from conflict.vocabulary import LocationKind

VERSIONS = (
    "Versions are YY.1 for all events up to the end of the year before 20YY, YY.0.M for those that began in month M of "
    "20YY, and YY.MM.YY.MM for those that began from one month through another."
)
YEARLY = re.compile(r"(\d\d)\.\d{1,2}")
MONTHLY = re.compile(r"(\d\d)\.0\.(\d{1,2})")
SEVERAL_MONTHS = re.compile(r"(\d\d)\.(\d\d)\.(\d\d)\.(\d\d)")


class Span(NamedTuple):
    """First days covered by a version: on or after `start`, if given, and before `end`."""

    start: date | None
    end: date


def span_of(version: str) -> Span:
    """Days that a version covers. Raises Refusal for an impossible one."""
    if yearly := YEARLY.fullmatch(version):
        return Span(None, date(2000 + int(yearly[1]), 1, 1))
    if monthly := MONTHLY.fullmatch(version):
        months = [(int(monthly[1]), int(monthly[2]))] * 2
    elif several := SEVERAL_MONTHS.fullmatch(version):
        numbers = list(map(int, several.groups()))
        months = [(numbers[0], numbers[1]), (numbers[2], numbers[3])]
    else:
        months = []
    if not months or months != sorted(months) or not all(1 <= month <= 12 for _, month in months):
        raise Refusal(f"There is no version “{version[:20]}”. {VERSIONS}", field="version")
    (year, month), (last_year, last_month) = months
    following = date(2000 + last_year + last_month // 12, last_month % 12 + 1, 1)
    return Span(date(2000 + year, month, 1), following)


class Georeferenced(ReadOnlyView):
    """Events of deadly violence, one row each with low, best and high, in the columns of UCDP's GED; not UCDP's data.

    `version` YY.1 contains events up to the end of the year before 20YY; YY.0.M those that began in month M of 20YY;
    YY.MM.YY.MM those that began from one month through another. Pages are numbered from 0 to one less than
    `TotalPages`; pages beyond that are empty. A script that starts with page 1 and follows `NextPageUrl` is led to page
    0 last, so it reads every row once.

    The format has no room for the following, so they are left out: who gave a figure and who denied it, findings,
    events without a figure, events without a first day, non-violent events (an accident with deaths, for example), and
    uncertainty beyond a number.
    """

    path_patterns = {"table": "(events|gedevents)", "version": r"\d\d\.\d{1,2}(\.\d{1,2}(\.\d\d)?)?"}
    PARAMETERS = {
        "pagesize": Number("Rows of a page.", 1, 1000),
        "page": Number("From 0.", 0),
        "startpage": Number("The page that a walk through `NextPageUrl` began with: only in these addresses.", 0, 1),
        "id": Parameter("One or more ids, separated by commas."),
        "country": Parameter("Gleditsch–Ward codes, separated by commas, such as 432."),
        "region": Parameter("Regions by name or number, separated by commas: Africa is 4."),
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
        """Query parameters without empty ones; names are case-insensitive, as in the scripts."""
        query = QueryDict(mutable=True)
        for name, values in request.query_params.lists():
            if given := [value for value in values if value.strip()]:
                query.setlist(name.lower(), given)
        return query

    def get(self, request: Request, table: str, version: str) -> HttpResponse:
        if table not in ("events", "gedevents"):
            raise NotFound(f"There is no table “{table}” here, only events.", code="not_found")
        size = self.value("pagesize") or 100
        page = self.value("page") or 0
        found = self.found(version)
        total = found.count()
        pages = -(-total // size)
        keys = list(found[page * size : (page + 1) * size]) if page < pages else []
        return written(
            {
                "TotalCount": total,
                "TotalPages": pages,
                "PreviousPageUrl": self.url(min(page, pages) - 1) if page and pages else "",
                "NextPageUrl": self.next_url(page, pages),
                "Result": [georeferenced_rows.row(event) for event in events(keys)],
            }
        )

    def next_url(self, page: int, pages: int) -> str:
        """Link to the next page; from the last one to page 0, if the client started with page 1."""
        began = self.value("startpage")
        from_one = page == 1 if began is None else began == 1
        if from_one and page == 0:
            return ""
        if page + 1 < pages:
            return self.url(page + 1, began=int(from_one))
        return self.url(0, began=1) if from_one and pages else ""

    def found(self, version: str) -> QuerySet[Any]:
        """Keys of the matching events, in order: deadly ones with a figure, as the format has no “not known”."""
        rows: Any = queries.rows(PublishedIncident)
        rows = rows.deadly().between(self.day("startdate"), self.day("enddate"))
        rows = rows.filter(kind__in=georeferenced_rows.VIOLENT)
        span = span_of(version)
        rows = rows.filter(first_day__lt=span.end)
        if span.start:
            rows = rows.filter(first_day__gte=span.start)
        for name, column in (("id", "number"), ("typeofviolence", "violence"), ("dyad", "dyad_number")):
            if name in self.asked:
                rows = rows.filter(**{f"{column}__in": self.numbers(name)})
        if "actor" in self.asked:
            actors = self.numbers("actor")
            rows = rows.filter(Q(side_a_number__in=actors) | Q(side_b_number__in=actors))
        if "country" in self.asked:
            rows = rows.filter(self.lies_in(self.numbers("country")))
        if "region" in self.asked:
            regions = self.regions()
            rows = rows.filter(
                self.lies_in({of.gleditsch_ward for of in codes() if ucdp_region(of.gleditsch_ward) in regions})
            )
        if "geography" in self.asked:
            south, west, north, east = self.box()
            rows = rows.filter(location__latitude__range=(south, north), location__longitude__range=(west, east))
        keys: QuerySet[Any] = rows.order_by("sorts_on", "event").values_list("event", flat=True)
        return keys

    def lies_in(self, numbers: Collection[int]) -> Q:
        """Match events in a country with one of these codes; 0 matches those without any."""
        countries = queries.rows(PublishedLocation).filter(kind=LocationKind.COUNTRY).values_list("pk", "label")
        codes_by_key = {key: codes_of(label).gleditsch_ward for key, label in countries}
        inside = Q(location__path__overlap=[key for key, code in codes_by_key.items() if code in numbers])
        if 0 not in numbers:
            return inside
        known = [key for key, code in codes_by_key.items() if code]
        return inside | Q(location__isnull=True) | ~Q(location__path__overlap=known)

    def regions(self) -> set[str]:
        """Names of the regions given, which may also be given by number."""
        given = [part.strip() for part in self.asked["region"].split(",")]
        by_name = {name.casefold(): name for name in UCDP_REGIONS}
        by_name |= {str(number): name for number, name in enumerate(UCDP_REGIONS, start=1)}
        if strange := [part for part in given if part.casefold() not in by_name]:
            known = ", ".join(f"{number} {name}" for number, name in enumerate(UCDP_REGIONS, start=1))
            raise Refusal(f"“{strange[0][:60]}” is no region. There are: {known}.", field="region")
        return {by_name[part.casefold()] for part in given}

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
        """Bounding box, as south, west, north and east."""
        numbers = re.findall(r"-?\d{1,3}(?:\.\d{1,12})?", self.asked["geography"])
        if len(numbers) != 4 or not re.fullmatch(r"[-\d. ]+,[-\d. ]+", self.asked["geography"]):
            raise Refusal("geography is a box: `lat lon,lat lon`.", field="geography")
        south, west, north, east = map(float, numbers)
        if south > north or west > east:
            raise Refusal("geography starts in the south-west and ends in the north-east.", field="geography")
        return [south, west, north, east]

    def url(self, page: int, began: int | None = None) -> str:
        query = self.request.query_params.copy()
        for name in list(query):
            if name.lower() == "page" or (name.lower() == "startpage" and began is not None):
                del query[name]
        query["page"] = str(page)
        if began is not None:
            query["startpage"] = str(began)
        return str(self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}"))
