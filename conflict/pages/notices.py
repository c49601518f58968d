"""Notices: every public warning that is open, the oldest first, and those settled since."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from conflict.pages import errors, reading
from conflict.pages.page import page, shown
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
    found = reading.notices().filter(kind=kind) if kind else reading.notices()
    standing = reading.bodies(found.open().oldest_first()[:SHOWN])
    settled = reading.bodies(found.filter(resolved_on__isnull=False).oldest_first()[:SHOWN])
    return shown(request, "notices.html", {"kind": kind, **context([*standing, *settled])})


def context(bodies: list[reading.Body]) -> dict[str, Any]:
    """What the page shows of these notices; also of one that is still a draft (the desk's preview)."""
    standing = [notice for notice in bodies if not notice["resolved_on"]]
    return {
        "dated": [notice for notice in standing if notice["raised_on"]],
        "undated": [notice for notice in standing if not notice["raised_on"]],
        "settled": [notice for notice in bodies if notice["resolved_on"]],
        "kinds": kinds(standing),
    }


@page()
def notice(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    errors.found("notice", key)
    return redirect(f"{reverse('notices')}#{key}")


def kinds(standing: list[dict[str, Any]]) -> list[tuple[NoticeKind, int]]:
    counts = {kind: sum(notice["kind"] == kind for notice in standing) for kind in NoticeKind}
    return [(kind, number) for kind, number in counts.items() if number]
