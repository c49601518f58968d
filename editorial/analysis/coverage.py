"""Coverage gaps of the chronology, each a queryset that a list can be filtered by."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Exists, F, Max, Min, Model, OuterRef, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conflict.models import Actor, Citation, Claim, Event, Finding, Location, Notice, Period, Source
from conflict.models.citation import IN_EVENTS
from conflict.record.models import Publication
from conflict.record.models.spans import may_lie_within
from editorial.analysis import translations
from editorial.workflow import edit_history

FEW = 3  # events; a year or period with fewer is thin
OLD_AFTER = 5  # years; an entry whose newest dated source is older may have been overtaken
COUNTED_UP_TO = 1000
FOUND_UP_TO = 10_000  # rows of a list
NEWEST = 200  # rows that are read to see how common something is
QUICK = 0.2  # seconds; counts that take no longer are not cached
TIMES_KEPT = 100  # slower counts are cached for this many times their duration,
LONGEST_KEPT = 3600  # but no longer than an hour
AT_ONCE = 0.02  # seconds; rows that take no longer are found anew
KEPT_UNCHANGED = 60  # seconds; a change that was being saved meanwhile is seen after these at the latest

Events = QuerySet[Event]


def events_citing_one_source(events: Events) -> Events:
    """Events that cite exactly one source, their parts included."""
    cited = Citation.objects.annotate(of=Coalesce(*IN_EVENTS)).order_by().values("of")
    return events.filter(
        pk__in=cited.annotate(first=Min("source"), last=Max("source"))
        .filter(first=F("last"), of__isnull=False)
        .values("of")
    )


def events_citing_nothing(events: Events) -> Events:
    """Events that cite no source, and whose parts cite none either."""
    return events.filter(*(~Exists(Citation.objects.filter(**{path: OuterRef("pk")})) for path in IN_EVENTS))


def events_without_place(events: Events) -> Events:
    return events.filter(location__isnull=True)


def events_without_coordinates(events: Events) -> Events:
    """Events that cannot be drawn on a map: without a place, or at one whose coordinates are not known."""
    return events.filter(location__latitude__isnull=True)


def events_without_date(events: Events) -> Events:
    return events.filter(when="")


def events_with_old_sources(events: Events, today: date) -> Events:
    """Events whose newest dated source is more than OLD_AFTER years old."""
    cited = Citation.objects.filter(event=OuterRef("pk"), source__published_span__isnull=False)
    newer = cited.filter(source__published_span__endswith__gt=date(today.year - OLD_AFTER, 1, 1))
    return events.filter(Exists(cited), ~Exists(newer))


def events_beginning_in(events: Events, year: int) -> Events:
    """Events whose first possible day lies in the year; an open beginning lies in none."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    return events.filter(may_lie_within(start, end), span__startswith__gte=start)


