"""Page of one event: what, when, where, who, and all rival accounts side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.pages import errors
from conflict.pages.page_view import page
from conflict.public import event_context, queries
from conflict.public.cache.pages import cached_page, month_of, names_under
from conflict.public.entry_pages.event import context_of
from conflict.public.query_strings import Parameters
from conflict.public.signposts import signposted
from conflict.record.models import PublishedEvent


@page()
def event(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row: PublishedEvent = errors.get_entry("event", key)
    body = queries.body(row)
    names = names_under(request)
    around = event_context.around(row, body, names)
    named_before = names if row.version > 1 else None  # its history names what it no longer names itself
    month = month_of(request) if any(part["notices"] for part in (body, *body["claims"])) else ""
    made_of = (row.body, row.label, row.version, row.changed_at, row.first_published_at, month, around, named_before)
    response = cached_page(
        request, "event.html", made_of, lambda site: context_of(site, request.path, body, row, around)
    )
    return signposted(request, response, row)


@page()
def claim(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """Redirect from a claim's own address to its position among its rivals."""
    event_key = queries.claims().filter(key=key).values_list("event_id", flat=True).first()
    if event_key is None:
        raise errors.Unknown("claim", key)
    return redirect(f"{reverse('event', args=[event_key])}#{key}")
