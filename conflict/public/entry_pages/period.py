"""Page of a period: its introduction, its subperiods, its events."""

from typing import Any

from django.http import HttpRequest

from conflict.public import citation, queries
from conflict.public.charts import timeline
from conflict.public.event_cards import by_year, to_list
from conflict.public.event_context import period_labels
from conflict.public.page_frame import site_of
from conflict.public.pagination import BY_DATE, counted, page_of
from conflict.public.query_strings import Parameters
from conflict.public.toll import toll
from conflict.record.models import PublishedPeriod

EVENTS_SHOWN = 60


def context(request: HttpRequest, asked: Parameters, body: queries.Body, row: PublishedPeriod) -> dict[str, Any]:
    """Template context of the page. The row need not be in the record: the desk also previews drafts."""
    found = queries.events().during(row.key)
    events = page_of(to_list(found), BY_DATE, asked, EVENTS_SHOWN)
    number, is_more = counted(found)
    return {
        "period": body,
        "row": row,
        **citation.context(site_of(request), "period", row, body),
        "periods": period_labels(row.path[:-1]),
        "children": queries.bodies(queries.periods().filter(parent=row.key).in_order()),
        "strip": timeline.strip(found, queries.last_year()),
        "toll": toll(found, {}),
        "page": events,
        "years": by_year(events.rows, gaps=False),
        "number": number,
        "is_more": is_more,
    }
