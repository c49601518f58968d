"""Filters of events, by what happened, when, where, who took part and how well it is sourced.

When an event may lie within dates is decided by `conflict/record/models/spans.py`.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conflict import vocabulary
from conflict.public.episodes import episode
from conflict.public.filters import (
    BESIDE_POINT,
    BESIDE_RADIUS,
    BOX,
    NEAR,
    OVERLAP,
    RADIUS,
    dated,
    dated_before,
    identifier_filter,
    period_asked,
    search_filter,
    since_filters,
)
from conflict.public.filterset import Choice, CombinedFilter, Filters, ParameterFilter
from conflict.public.parameters import Box, BoxInDegrees, Day, Flag, Key, Number, PointInDegrees, Term, Terms
from conflict.record.models import (
    PublishedActor,
    PublishedClaim,
    PublishedEvent,
    PublishedFinding,
    PublishedLocation,
    PublishedPeriod,
    PublishedReference,
    PublishedSource,
)

DATE_MATCH = ("overlap", "contained", "possible")
COUNTING = "A claim counts that asserts its figure and is neither deprecated nor revised or superseded."
BESIDE_ACTOR: dict[str, Any] = {"beside": ("actor",), "remedy": "Name the `actor` whose part it is."}
BESIDE_MEASURE: dict[str, Any] = {
    "beside": ("measure",),
    "remedy": "Say what is counted: `measure=killed`, for example.",
}
BESIDE_DATES: dict[str, Any] = {"beside": ("after", "before"), "remedy": "Give `after`, `before` or both."}


def _located(box: Box) -> Any:
    return PublishedLocation.objects.between(**box._asdict())


def _around(values: Mapping[str, Any]) -> Any:
    return PublishedLocation.objects.near(*values["near"], kilometres=values["radius_km"])


def _naming(events: Any, actor: str, values: Mapping[str, Any]) -> Any:
    """Events that name the actor, or in which it has the given part."""
    part = {name: values[name] for name in ("role", "side", "standing") if values.get(name)}
    units = PublishedActor.objects.belonging_to(actor)
    if part:
        return events.with_part_taken(
            units if values.get("with_units") else PublishedActor.objects.filter(pk=actor), **part
        )
    return events.involving_any(units) if values.get("with_units") else events.involving(actor)


def _with_dead_of(events: Any, actor: str) -> Any:
    """Events with a figure that counts, of the dead of the actor or of what is part of it."""
    units = list(PublishedActor.objects.belonging_to(actor).values_list("pk", flat=True))
    counts = PublishedClaim.objects.counting().filter(measure=vocabulary.Measure.KILLED)
    suffered = counts.filter(parties__role=vocabulary.PartyRole.SUBJECT, parties__party__in=units)
    return events.filter(pk__in=suffered.values("event"))


def _with_figure(events: Any, _number: Any, values: Mapping[str, Any]) -> Any:
    """Events with a figure that counts and may lie within the bounds."""
    figures = PublishedClaim.objects.counting().filter(measure__in=values["measure"])
    figures = figures.reaching(values.get("at_least"), values.get("at_most"))
    return events.filter(Exists(figures.filter(event=OuterRef("pk"))))


def _on_encyclopaedia_alone(events: Any, yes: bool) -> Any:
    """Events that cite sources, all of them encyclopaedia articles; the False case is everything else."""
    articles = PublishedSource.objects.filter(kind=vocabulary.SourceKind.REFERENCE)
    cited = PublishedReference.objects.filter(from_kind="event", source__isnull=False)
    citing = cited.filter(source__in=articles.values("pk")).values("from_key")
    others = cited.filter(from_key=OuterRef("key")).exclude(source__in=articles.values("pk"))
    alone = Q(pk__in=citing) & ~Exists(others)
    return events.filter(alone) if yes else events.exclude(alone)


def _within_dates(events: Any, match: str, values: Mapping[str, Any]) -> Any:
    if match == "overlap":
        return events
    within = events.happening_within if match == "contained" else events.possibly_within
    return within(*period_asked(values))


def by_certainty(events: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The events filtered by these values as ranks: those that certainly lie within `after` and `before`, and those that
    only may; a single rank where nothing is to be told apart.
    """
    period = period_asked(values)
    if not any(period) or values.get("date_match") in DATE_MATCH[1:]:
        return (events,)
    return events.happening_within(*period), events.possibly_within(*period)


