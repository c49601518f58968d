"""Addresses of the pages of entries."""

from django.urls import reverse

PLURALS = {
    "event": "events",
    "actor": "actors",
    "location": "places",
    "source": "sources",
    "period": "periods",
    "notice": "notices",
}


def page_of(name: str, key: str = "") -> str:
    """`page_of("event", key)` is an event's page, `page_of("actors")` the list of actors."""
    return reverse(name, args=[key] if key else [])
