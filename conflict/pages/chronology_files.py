"""Files made of the chronology's own: outlines for the maps, and the picture for links to pages without one.

Outlines have the fingerprint of the chronology in their address, so their content never changes.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from conflict.public.cache import headers
from conflict.public.charts import base_map


@gzip_page
@require_safe
def outlines(request: HttpRequest, fingerprint: str, form: str) -> HttpResponse:
    """Outlines of the countries, as GeoJSON for the script or as a drawing for the small maps."""
    if fingerprint != settings.CHRONOLOGY.fingerprint:
        raise Http404
    if form == "geojson":
        return headers.for_ever(HttpResponse(base_map.geojson(), content_type="application/geo+json"))
    drawing = render_to_string(
        "pages/outlines.svg",
        base_map.ground(),
    )
    return headers.for_ever(HttpResponse(drawing, content_type="image/svg+xml"))
