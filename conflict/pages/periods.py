"""Page of one period: its introduction, its subperiods, its events."""

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import queries
from conflict.public.entry_pages import period as period_page
from conflict.public.pagination import POSITION
from conflict.public.query_strings import Parameters
from conflict.public.signposts import signposted


@page(POSITION)
def period(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    row = errors.get_entry("period", key)
    return signposted(
        request, render_page(request, "period.html", period_page.context(request, asked, queries.body(row), row)), row
    )
