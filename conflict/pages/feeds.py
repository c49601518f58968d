"""Atom feeds: new events, corrections, and events of an actor, a place or a period."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conflict import text as texts
from conflict.pages import errors
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.page_view import page
from conflict.public import queries
from conflict.public.query_strings import Parameters
from conflict.record.models import PublishedEvent
from conflict.vocabulary import ChangeKind
from conflict.wording import days, headlines, review_states
from conflict.wording.localized_texts import label_of
from conflict.wording.terms import capital

ENTRIES = 50
CORRECTING = (
    ChangeKind.CORRECTION,
    ChangeKind.NEW_EVIDENCE,
    ChangeKind.WITHDRAWAL,
    ChangeKind.MERGE,
    ChangeKind.REDACTION,
)


@page(FILTERS)
def new_events(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """Events new to the record; with the filters of the chronology, those that match."""
    chosen = EventFilter.asked(asked)
    title = " · ".join(
        [
            _("%(title)s: new events") % {"title": settings.CHRONOLOGY.title},
            *(texts.line(part["words"]) for part in chosen.said()),
        ]
    )
    return _feed(request, title, chosen.events)


@page()
def of_actor(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    name = label_of(errors.get_entry("actor", key))
    return _feed(request, _("%(title)s: events that name %(name)s") % titled(name), queries.events().involving(key))


@page()
def of_place(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    name = label_of(errors.get_entry("location", key))
    return _feed(request, _("%(title)s: events in %(name)s") % titled(name), queries.events().within(key))


@page()
def of_period(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    name = label_of(errors.get_entry("period", key))
    return _feed(request, _("%(title)s: %(name)s") % titled(name), queries.events().during(key))


@page()
def corrections(request: HttpRequest, asked: Parameters) -> HttpResponse:
    steps = queries.log().filter(change_kind__in=CORRECTING).newest_first().defer("document")[:ENTRIES]
    feed = _start(request, _("%(title)s: corrections and withdrawals") % {"title": settings.CHRONOLOGY.title})
    for step in steps:
        link = request.build_absolute_uri(reverse("difference", args=[step.entry_kind, step.key, step.version]))
        title = _("%(title)s: %(name)s") % {"title": step.key, "name": ChangeKind(step.change_kind).label}
        feed.add_item(
            title,
            link,
            _as_markup(step.reason),
            unique_id=link,
            updateddate=step.published_at,
            pubdate=step.published_at,
        )
    return _answer(feed)


def titled(name: str) -> dict[str, str]:
    return {"title": str(settings.CHRONOLOGY.title), "name": texts.line(name)}


def _feed(request: HttpRequest, title: str, found: Any) -> HttpResponse:
    feed = _start(request, title)
    events: Iterable[PublishedEvent] = found.order_by("-first_published_at", "-sorts_on", "key")[:ENTRIES]
    for event in events:
        link = request.build_absolute_uri(reverse("event", args=[event.key]))
        feed.add_item(
            _("%(title)s: %(name)s") % {"title": days.words(event.when), "name": texts.line(label_of(event))},
            link,
            _as_markup(_summary(queries.body(event))),
            unique_id=link,
            pubdate=event.first_published_at,
            updateddate=event.changed_at,
        )
    return _answer(feed)


def _start(request: HttpRequest, title: str) -> Atom1Feed:
    here = request.build_absolute_uri()
    home = request.build_absolute_uri(reverse("home"))
    return Atom1Feed(
        title,
        home,
        title,
        language=get_language(),
        feed_url=here,
        feed_guid=here,
        author_name=settings.CHRONOLOGY.name,
    )


def _summary(event: dict[str, Any]) -> str:
    review = capital(review_states.words(event["review"])) + "."
    return " ".join(filter(None, (event["summary"], headlines.text(event), review)))


def _as_markup(words: str) -> str:
    """Plain text escaped for feed readers, which take a summary for HTML; characters that XML forbids are removed."""
    return str(linebreaksbr(texts.prose(words)))


def _answer(feed: Atom1Feed) -> HttpResponse:
    if not feed.items:
        feed.latest_post_date = lambda: datetime(1970, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]  # the default is the server's current time
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
