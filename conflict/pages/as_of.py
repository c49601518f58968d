"""The chronology as it stood at the end of a day: every kind of entry, events by all filters of the list."""

from datetime import date
from typing import Any

from django.db.models import JSONField, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from conflict.documents.references import Reference
from conflict.pages.chronology import form
from conflict.pages.event_filter import FILTERS, EventFilter
from conflict.pages.page_view import page, render_page
from conflict.public import history, past_events, queries, versions
from conflict.public.parameters import Parameter, Term, TypedDay
from conflict.public.query_strings import Parameters, query_string
from conflict.public.total_order import Ordering
from conflict.record.models import Publication
from conflict.vocabulary import EntryKind

PAGE_SIZE = 100
LAST = "\uffff"  # sorts behind every text: entries without a date stand at the end
# By kind: the field of documents by which its list is ordered.
SORTED_BY = {"actor": "name", "location": "name", "source": "published_on", "period": "when", "notice": "raised_on"}
IN_ORDER = Ordering(("sorted_by", "key"))
PARAMETERS = {"day": TypedDay(), "of": Term("", EntryKind), "after": Parameter(max_length=700), **FILTERS}


@page(PARAMETERS)
def as_of(request: HttpRequest, asked: Parameters) -> HttpResponse:
    kind = asked["of"] or EntryKind.EVENT
    filtered = EventFilter.asked(asked)
    if filtered and kind != EntryKind.EVENT:
        asked.refuse(_("Only events can be filtered: choose events, or drop the filter."))
    day = asked["day"]
    end = day.ends_before if day else None
    last = queries.log().filter(published_at__date__lt=end).newest_first().first() if end else None
    context: dict[str, Any] = {"kind": kind, "kinds": EntryKind, "day": day.text if day else "", "last_step": last}
    if last:
        context |= _events(asked, filtered, last) if kind == EntryKind.EVENT else _entries(asked, kind.value, last)
    fields = {"day": context["day"], "of": kind.value}
    context |= {"filter": filtered, "form": form(filtered, request.path, fields)}
    return render_page(request, "as_of.html", context)


def _events(asked: Parameters, filtered: EventFilter, last: Publication) -> dict[str, Any]:
    found = past_events.page(filtered.values, filtered.events, last.number, _position(asked), PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    places = history.labels_at({Reference("location", event.place) for event in shown if event.place}, last.number)
    following = f"{shown[-1].sorts_on}~{shown[-1].key}" if len(found) > PAGE_SIZE else ""
    rows = [(event, (places.get(Reference("location", event.place), "") if event.place else "")) for event in shown]
    return {"events": rows, "following": query_string(asked.given, after=following) if following else ""}


def _position(asked: Parameters) -> tuple[date, str] | None:
    day, _sign, key = asked["after"].partition("~")
    try:
        return (date.fromisoformat(day), key) if day else None
    except ValueError:
        asked.refuse(_("This page of the list has an address that nobody gave: start from its first page."))


def _entries(asked: Parameters, kind: str, last: Publication) -> dict[str, Any]:
    """Entries of another kind in the order of their dates, or of their names."""
    sorted_by, _sign, key = asked["after"].rpartition("~")
    rows = IN_ORDER.after(_sorted(kind, last.number), (sorted_by, key) if key else ())
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    labels = history.labels_at({Reference(kind, step.key) for step in shown}, last.number)
    following = f"{shown[-1].sorted_by}~{shown[-1].key}" if len(found) > PAGE_SIZE else ""
    return {
        "entries": [(step, _date(kind, step), labels[Reference(kind, step.key)]) for step in shown],
        "following": query_string(asked.given, after=following) if following else "",
    }


def _sorted(kind: str, number: int) -> QuerySet[Any]:
    field = KeyTextTransform(SORTED_BY[kind], Cast("document", JSONField()))
    return history.standing(kind, number).annotate(
        sorted_by=Coalesce(NullIf(field, Value("")), Value(LAST), output_field=TextField())
    )


def _date(kind: str, step: Publication) -> str:
    document = versions.text_of(step) or {}
    return "" if SORTED_BY[kind] == "name" else document.get(SORTED_BY[kind], "")
