"""The chronology: all events in time, with the warnings above them, filtered as asked."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.pages import accounts, reading
from conflict.pages.charts import months
from conflict.pages.charts.months import Counting
from conflict.pages.counts import events_by_period
from conflict.pages.filters import FILTERS, EventFilter, Support
from conflict.pages.page import page, shown
from conflict.pages.paging import AFTER, BEFORE, BY_DATE, counted, page_of
from conflict.pages.parameters import Parameters
from conflict.record.models import PublishedEvent
from conflict.record.rows import UNDATED_SORTS_ON
from conflict.vocabulary import EVENT_FAMILIES, EventFamily, EventKind

PAGE_SIZE = 60
FORMATS = (("CSV", "csv"), ("XLSX", "xlsx"), ("GeoJSON", "geojson"), ("JSON", "json"))
OFFERED = 400  # actors and places to choose from in the form; with more, the search finds them


@page(*FILTERS, "chart", AFTER, BEFORE)
def chronology(request: HttpRequest, asked: Parameters) -> HttpResponse:
    chosen, counting = EventFilter.asked(asked), asked.choice("chart", Counting) or Counting.EVENTS
    asked.refuse_faults()
    found = chosen.applied()
    events = page_of(found.select_related("period", "location"), BY_DATE, asked, PAGE_SIZE)
    number, is_more = counted(found)
    return shown(
        request,
        "chronology.html",
        {
            "chosen": chosen,
            "years": by_year(events.rows, gaps=not chosen),
            "page": events,
            "number": number,
            "is_more": is_more,
            "is_first": not asked.given.keys() & {AFTER, BEFORE},
            "histogram": months.histogram(found, chosen, counting),
            "counting": counting.value,
            "formats": FORMATS,
            "killed_query": chosen.query(chart=Counting.KILLED.value),
            **warnings(),
            **choices(),
        },
    )


def warnings() -> dict[str, Any]:
    """Notices on the whole chronology, the weightiest first, and how many more stand on its parts."""
    standing = reading.bodies(reading.notices().open().on_the_whole_chronology().weightiest_first()[:10])
    return {"warnings": standing, "other_warnings": reading.notices().open().exclude(target_kind="").count()}


def choices() -> dict[str, Any]:
    """What the form offers, and the periods as a table of contents."""
    return {
        "actors": reading.actors().by_name().only("key", "label")[:OFFERED],
        "places": reading.locations().by_name().only("key", "label")[:OFFERED],
        "periods": period_tree(events_by_period()),
        "kinds": [
            (family, [kind for kind in EventKind if EVENT_FAMILIES.get(kind) == family]) for family in EventFamily
        ],
        "supports": list(Support),
    }


def period_tree(counts: dict[str | None, int]) -> list[dict[str, Any]]:
    """Periods of the top, each with those nested in it and the number of events filed under it or below."""
    rows = list(reading.periods().in_order())
    nodes: dict[str, dict[str, Any]] = {
        row.key: {"row": row, "body": reading.body(row), "children": [], "number": 0} for row in rows
    }
    for row in rows:
        if row.parent_id in nodes:
            nodes[row.parent_id]["children"].append(nodes[row.key])
        for key in row.path:
            if key in nodes:
                nodes[key]["number"] += counts.get(row.key, 0)
    return [nodes[row.key] for row in rows if row.parent_id not in nodes]


def by_year(rows: Iterable[PublishedEvent], *, gaps: bool) -> list[dict[str, Any]]:
    """The rows under their years; with `gaps`, the years between them for which nothing is recorded."""
    years: list[dict[str, Any]] = []
    period = ""
    for row in rows:
        year = row.sorts_on.year if row.sorts_on != UNDATED_SORTS_ON else None
        if not years or years[-1]["year"] != year:
            missing = _between(years[-1]["year"], year) if years and gaps else None
            years.append({"year": year, "gap": missing, "events": []})
        years[-1]["events"].append({**listed(row), "starts_period": row.period_id != period})
        period = row.period_id or ""
    return years


def listed(row: PublishedEvent) -> dict[str, Any]:
    """One event as lists show it."""
    body = reading.body(row)
    return {"row": row, "event": body, "killed": accounts.headline(body), "claims": len(body["claims"])}


def _between(earlier: int | None, later: int | None) -> tuple[int, int] | None:
    if earlier is None or later is None or later - earlier < 2:
        return None
    return earlier + 1, later - 1
