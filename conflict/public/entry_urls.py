"""URLs of entries' pages."""

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
    """URL of a page: `page_of("event", key)` for an event, `page_of("actors")` for the list of actors."""
    return reverse(name, args=[key] if key else [])
