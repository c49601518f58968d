"""Addresses of the pages of entries. A page names dozens of them, so only the place of the key in them is looked up."""

from functools import cache

from django.urls import get_script_prefix, reverse

from conflict.public.wording.translation import language

KEY = "the-key"
PLURALS = {
    "event": "events",
    "actor": "actors",
    "location": "places",
    "source": "sources",
    "period": "periods",
    "notice": "notices",
}


def page_of(name: str, key: str = "") -> str:
    """`page_of("event", key)` is `reverse("event", args=[key])`, ten times as fast: keys are slugs and stand as they are."""
    address = _address(name, bool(key), language(), get_script_prefix())
    return address.replace(KEY, key, 1) if key else address


@cache
def _address(name: str, has_key: bool, _language: str | None, _prefix: str) -> str:
    return reverse(name, args=[KEY] if has_key else [])
