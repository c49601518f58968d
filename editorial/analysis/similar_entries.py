"""Similar entries, which may be duplicates: events close in time that share a place or people; entries that share a name or
an address. Those of a file are found by `editorial/import_export/duplicates.py`."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from conflict import dates, identifiers
from conflict.models import Actor, Event, EventRelation, Location, Participation, Source
from conflict.models.lookups import indexed

AROUND = timedelta(days=1)
LONGEST = timedelta(
    days=14
)  # longer events overlap too many others; an import, which nobody reads row by row, takes less
MANY = 2  # shared actors; a single one, such as an army, takes part in half of a war
SHOWN = 8


def similar_events(event: Event) -> QuerySet[Any]:
    """Events within a day of this one, at its place or with MANY actors in common; those already related are left out.

    They carry `same_place` and `shared`, the number of actors in common.

    None for an event whose date is open or wider than LONGEST.
    """
    span = event.span
    if event.pk is None or not _is_short(span):
        nothing: QuerySet[Any] = Event.objects.none()
        return nothing
    near = DateRange(span.lower - AROUND, span.upper + AROUND)
    here = Participation.objects.filter(event=event).values("actor")
    shared = Participation.objects.filter(event=OuterRef("pk"), actor__in=here).order_by()
    related = EventRelation.objects.filter(Q(event=event, other=OuterRef("pk")) | Q(other=event, event=OuterRef("pk")))
    found: QuerySet[Any] = (
        Event.objects.filter(span__overlap=near)
        .exclude(pk=event.pk)
        .annotate(
            same_place=Q(location=event.location_id) & Q(location__isnull=False),
            shared=Subquery(shared.values("event").annotate(of=Count("actor", distinct=True)).values("of")),
        )
        .filter(Q(same_place=True) | Q(shared__gte=MANY), ~Exists(related))
        .select_related("location")
    )
    found = found.filter(span__startswith__gte=span.lower - LONGEST, span__endswith__lte=span.upper + LONGEST)
    return found.order_by("-same_place", F("shared").desc(nulls_last=True), "key")[:SHOWN]


ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?([^?#]+?)/*(?:[?#].*)?$", re.IGNORECASE)
SHORTEST = 4  # letters of a name, words of a title that tell something


def alike(model: Any, given: Mapping[str, str]) -> QuerySet[Any]:
    """Entries that may be what is being typed: of the same name in any spelling, the same address, or the same day and words."""
    rows: QuerySet[Any] = model._default_manager.order_by("key")
    name = given.get("name", "") or given.get("title", "")
    if model in (Actor, Location) and len(name) >= SHORTEST:
        by_name, by_another = (
            model._default_manager.order_by().filter(indexed(column, name)).values("pk")
            for column in ("name__unaccent__iexact", "names__name__unaccent__iexact")
        )
        return rows.filter(pk__in=by_name.union(by_another))
    if model is Source:
        same = indexed("title__iexact", name) if len(name) >= SHORTEST else Q(pk=None)
        for typed in filter(None, (given.get("url"), given.get("doi"), given.get("look_up_by"))):
            if (address := ADDRESS.match(typed)) and "." in address[1]:
                same |= Q(url__holds=address[1])
            if doi := identifiers.doi(typed):
                same |= indexed("doi__iexact", doi)
        return rows.filter(same)
    if model is Event and given.get("when"):
        return _events_alike(rows, name, given["when"])
    return rows.none()


def _events_alike(rows: QuerySet[Any], title: str, when: str) -> QuerySet[Any]:
    """Events within a day that share a word of the title."""
    words = [word for word in re.findall(r"\w+", title) if len(word) >= SHORTEST]
    try:
        day = dates.parse(when)
    except dates.ImpossibleDate:
        return rows.none()
    if not words or day.starts_on is None or day.ends_before is None or day.ends_before - day.starts_on > LONGEST:
        return rows.none()
    shared = Q()
    for word in words[:10]:
        shared |= Q(title__unaccent__icontains=word)
    near = DateRange(day.starts_on - AROUND, day.ends_before + AROUND)
    return rows.filter(
        shared,
        span__overlap=near,
        span__startswith__gte=day.starts_on - LONGEST,
        span__endswith__lte=day.ends_before + LONGEST,
    )


def _is_short(span: Any) -> bool:
    return span is not None and span.lower is not None and span.upper is not None and span.upper - span.lower <= LONGEST
