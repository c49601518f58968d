"""Possible duplicates: events close in time, at one place or with the same people."""

from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from conflict.models import Event, EventRelation, Participation

AROUND = timedelta(days=1)
LONGEST = timedelta(days=14)  # longer events overlap too many others to be meaningful
MANY = 2  # shared actors; a single one, such as an army, takes part in half of a war
SHOWN = 8


def possible_duplicates(event: Event) -> QuerySet[Any]:
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


def _is_short(span: Any) -> bool:
    return span is not None and span.lower is not None and span.upper is not None and span.upper - span.lower <= LONGEST
