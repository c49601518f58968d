"""Pages of notices: all open public warnings, oldest first, and those resolved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.pages import errors
from conflict.pages.page_view import page, shown
from conflict.public import queries
from conflict.public.entry_pages import notice as notice_page
from conflict.public.filters import NoticeFilters
from conflict.public.pagination import counted
from conflict.public.parameters import Term
from conflict.public.query_strings import Parameters
from conflict.vocabulary import NoticeKind

SHOWN = 500
PAGES = {
    "event": "event",
    "actor": "actor",
    "location": "place",
    "source": "source",
    "period": "period",
    "claim": "claim",
}


@page({"kind": Term("", NoticeKind)})
def notices(request: HttpRequest, asked: Parameters) -> HttpResponse:
    kind = asked["kind"]
    found = NoticeFilters.narrow(queries.notices(), {"kind": kind and [kind]})
    standing = queries.bodies(found.open().oldest_first()[:SHOWN])
    settled = queries.bodies(found.filter(resolved_on__isnull=False).oldest_first()[:SHOWN])
    return shown(request, "notices.html", {"kind": kind, **notice_page.context([*standing, *settled])})


@page()
def disputes(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """List of disputes: open ones first, oldest to newest, then settled ones, newest to oldest."""
    found = queries.notices().filter(kind=NoticeKind.DISPUTED)
    settled = found.filter(resolved_on__isnull=False).order_by("-resolved_on", "key")
    return shown(
        request,
        "disputes.html",
        {
            "standing": queries.bodies(found.open().oldest_first()[:SHOWN]),
            "settled": queries.bodies(settled[:SHOWN]),
            "contested": counted(queries.events().disputed()),
        },
    )


@page()
def notice(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    errors.found("notice", key)
    return redirect(f"{reverse('notices')}#{key}")
