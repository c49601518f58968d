"""Pages of notices: all open public warnings, oldest first, and those resolved.

The page of a withdrawn entry, with its reason: `conflict.pages.errors`.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.entry_pages import notice as notice_page
from conflict.public.filters import NoticeFilters
from conflict.public.pagination import NEWEST_FIRST, POSITION, counted, page_of
from conflict.public.parameters import Term
from conflict.public.query_strings import Parameters
from conflict.public.rival_accounts import rival_accounts
from conflict.vocabulary import NoticeKind

SHOWN = 500
RIVALS_SHOWN = 40
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
    return render_page(request, "notices.html", {"kind": kind, **notice_page.context([*standing, *settled])})


@page(POSITION)
def disputes(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Events with rival accounts, the newest first; then objections to this chronology, open ones first."""
    listing = page_of(queries.events().disputed().defer("search_text", "search"), NEWEST_FIRST, asked, RIVALS_SHOWN)
    found = queries.notices().filter(kind=NoticeKind.DISPUTED)
    settled = found.filter(resolved_on__isnull=False).order_by("-resolved_on", "key")
    context = {
        "page": listing,
        "rivals": [row for event in listing.rows if (row := rival_accounts(queries.body(event)))],
        "contested": counted(queries.events().disputed()),
        "standing": queries.bodies(found.open().oldest_first()[:SHOWN]),
        "settled": queries.bodies(settled[:SHOWN]),
    }
    return render_page(request, "disputes.html", context)


@page()
def notice(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    errors.get_entry("notice", key)
    return redirect(f"{reverse('notices')}#{key}")
