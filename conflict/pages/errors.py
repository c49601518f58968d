"""Error pages: invalid request, unknown, withdrawn, forbidden, broken. Each tells the reader what to do next."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language

from conflict.public import queries
from conflict.public.exceptions import Gone, NotFound, Refusal
from conflict.public.query_strings import RefusedParameters
from conflict.record.models import PUBLISHED, Publication, Tombstone
from conflict.wording.typography import typeset

SUGGESTED = 5


class Withdrawn(Gone):
    """The entry has been withdrawn. Holds its tombstone."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(str(tombstone))
        self.tombstone = tombstone


class Unknown(NotFound):
    """No entry of this kind was ever public under this key."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key}")
        self.kind = kind
        self.key = key


def get_entry(kind: str, key: str) -> Any:
    """Return the published entry; raises Withdrawn or Unknown."""
    entry = queries.entry(kind, key)
    if entry is None:
        raise missing(kind, key)
    return entry


def missing(kind: str, key: str) -> Withdrawn | Unknown:
    tombstone = queries.tombstone(kind, key)
    return Withdrawn(tombstone) if tombstone else Unknown(kind, key)


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Page for a refused request."""
    match refusal:
        case RefusedParameters():
            return _answer(
                request, 400, {"faults": refusal.faults, "allowed": refusal.allowed, "fields": refusal.fields}
            )
        case Withdrawn():
            return gone(request, refusal)
        case Unknown():
            return unknown(request, refusal)
    return _answer(request, refusal.status_code, {"faults": [refusal.message], "allowed": []})


def gone(request: HttpRequest, problem: Withdrawn) -> HttpResponse:
    tombstone = problem.tombstone
    later = queries.successor(tombstone.entry_kind, tombstone.key)
    successor = queries.entry(tombstone.entry_kind, later) if later else None
    review = queries.review_of(queries.rows(Publication).get(number=tombstone.publication_id))
    return _answer(request, Gone.status_code, {"tombstone": tombstone, "successor": successor, "review": review})


def unknown(request: HttpRequest, problem: Unknown) -> HttpResponse:
    """404, with suggestions of entries of this kind with a similar key or similar words."""
    near: list[Any] = []
    if problem.kind in PUBLISHED:
        words = " or ".join(word for word in problem.key.lower().split("-") if not word.isdigit())
        same = queries.entries(problem.kind).filter(key=problem.key.lower())
        near = list(same) or list(queries.entries(problem.kind).matching(words[:200])[:SUGGESTED] if words else ())
    return _answer(request, 404, {"kind": problem.kind, "key": problem.key, "near": near})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for an address that this site does not have."""
    return _answer(request, 404, {})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, {"faults": [], "allowed": []})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, {})


def broken(request: HttpRequest) -> HttpResponse:
    """500. Does not read the database, which may be the cause."""
    context = {"language": get_language(), "section": "", "asks_nothing": True, "sent": _sent(request)}
    return HttpResponseServerError(loader.render_to_string("errors/500.html", context))


def unavailable(request: HttpRequest, *, disk_is_full: bool = False, is_too_slow: bool = False) -> HttpResponse:
    """503: the database is unreachable, too slow, or out of connections or disk space. Does not read it."""
    context = {
        "language": get_language(),
        "section": "",
        "disk_is_full": disk_is_full,
        "is_too_slow": is_too_slow,
        "asks_nothing": True,
        "sent": _sent(request),
    }
    page = loader.render_to_string("errors/503.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """The form that was not taken, with its token, to be sent again from the page; none that holds a password."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:  # of the body that was being read, whatever went wrong
        return None
    if not fields or any("password" in name for name, _ in fields):
        return None
    return {"address": request.get_full_path(), "fields": fields, "has_files": bool(request.FILES)}


def _answer(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    around = {"head": getattr(request, "head", None), "section": "error", "language": get_language()}
    return typeset(render(request, f"errors/{status}.html", {**around, **context}, status=status))
