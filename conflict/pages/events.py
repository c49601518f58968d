"""Page of one event: what, when, where, who, and all rival accounts side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.entry_pages import event as event_page
from conflict.public.query_strings import Parameters
from conflict.public.signposts import signposted
from conflict.record.models import PublishedEvent


@page()
def event(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row: PublishedEvent = errors.get_entry("event", key)
    return signposted(
        request, render_page(request, "event.html", event_page.context(request, asked, queries.body(row), row)), row
    )


@page()
def claim(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """Redirect from a claim's own address to its position among its rivals."""
    event_key = queries.claims().filter(key=key).values_list("event_id", flat=True).first()
    if event_key is None:
        raise errors.Unknown("claim", key)
    return redirect(f"{reverse('event', args=[event_key])}#{key}")
