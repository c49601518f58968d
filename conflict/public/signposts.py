"""Signposts of a page for machines (signposting.org): how to cite it, what it is, its data, its licence, as Link headers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from conflict.public.citation import CITED, FORMATS
from conflict.public.page_frame import site_of
from conflict.record.models import PublishedEntry

TYPES = {
    "event": "Event",
    "actor": "Thing",
    "location": "Place",
    "period": "Thing",
    "source": "CreativeWork",
    "notice": "Thing",
}
MANAGERS = ("bibtex", "ris")


def signposted(request: HttpRequest, response: HttpResponse, row: PublishedEntry) -> HttpResponse:
    """The page of an entry with its signposts."""
    site, kind = site_of(request), row.entry_kind
    links = [
        (f"{site}{reverse('version', args=[kind, row.key, row.version])}", 'rel="cite-as"'),
        (f"{site}{reverse(f'api:{kind}s-detail', args=[row.key])}", 'rel="describedby"; type="application/json"'),
        ("https://schema.org/AboutPage", 'rel="type"'),
        (f"https://schema.org/{TYPES[kind]}", 'rel="type"'),
        (settings.CHRONOLOGY.licence.url, 'rel="license"'),
    ]
    for style in MANAGERS if kind in CITED else ():
        media_type = FORMATS[style][0].partition(";")[0]
        address = f"{site}{reverse('citation', args=[kind, row.key, style])}"
        links.append((address, f'rel="describedby"; type="{media_type}"'))
    response["Link"] = ", ".join(f"<{address}>; {relation}" for address, relation in links)
    return response
