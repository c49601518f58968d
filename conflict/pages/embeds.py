"""Embeds for other sites: an event, live or frozen to a version, and the chart of a filter. Only these may be framed."""

from collections.abc import Callable
from typing import Any, cast

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import mark_current
from conflict.pages import errors, monthly_counts
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.monthly_counts import Counting
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.cache.pages import ground_of
from conflict.public.parameters import Number, Term
from conflict.public.query_strings import Parameters
from conflict.vocabulary import EntryKind
from conflict.wording import headlines
from conflict.wording.texts import localized

View = Callable[..., HttpResponse]
LARGEST_VERSION = 10**6


def framable(view: View) -> View:
    """Decorator that lets other sites show the page in a frame."""
    return cast(View, csp_replace({"frame-ancestors": ["*"]})(xframe_options_exempt(view)))


@framable
@page({"version": Number("", 1, LARGEST_VERSION)})
def event(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """An event as it stands, or as it was published in one version."""
    row = errors.get_entry(EntryKind.EVENT, key)
    if not (number := asked["version"]):
        body = queries.body(row)
        told = {"headline": headlines.headlines(body), "place": body["location"], "version": row.version}
        return render_page(request, "embed_event.html", {"event": body, "is_frozen": False, **told})
    step = queries.log().of(EntryKind.EVENT, key).filter(version=number).first()
    if step is None or not step.document:
        raise errors.Unknown(EntryKind.EVENT, key)
    document: dict[str, Any] = lifted(EntryKind.EVENT, step.document)
    mark_current(EntryKind.EVENT, document)
    told = {"event": {**localized(document), "key": key}, "version": number, "newest": row.version, "step": step}
    return render_page(request, "embed_event.html", {**told, "is_frozen": True})


@framable
@page({**FILTERS, "chart": Term("", Counting)})
def chart(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Timeline of the events that match a filter."""
    chosen, counting = EventFilter.asked(asked), asked["chart"] or Counting.EVENTS
    drawn = monthly_counts.drawn(chosen.events, chosen, counting, ground_of(request))
    return render_page(request, "embed_chart.html", {"chosen": chosen, "histogram": drawn})
