"""Base of every public page: read-only, validated by the log's head, strict about unknown parameters.

The head's hash is the ETag of every page, because every page says at which publication the record stands. The rest of it
is rendered only if something that it shows has changed (`conflict.public.cache.contents`).
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from conflict.pages import errors
from conflict.public import queries
from conflict.public.cache import contents, headers, responses
from conflict.public.cache.edition import edition
from conflict.public.cache.reads import unrecorded
from conflict.public.exceptions import Refusal
from conflict.public.head import Head
from conflict.public.page_frame import frame
from conflict.public.parameters import Parameter
from conflict.public.query_strings import Parameters
from conflict.record.models import Publication
from conflict.wording.messages import language, one_language
from conflict.wording.typography import spaced, typeset

View = Callable[..., HttpResponse]
STANDS = f"\ue000{token_hex(16)}\ue000"  # where a page says at which publication the record stands; in nobody's text
MAX_AGE = 60  # seconds for which a page may be shown without checking whether the log has moved


def page(
    known: Mapping[str, Parameter] | None = None, *, also: Callable[[], str] = lambda: ""
) -> Callable[[View], View]:
    """Decorator that makes `view(request, asked, **keys)` a public page with these parameters, by name.

    `also` returns what the page depends on besides the record, as part of its ETag.
    """

    def decorate(view: View) -> View:
        @gzip_page
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, **keys: Any) -> HttpResponse:
            if "" in (value for _, values in request.GET.lists() for value in values):
                return HttpResponsePermanentRedirect(_without_empty(request))
            with unrecorded():
                request.head = head = queries.newest()  # type: ignore[attr-defined]
            tag = validator(head, also())
            if not settings.DEBUG and headers.has_copy(request, tag):
                return _validated(HttpResponseNotModified(), tag, head)
            try:
                asked = Parameters(request.GET, known or {})

                def made() -> HttpResponse:
                    with one_language():
                        return typeset(view(request, asked, **keys))

                if not head or also():
                    return _validated(_stated(made(), request), tag, head)
                under = Head(head.number, head.sha256)
                month = f"{head.published_at:%Y-%m}"  # pages tell for how many months a notice has been open
                content = contents.kept_or_made(contents.name_of(request, month), under, made)
                response = _validated(_stated(content, request), tag, head)
                responses.may_be_kept(response, under)
                return response
            except Refusal as refusal:
                response = errors.answer(request, refusal)
                return response if response.status_code == 400 else headers.of_the_record(response, number_of(head))

        return answer

    return decorate


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, content_type: str = ""
) -> HttpResponse:
    """Render the template with the context of the common page frame."""
    framed = {**frame(request), "stands": STANDS, **context}
    return render(request, f"pages/{template}", framed, content_type=content_type or None)


def _stated(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Fill in at which publication the record stands."""
    if STANDS.encode() in response.content:
        head: Publication | None = getattr(request, "head", None)
        stands = _stands(Head(head.number, head.sha256), language()) if head else b""
        response.content = response.content.replace(STANDS.encode(), stands)
    return response


@lru_cache(maxsize=8)
def _stands(head: Head, _language: str | None) -> bytes:
    """Sentences about the head. What they say of the review is a function of it as well."""
    return spaced(render_to_string("pages/parts/stands.html", {"head": queries.publication_at(head)})).encode()


def _without_empty(request: HttpRequest) -> str:
    """Address without the empty parameters that a form sends for fields nobody filled in."""
    query = request.GET.copy()
    for name, values in request.GET.lists():
        query.setlist(name, [value for value in values if value])
    return f"{request.path}?{kept}" if (kept := query.urlencode()) else request.path


def validator(head: Publication | None, also: str = "") -> str:
    number, digest = (head.number, head.sha256[:16]) if head else (0, "empty")
    return f'"{edition()}{also}.{number}.{digest}.{get_language()}"'


def _validated(response: HttpResponse, tag: str, head: Publication | None) -> HttpResponse:
    response.headers.setdefault("ETag", tag)
    if not response.get("Content-Type", "").startswith(
        "text/html"
    ):  # feeds, tables, charts: scripts of any site read them
        response["Access-Control-Allow-Origin"] = "*"
    return headers.of_the_record(response, number_of(head), browsers=MAX_AGE)


def number_of(head: Publication | None) -> int:
    return head.number if head else 0
