"""Citation of an entry, as a file for each kind of reference manager."""

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors
from conflict.pages.page_view import page
from conflict.public.citation import CITED, FORMATS, reference
from conflict.public.page_frame import site_of
from conflict.public.query_strings import Parameters


@page()
def citation(request: HttpRequest, asked: Parameters, kind: str, key: str, style: str) -> HttpResponse:
    if style not in FORMATS or kind not in CITED:
        raise errors.Unknown(kind, key)
    content_type, write = FORMATS[style]
    cited = reference(site_of(request), kind, errors.get_entry(kind, key))
    return HttpResponse(write(cited), content_type=content_type)