class EventFilters(Filters):
    search = search_filter()
    # Actor and place come first: their rows are read through a link, and the other filters apply to those rows.
    actor = CombinedFilter(
        Key("Named in the event: as participant, claimant, relay, subject or holder.", PublishedActor), _naming
    )
    with_units = CombinedFilter(
        Flag("Counts what is part of the actor, at any depth: an army's units. With `actor`."), **BESIDE_ACTOR
    )
    role = CombinedFilter(
        Terms("Took part in one of these roles. With `actor`.", vocabulary.ParticipantRole),
        choice=Choice(vocabulary.ParticipantRole, _("Role of the actor"), _("in the role “%(term)s”")),
        **BESIDE_ACTOR,
    )
    side = CombinedFilter(Terms("Took part on this side. With `actor`.", vocabulary.Side), **BESIDE_ACTOR)
    standing = CombinedFilter(Terms("How firmly its part stands. With `actor`.", vocabulary.Standing), **BESIDE_ACTOR)
    dead_of = ParameterFilter(
        Key(f"Some claim counts the dead of this actor, or of what is part of it. {COUNTING}", PublishedActor),
        _with_dead_of,
    )
    place = ParameterFilter(
        Key("At this location or one within it: a region contains its towns.", PublishedLocation),
        lambda events, key: events.within(key),
    )
    after = CombinedFilter(Day(f"May have happened on this date or later. {OVERLAP}"), dated)
    before = CombinedFilter(Day(f"May have happened on this date or earlier. {OVERLAP}"), dated_before)
    date_match = CombinedFilter(
        Term(
            "`overlap`, the default: all that may have happened within `after` and `before`; `contained`: what cannot have "
            "happened outside; `possible`: what may have happened within or outside.",
            DATE_MATCH,
        ),
        _within_dates,
        **BESIDE_DATES,
    )
    kind = ParameterFilter(
        Terms("Any of these kinds of event.", vocabulary.EventKind), lambda events, kinds: events.of_kind(*kinds)
    )
    episode = ParameterFilter(
        Key("This event and all that is part of it, at any depth.", PublishedEvent),
        lambda events, key: events.filter(pk__in=episode(key)),
    )
    period = ParameterFilter(
        Key("Filed under this period or one nested in it.", PublishedPeriod), lambda events, key: events.during(key)
    )
    bbox = ParameterFilter(BoxInDegrees(BOX), lambda events, box: events.located_among(_located(box)))
    near = CombinedFilter(
        PointInDegrees(NEAR), lambda events, _point, values: events.located_among(_around(values)), **BESIDE_RADIUS
    )
    radius_km = CombinedFilter(Number(RADIUS, 1, 20000), **BESIDE_POINT)
    measure = ParameterFilter(
        Terms("Some claim counts this.", vocabulary.Measure),
        lambda events, measures: events.filter(
            Exists(PublishedClaim.objects.filter(event=OuterRef("pk"), measure__in=measures))
        ),
    )
    at_least = CombinedFilter(
        Number(f"Some claim says so many or more. With `measure`. {COUNTING}"), _with_figure, **BESIDE_MEASURE
    )
    at_most = CombinedFilter(
        Number(f"Some claim says so many or fewer. With `measure`. {COUNTING}"),
        lambda events, number, values: (
            events if values.get("at_least") is not None else _with_figure(events, number, values)
        ),
        **BESIDE_MEASURE,
    )
    grade = ParameterFilter(
        Terms("A finding has this grade.", vocabulary.Grade),
        lambda events, grades: events.filter(
            Exists(PublishedFinding.objects.filter(event=OuterRef("pk"), grade__in=grades))
        ),
    )
    disputed = ParameterFilter(
        Flag(
            "Contested, or with a claim that another one, here or in another event, contradicts, denies or disputes, or that "
            "excludes the event's date, place or parties. Deprecated and replaced claims make no event disputed."
        ),
        "is_disputed",
    )
    single_source = ParameterFilter(
        Flag("Exactly one source is cited by the event and all that is said in it."),
        lambda events, yes: events.with_single_source(yes),
    )
    unsourced = ParameterFilter(
        Flag("No source is cited by the event or anything that is said in it."),
        lambda events, yes: events.without_source(yes),
    )
    encyclopaedia_only = ParameterFilter(
        Flag("Cites no source other than encyclopaedia articles."), _on_encyclopaedia_alone
    )
    unresolved = ParameterFilter(
        Flag("Cites a source that is known only by its number so far."),
        lambda events, yes: events.with_unresolved_sources(yes),
    )
    identifier = identifier_filter()
    changed_since, published_since = since_filters()
