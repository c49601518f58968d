"""Pages that survive publications: rendered only if something they show has changed.

Such a page first reads everything that it shows, and is then a fragment with that as its input. Two things cannot be
part of the input, since they differ per reader or per publication: the site's address, and the line with the state of
the record. The fragment has gaps for them; the latter is filled in by `conflict.pages.page_view`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.public.cache import fragments
from conflict.public.cache.change_tracker import tracker
from conflict.public.cache.counts import reviewed
from conflict.public.cache.reads import current_head
from conflict.public.head import Head
from conflict.public.page_frame import frame

SITE, STANDS = "\ue000site\ue000", "\ue000stands\ue000"  # private use area, which nobody's text contains


def ground_of(request: HttpRequest) -> Head:
    """Cache key of pages that show no single event: the last publication that was more than a rewording."""
    return tracker.under(_head_of(request))


def names_under(request: HttpRequest) -> Head:
    """Cache key of pages that show events by name only: the last publication that changed more than other wording."""
    return tracker.of_names(_head_of(request))


def _head_of(request: HttpRequest) -> Head:
    shown_under = getattr(request, "head", None)
    return Head(shown_under.number, shown_under.sha256) if shown_under else current_head()


def month_of(request: HttpRequest) -> str:
    """Month of the head: part of the input of pages with notices, which show for how long each has been open."""
    shown_under = getattr(request, "head", None)
    return f"{shown_under.published_at:%Y-%m}" if shown_under else ""


def cached_page(
    request: HttpRequest, template: str, made_of: tuple[Any, ...], context: Callable[[str], dict[str, Any]]
) -> HttpResponse:
    """Render the template, or reuse the cached page.

    `made_of` is everything that the context depends on besides the page's address; `context` is called, with a
    placeholder for the site's address, only if part of it is new.
    """
    around = frame(request)
    path, site = request.get_full_path(), around["site"]

    def framed() -> dict[str, Any]:
        return {**around, "site": SITE, "canonical": f"{SITE}{path}", "stands": STANDS, **context(SITE)}

    pieces = fragments.rendered_in_pieces(
        f"pages/{template}",
        (path, bool(around["head"]), reviewed(_head_of(request)).entries == 0, *made_of),
        framed,
        (SITE,),
        place=(path,),
    )
    return HttpResponse(b"".join(site.encode() if piece == SITE.encode() else piece for piece in pieces))
