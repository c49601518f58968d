"""One period of the chronology: its introduction, the periods nested in it, its events."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors, queries
from conflict.pages.cards import to_list
from conflict.pages.charts import timeline
from conflict.pages.chronology import by_year
from conflict.pages.event_context import named
from conflict.pages.page_view import page, shown
from conflict.pages.pagination import AFTER, BEFORE, BY_DATE, counted, page_of
from conflict.pages.parameters import Parameters
from conflict.pages.toll import toll
from conflict.record.models import PublishedPeriod

EVENTS_SHOWN = 60


@page(AFTER, BEFORE)
def period(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.found("period", key)
    return shown(request, "period.html", context(request, asked, queries.body(row), row))


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedPeriod) -> dict[str, Any]:
    """What the page shows. The row need not be in the record: the desk previews drafts by it."""
    found = queries.events().during(row.key)
    events = page_of(to_list(found), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(found)
    return {
        "period": body,
        "row": row,
        "periods": named(row.path[:-1]),
        "children": queries.bodies(queries.periods().filter(parent=row.key).in_order()),
        "strip": timeline.strip(found, queries.last_year()),
        "toll": toll(found),
        "page": events,
        "years": by_year(events.rows, gaps=False),
        "number": number,
        "is_more": is_more,
    }
