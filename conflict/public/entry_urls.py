"""URLs of entries' pages."""

from functools import cache

from django.urls import reverse

from conflict.wording.messages import language

PLURALS = {
    "event": "events",
    "actor": "actors",
    "location": "places",
    "source": "sources",
    "period": "periods",
    "notice": "notices",
}
KINDS = {plural: kind for kind, plural in PLURALS.items()}


def page_of(name: str, key: str = "") -> str:
    """URL of a page: `page_of("event", key)` for an event, `page_of("actors")` for the list of actors."""
    if not key:
        return _without_key(name, language())
    before, after = _around_key(name, (), (), language())
    return f"{before}{key}{after}"


def page_about(name: str, kind: str, key: str, *more: str | int) -> str:
    """URL of a page about an entry: `page_about("version", "event", key, 2)`."""
    before, after = _around_key(name, (kind,), more, language())
    return f"{before}{key}{after}"


def page_of_entry(kind: str, key: str) -> str:
    """URL of the page of an entry or a claim; empty for a kind that has no pages."""
    if kind == "location":
        return page_of("place", key)
    return page_of(kind, key) if kind in PLURALS or kind == "claim" else ""


@cache
def _without_key(name: str, _language: str | None) -> str:
    return reverse(name)


@cache
def _around_key(
    name: str, first: tuple[str, ...], more: tuple[str | int, ...], _language: str | None
) -> tuple[str, str]:
    """Parts of an address before and after the key: building it anew takes ten times as long, dozens of times a page."""
    before, _key, after = reverse(name, args=[*first, "KEY", *more]).partition("KEY")
    return before, after
