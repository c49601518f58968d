"""Files for crawlers: robots.txt, sitemaps, security.txt, and the dataset in schema.org terms."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from conflict.pages.page_view import page
from conflict.public import queries
from conflict.public.query_strings import Parameters

PER_MAP = 20_000  # the protocol allows 50,000 URLs; each of ours is listed in two languages
MAPS = {
    "events": ("event", "event"),
    "actors": ("actor", "actor"),
    "places": ("location", "place"),
    "periods": ("period", "period"),
}


@page()
def robots(request: HttpRequest, asked: Parameters) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*?",
        "Allow: /",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@page()
def security(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """RFC 9116. Expires a year after the head of the log, so every publication renews it."""
    head = queries.newest()
    contact = settings.SECURITY_CONTACT or f"{request.build_absolute_uri(reverse('method'))}#contact"
    lines = [f"Contact: {contact}"]
    if head:
        lines.append(f"Expires: {head.published_at.replace(year=head.published_at.year + 1, day=1):%Y-%m-%dT%H:%M:%SZ}")
    lines += ["Preferred-Languages: en, fr", f"Canonical: {request.build_absolute_uri()}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@page()
def sitemap(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Sitemap index: one sitemap per kind of page and twenty thousand entries."""
    maps = []
    for name, (kind, _page) in MAPS.items():
        number = queries.entries(kind).count()
        maps += [
            request.build_absolute_uri(reverse("sitemap-of", args=[name, part]))
            for part in range(number // PER_MAP + 1)
        ]
    return HttpResponse(render_to_string("pages/sitemap_index.xml", {"maps": maps}), content_type="application/xml")


@page()
def sitemap_of(request: HttpRequest, asked: Parameters, name: str, part: str) -> HttpResponse:
    kind, address = MAPS[name]
    rows = (
        queries.entries(kind)
        .order_by("key")
        .values_list("key", "changed_at")[int(part) * PER_MAP : (int(part) + 1) * PER_MAP]
    )
    site = f"{request.scheme}://{request.get_host()}"
    with override("en"):  # URLs without a language prefix; the sitemap adds the French ones
        pages = [(reverse(address, args=[key]), changed_at) for key, changed_at in rows]
    content = render_to_string("pages/sitemap.xml", {"site": site, "pages": pages})
    return HttpResponse(content, content_type="application/xml")
