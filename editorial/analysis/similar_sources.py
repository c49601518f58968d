"""Sources that may be the same as another, by DOI, ISBN, address or title; and what those of one site have in common."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from conflict.models import Source
from conflict.models.lookups import indexed, threshold
from editorial.workflow import restricted_sources

ALIKE = 0.7  # share of trigrams that two titles have in common
SHOWN = 5
OF_A_SITE = ("kind", "publisher", "language")
COMPARED = 100  # newest sources of a site
AGREED = 0.75  # share of them that has a value which is proposed


def similar(source: Source, found: Mapping[str, Any], user: object) -> list[Source]:
    """Other sources that may be this one, as it stands or as it was `found` to be; the likeliest first."""
    values = {name: str(found.get(name) or getattr(source, name)) for name in ("doi", "isbn", "url", "title")}
    others = restricted_sources.visible(Source.objects.exclude(pk=source.pk), user)
    same = Q()
    for name in ("doi", "isbn"):
        if values[name]:
            same |= indexed(f"{name}__iexact", values[name])
    if values["url"]:
        same |= Q(url__in=addresses(values["url"]), url__holds=_core(values["url"]))
        same |= indexed("archived_url__endswith", values["url"])
    rows = list(others.filter(same).order_by("pk")[:SHOWN]) if same else []
    if values["title"] and len(rows) < SHOWN:
        alike = others.filter(title__resembles=values["title"]).exclude(pk__in=[row.pk for row in rows])
        alike = alike.annotate(alike=TrigramSimilarity("title", values["title"])).filter(alike__gte=ALIKE)
        with threshold(ALIKE):
            rows += alike.order_by("-alike", "pk")[: SHOWN - len(rows)]
    return rows


def addresses(url: str) -> list[str]:
    """Variants of an address: with and without `www.`, a final slash, and encryption."""
    core = _core(url)
    return [f"{scheme}://{www}{core}{end}" for scheme in ("https", "http") for www in ("", "www.") for end in ("", "/")]


def common_to_site(url: str, user: object) -> dict[str, Any]:
    """Kind, publisher and language of a publication at this address, as most resolved sources of its site have them."""
    site = _core(url).partition("/")[0].lower()
    if not site:
        return {}
    others = restricted_sources.visible(Source.objects.filter(resolved=True, url__holds=site), user).order_by("-pk")
    rows = [
        row
        for row in others.values("url", *OF_A_SITE)[:COMPARED]
        if _core(row["url"]).partition("/")[0].lower() == site
    ]
    found = {}
    for name in OF_A_SITE:
        for value, number in Counter(row[name] for row in rows if row[name]).most_common(1):
            if number >= AGREED * len(rows):
                found[name] = value
    return found


def _core(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")
