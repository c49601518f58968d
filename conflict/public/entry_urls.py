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


def page_of_entry(kind: str, key: str) -> str:
    """URL of the page of an entry or a claim; empty for a kind that has no pages."""
    if kind == "location":
        return page_of("place", key)
    return page_of(kind, key) if kind in PLURALS or kind == "claim" else ""
