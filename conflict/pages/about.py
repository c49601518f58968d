"""Pages about the chronology: method, coverage in numbers, data and licence, feeds."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse

from conflict.pages.page_view import page, render_page
from conflict.public import jsonld, queries
from conflict.public.cache.counts import by_key, events_by_month, once_for_each_head, unresolved_sources
from conflict.public.event_filters import EventFilters
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedFinding
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.record.release_files import fingerprint, released
from conflict.vocabulary import Grade, NoticeKind, Qualifier
from conflict.wording import evidence

SHORTCOMINGS = ("unsourced", "unresolved", "disputed")  # counted by year of the event


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
    events: Counter[int] = Counter()
    for month, number in events_by_month().items():
        events[month.year] += number
    alone = EventFilters.narrow(queries.events(), {"encyclopaedia_only": True}).exclude(sorts_on=UNDATED_SORTS_ON)
    by_year = [
        events,
        *(Counter({int(year): number for year, number in by_key(name).items()}) for name in SHORTCOMINGS),
        Counter(alone.values_list(ExtractYear("sorts_on"), flat=True)),
    ]
    years = [(year, tuple(counts[year] for counts in by_year)) for year in _years(events)]
    entries, claims = by_key("entry"), by_key("claim")
    totals = {
        "events": entries["event"],
        "claims": claims.total(),
        "figures": claims["figure"],
        "actors": entries["actor"],
        "places": entries["location"],
        "sources": entries["source"],
        "unresolved": unresolved_sources(),
        "undated": entries["event"] - events.total(),
    }
    return {"coverage": years, "totals": totals}


def _years(found: dict[int, Any]) -> list[int]:
    """Every year since the beginning of the war, including empty ones; earlier years only if something is recorded."""
    recent = [year for year in found if year >= max(found, default=0) - 20]
    return [*sorted(set(found) - set(recent)), *range(min(recent), max(recent) + 1)] if recent else []
