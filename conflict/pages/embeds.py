"""Embeds for other sites, live or frozen: an event to a version, the chart and the map of a filter to a publication;
and what an entry is, in short, for clients of the reconciliation service.

Only these may be framed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import mark_current
from conflict.pages import errors, frozen_embeds, maps, monthly_counts
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.monthly_counts import Counting
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.entry_urls import page_of_entry
from conflict.public.parameters import Number, Term
from conflict.public.query_strings import Parameters
from conflict.record.models import Publication
from conflict.vocabulary import EntryKind
from conflict.wording import headlines
from conflict.wording.localized_texts import localized

View = Callable[..., HttpResponse]
LARGEST_VERSION = 10**6


def framable(view: View) -> View:
    """Decorator that lets other sites show the page in a frame, and their scripts read it."""

    @csp_replace({"frame-ancestors": ["*"]})
    @xframe_options_exempt
    @wraps(view)
    def answer(*given: Any, **named: Any) -> HttpResponse:
        response = view(*given, **named)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return cast(View, answer)


DESCRIBED = (EntryKind.ACTOR, EntryKind.LOCATION, EntryKind.SOURCE)


@framable
@page()
def entry(request: HttpRequest, asked: Parameters, kind: str, key: str) -> HttpResponse:
    """An actor, a place or a source in a few lines."""
    if kind not in DESCRIBED:
        raise errors.Unknown(kind, key)
    row = errors.get_entry(kind, key)
    shown = {"entry": queries.body(row), "kind": kind, "name": row.label, "address": page_of_entry(kind, key)}
    return render_page(request, "embed_entry.html", shown)


@framable
@page({"version": Number("", 1, LARGEST_VERSION)})
def event(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """An event as it stands, or as it was published in one version."""
    row = errors.get_entry(EntryKind.EVENT, key)
    if not (number := asked["version"]):
        body = queries.body(row)
        context = {"headline": headlines.headlines(body), "place": body["location"], "version": row.version}
        return render_page(request, "embed_event.html", {"event": body, "is_frozen": False, **context})
    step = queries.log().of(EntryKind.EVENT, key).filter(version=number).first()
    if step is None or not step.document:
        raise errors.Unknown(EntryKind.EVENT, key)
    document: dict[str, Any] = lifted(EntryKind.EVENT, step.document)
    mark_current(EntryKind.EVENT, document)
    context = {"event": {**localized(document), "key": key}, "version": number, "newest": row.version, "step": step}
    return render_page(request, "embed_event.html", {**context, "is_frozen": True})


FROZEN = {"publication": Number("", 1, LARGEST_VERSION)}


@framable
@page({**FILTERS, "chart": Term("", Counting), **FROZEN})
def chart(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Timeline of the events that match a filter, as the record stands or as of one publication."""
    chosen, counting = EventFilter.asked(asked), asked["chart"] or Counting.EVENTS
    step, home = frozen_embeds.publication(asked, chosen), reverse("chronology")
    if step and counting == Counting.KILLED:
        drawn = monthly_counts.rendered_as_of(frozen_embeds.dead(step.number, chosen), chosen, home)
    elif step:
        counts = frozen_embeds.by_month(frozen_embeds.events(step.number, chosen))
        drawn = monthly_counts.rendered_as_of(counts, chosen, home)
    else:
        drawn = monthly_counts.drawn(chosen.events, chosen, counting, home=home)
    return render_page(request, "embed_chart.html", {"chosen": chosen, "histogram": drawn, **frozen_to(request, step)})


@framable
@page({**FILTERS, **FROZEN})
def event_map(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Map of the events that match a filter, as the record stands or as of one publication."""
    chosen = EventFilter.asked(asked)
    step = frozen_embeds.publication(asked, chosen)
    if step:
        kinds, places = frozen_embeds.by_place(step.number, frozen_embeds.events(step.number, chosen))
    else:
        kinds, places = maps.found(chosen)
    context = {"chosen": chosen, "spot_list": maps.list_of(chosen), "is_off_the_map": maps.is_off_the_map(chosen)}
    context |= maps.drawing(kinds, places, is_frozen=bool(step))
    return render_page(request, "embed_map.html", {**context, **frozen_to(request, step)})


def frozen_to(request: HttpRequest, step: Publication | None) -> dict[str, Any]:
    """Context of the line beneath an embed: the publication that it shows, and the address that stays with it."""
    shown = step or queries.newest()
    query = request.GET.copy()
    query.pop("publication", None)
    live = f"?{query.urlencode()}" if query else "."
    if shown:
        query["publication"] = str(shown.number)
    return {"is_frozen": bool(step), "step": shown, "live": live, "frozen": f"?{query.urlencode()}"}
