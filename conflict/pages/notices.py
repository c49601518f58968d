"""Notices: every public warning that is open, the oldest first, and those settled since."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict import dates
from conflict.pages import errors, queries
from conflict.pages.page_view import page, shown
from conflict.pages.pagination import counted
from conflict.pages.parameters import Parameters
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


@page("kind")
def notices(request: HttpRequest, asked: Parameters) -> HttpResponse:
    kind = asked.choice("kind", NoticeKind)
    asked.refuse_faults()
    found = queries.notices().filter(kind=kind) if kind else queries.notices()
    standing = queries.bodies(found.open().oldest_first()[:SHOWN])
    settled = queries.bodies(found.filter(resolved_on__isnull=False).oldest_first()[:SHOWN])
    return shown(request, "notices.html", {"kind": kind, **context([*standing, *settled])})


def context(bodies: list[queries.Body]) -> dict[str, Any]:
    """What the page shows of these notices; also of one that is still a draft (the desk's preview)."""
    standing = [notice for notice in bodies if not notice["resolved_on"]]
    dated = [notice for notice in standing if notice["raised_on"]]
    return {
        "months": [(month, list(of_month)) for month, of_month in groupby(dated, _month)],
        "undated": [notice for notice in standing if not notice["raised_on"]],
        "settled": [notice for notice in bodies if notice["resolved_on"]],
        "kinds": kinds(standing),
    }


@page()
def disputes(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """What somebody objected to: what is open, the oldest first, and what was settled, the latest first."""
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


def _month(notice: queries.Body) -> str:
    """The month it was raised in, or the year, where no more is known."""
    raised = dates.parse(notice["raised_on"])
    return f"{raised.sorts_on:%Y}" if raised.precision == dates.Precision.YEAR else f"{raised.sorts_on:%Y-%m}"


def kinds(standing: list[dict[str, Any]]) -> list[tuple[NoticeKind, int]]:
    counts = {kind: sum(notice["kind"] == kind for notice in standing) for kind in NoticeKind}
    return [(kind, number) for kind, number in counts.items() if number]
