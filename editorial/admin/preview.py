"""The public page of a draft event, by the public templates: what readers would see if it were published now."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from conflict.documents.references import references
from conflict.models import Event
from conflict.pages import accounts, events
from conflict.pages.page import frame
from conflict.record.bodies import Surroundings, body
from conflict.record.models import PUBLISHED, PublishedEvent
from conflict.record.rows import entry_row
from editorial.admin import versions


def body_of_draft(event: Event) -> tuple[versions.Document, PublishedEvent]:
    """What would be served of the event, and its row, neither of them stored.

    Labels are those of the record; where it has none yet, those of the desk.
    """
    key = (event.entry_kind, event.key)
    document = versions.drafted([key])[key]
    row: Any = entry_row(event.entry_kind, document, _clocks(event))
    around = Surroundings({key: document}, [row])
    around.labels = {**versions.names([document]), **around.labels}
    return body(event.entry_kind, document, row, around), row


def _clocks(event: Event) -> dict[str, Any]:
    public = PUBLISHED[event.entry_kind]._default_manager.filter(key=event.key).first()
    now = timezone.now()
    version, first = (public.version + 1, public.first_published_at) if public else (1, now)
    return {"version": version, "publication_id": 0, "first_published_at": first, "changed_at": now}


def preview_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    event = desk.get_object(request, object_id)
    if event is None:
        raise Http404("There is no such event.")
    if not desk.has_view_or_change_permission(request, event):
        raise PermissionDenied
    shown, row = body_of_draft(event)
    context = {
        **frame(request),
        "addresses": {},
        "event": shown,
        "row": row,
        "headline": accounts.headline(shown),
        "matters": events.drawn(accounts.matters(shown)),
        "graded": accounts.graded(shown),
        "claim_keys": {claim["key"] for claim in shown["claims"]},
        "sources": _sources(shown),
        "families": events.families(shown),
        "periods": events.path(shown["period"]),
        "versions": [],
        "back": reverse("admin:conflict_event_change", args=[event.pk]),
    }
    return render(request, "admin/conflict/event/preview.html", context)


def _sources(shown: versions.Document) -> list[dict[str, Any]]:
    """The sources that the page lists: as published, or, where they are not yet, as drafted."""
    public = events.cited(shown)
    known = {source["key"] for source in public}
    missing = {("source", reference.key) for reference in references(shown) if reference.kind == "source"} - {
        ("source", key) for key in known
    }
    return [*public, *versions.drafted(missing).values()]
