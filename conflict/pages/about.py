"""Pages about the chronology: method, coverage in numbers, data and licence, feeds."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse

from conflict.pages.page_view import page, render_page
from conflict.public import jsonld, queries
from conflict.public.cache.counts import once_for_each_head
from conflict.public.event_filters import EventFilters
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedFinding
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.record.release_files import fingerprint, released
from conflict.vocabulary import Grade, NoticeKind, Qualifier
from conflict.wording import evidence


@page()
def method(request: HttpRequest, asked: Parameters) -> HttpResponse:
    return render_page(
        request,
        "method.html",
        {"grades": grades_used(), "notice_kinds": NoticeKind, "qualifiers": Qualifier, **coverage()},
    )


@page()
def how_sure(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Glossary of standings and grades."""
    return render_page(request, "how_sure.html", evidence.definitions())


@page(also=lambda: fingerprint(settings.RELEASES_DIR))
def data(request: HttpRequest, asked: Parameters) -> HttpResponse:
    head = getattr(request, "head", None)
    releases = released(settings.RELEASES_DIR)
    statements = jsonld.dataset(
        request.build_absolute_uri(),
        request.build_absolute_uri("/api/v1/events/"),
        f"{head.published_at:%Y-%m-%d}" if head else "",
        str(head.number) if head else "",
        releases,
    )
    return render_page(request, "data.html", {"structured": statements, "releases": releases})


@page()
def feeds(request: HttpRequest, asked: Parameters) -> HttpResponse:
    return render_page(request, "feeds.html", {"periods": queries.periods().in_order().filter(parent=None)})


@once_for_each_head
def grades_used() -> list[Grade]:
    """Grades used by findings; unused ones need no explanation."""
    used = set(queries.rows(PublishedFinding).order_by().values_list("grade", flat=True).distinct())
    return [grade for grade in Grade if grade in used]


@once_for_each_head
def coverage() -> dict[str, Any]:
    """Coverage of the record by year of the events, with overall totals."""
    events = queries.events()
    by_year = (
        events.exclude(sorts_on=UNDATED_SORTS_ON)
        .order_by()
        .annotate(year=ExtractYear("sorts_on"))
        .values_list("year")
        .annotate(
            number=Count("key"),
            unsourced=Count("key", filter=Q(sources=0)),
            unresolved=Count("key", filter=Q(unresolved_sources__gt=0)),
            disputed=Count("key", filter=Q(is_disputed=True)),
        )
    )
    alone = EventFilters.narrow(events, {"encyclopaedia_only": True}).exclude(sorts_on=UNDATED_SORTS_ON)
    on_encyclopaedia = Counter(alone.values_list(ExtractYear("sorts_on"), flat=True))
    found = {year: (*counts, on_encyclopaedia[year]) for year, *counts in by_year}
    years = [(year, found.get(year, (0, 0, 0, 0, 0))) for year in _years(found)]
    claims = Counter(dict(queries.claims().order_by().values_list("kind").annotate(Count("key"))))
    totals = {
        "events": events.count(),
        "claims": claims.total(),
        "figures": claims["figure"],
        "actors": queries.actors().count(),
        "places": queries.locations().count(),
        "sources": queries.sources().count(),
        "unresolved": queries.sources().unresolved().count(),
        "undated": events.filter(sorts_on=UNDATED_SORTS_ON).count(),
    }
    return {"coverage": years, "totals": totals}


def _years(found: dict[int, Any]) -> list[int]:
    """Every year since the beginning of the war, including empty ones; earlier years only if something is recorded."""
    recent = [year for year in found if year >= max(found, default=0) - 20]
    return [*sorted(set(found) - set(recent)), *range(min(recent), max(recent) + 1)] if recent else []