def claims_without_citation(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.filter(~Exists(Citation.objects.filter(claim=OuterRef("pk"))))


def claims_without_claimant(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.exclude(parties__role="claimant")


def thin_periods(periods: QuerySet[Period]) -> QuerySet[Any]:
    """Periods with fewer than FEW events, except headings that only contain other periods."""
    within = Period.objects.filter(parent=OuterRef("pk"))
    return periods.annotate(event_count=Count("events")).filter(~Exists(within), event_count__lt=FEW)


def thin_years(today: date) -> dict[int, int]:
    """Years from the first event to today in which fewer than FEW events begin, with their number."""
    rows = Event.objects.filter(span__startswith__isnull=False).annotate(year=ExtractYear("span__startswith"))
    counted = Counter(dict(rows.values_list("year").annotate(of=Count("pk")).order_by()))
    if not counted:
        return {}
    return {year: counted[year] for year in range(_beginning(counted), today.year + 1) if counted[year] < FEW}


def _beginning(counted: Counter[int]) -> int:
    """First year from which events occur at least every other year: background long before the war is no gap."""
    year = max(counted)
    while counted[year - 1] or counted[year - 2]:
        year -= 1
    return year


def years_to_choose(today: date) -> list[int]:
    """Years that the periods of the chronology span, the latest first."""
    first = Period.objects.aggregate(first=Min("span__startswith"))["first"]
    return list(range(today.year, (first.year if first else today.year - 15) - 1, -1))


def about(rows: QuerySet[Any]) -> int:
    """Number of rows, counted no further than COUNTED_UP_TO."""
    return rows.order_by()[:COUNTED_UP_TO].count()


def is_common(rows: QuerySet[Any]) -> bool:
    """True if these are more than half of the newest rows of their table."""
    newest = list(rows.model._default_manager.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
    return rows.order_by().filter(pk__in=newest).count() > NEWEST / 2


def found(name: str, rows: QuerySet[Any]) -> list[int] | None:
    """Primary keys of these rows; None if there are too many.

    Few among a million lie anywhere, so what takes a moment to find is kept until something is edited or published, and
    what takes long even then, for a while.
    """
    now = (Publication.objects.aggregate(head=Max("number"))["head"], *edit_history.last_rows().values())
    kept: tuple[object, list[int] | None] | None = caches["desk"].get(f"found:{name}")
    if kept is not None and kept[0] in (None, now):
        return kept[1]
    began = time.monotonic()
    pks = list(rows.order_by().values_list("pk", flat=True)[: FOUND_UP_TO + 1])
    fits = pks if len(pks) <= FOUND_UP_TO else None
    took = time.monotonic() - began
    if took > QUICK:
        _keep(f"found:{name}", (None, fits), took)
    elif took > AT_ONCE:
        caches["desk"].set(f"found:{name}", (now, fits), timeout=KEPT_UNCHANGED)
    return fits


def _keep(name: str, value: object, took: float) -> None:
    if took > QUICK:
        caches["desk"].set(name, value, timeout=min(took * TIMES_KEPT, LONGEST_KEPT))


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap: the rows counted, and the parameters of the list that shows them."""

    label: str | Promise
    rows: Callable[[date], QuerySet[Any]]
    listed: str
    narrowed: dict[str, Any]


def _older(model: type[Model], language: str, _: date) -> QuerySet[Any]:
    return translations.older(model._default_manager.all(), language)


GAPS: tuple[Gap, ...] = (
    Gap(_("citations not yet resolved"), lambda _: Source.objects.filter(resolved=False), "conflict_source", {"resolved__exact": 0}),
    Gap(_("events resting on a single source"), lambda _: events_citing_one_source(Event.objects.all()), "conflict_event", {"gap": "one-source"}),
    Gap(_("events citing nothing"), lambda _: events_citing_nothing(Event.objects.all()), "conflict_event", {"gap": "no-source"}),
    Gap(_("events without coordinates"), lambda _: events_without_coordinates(Event.objects.all()), "conflict_event", {"gap": "no-coordinates"}),
    Gap(_("events without a date"), lambda _: events_without_date(Event.objects.all()), "conflict_event", {"gap": "no-date"}),
    Gap(
        format_lazy(_("events whose newest dated source is over {years} years old"), years=OLD_AFTER),
        lambda today: events_with_old_sources(Event.objects.all(), today), "conflict_event", {"gap": "old-sources"},
    ),
    Gap(_("claims without citation"), lambda _: claims_without_citation(Claim.objects.all()), "conflict_claim", {"gap": "no-citation"}),
    *(
        Gap(format_lazy(_("{entries} with a translation ({language}) older than the text"), entries=model._meta.verbose_name_plural, language=language), partial(_older, model, language), f"conflict_{model._meta.model_name}", {"translation": f"{language}-older"})
        for language in settings.ENTRY_LANGUAGES
        for model in (Event, Claim, Finding, Actor, Location, Source, Period, Notice)
    ),
    Gap(_("claims without claimant"), lambda _: claims_without_claimant(Claim.objects.all()), "conflict_claim", {"gap": "no-claimant"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """Coverage of the chronology at a moment; `gaps` in the order of GAPS."""

    at: datetime
    gaps: list[int]
    years: dict[int, int]
    periods: list[tuple[int, str, int]]  # primary key, title, events


def counted(at: datetime) -> Counts:
    """Current counts, or cached ones if counting is slow: finding rare rows among 350,000 events means reading all."""
    kept: Counts | None = caches["desk"].get("coverage")
    if kept is not None:
        return kept
    began = time.monotonic()
    counts = Counts(
        at=at,
        gaps=[about(gap.rows(at.date())) for gap in GAPS],
        years=thin_years(at.date()),
        periods=[
            (period.pk, period.title, period.event_count)
            for period in thin_periods(Period.objects.order_by("position"))
        ],
    )
    _keep("coverage", counts, time.monotonic() - began)
    return counts
