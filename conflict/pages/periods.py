"""One period of the chronology: its introduction, the periods nested in it, its events."""

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors, reading
from conflict.pages.charts import strip
from conflict.pages.chronology import by_year
from conflict.pages.events import path
from conflict.pages.page import page, shown
from conflict.pages.paging import AFTER, BEFORE, BY_DATE, counted, page_of
from conflict.pages.parameters import Parameters

EVENTS_SHOWN = 60


@page(AFTER, BEFORE)
def period(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.found("period", key)
    found = reading.events().during(key)
    events = page_of(found.select_related("location", "period"), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(found)
    return shown(
        request,
        "period.html",
        {
            "period": reading.body(row),
            "row": row,
            "periods": path({"key": row.key, "name": row.label})[:-1],
            "children": reading.bodies(reading.periods().filter(parent=key).in_order()),
            "strip": strip.strip(found, reading.last_year()),
            "page": events,
            "years": by_year(events.rows, gaps=False),
            "number": number,
            "is_more": is_more,
        },
    )
