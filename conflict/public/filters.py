"""Filter sets, one for each kind of entry: the filters that each resource accepts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conflict import identifiers, vocabulary
from conflict.families import ActorFamily
from conflict.public.episodes import episode
from conflict.public.filterset import Choice, CombinedFilter, Filters, ParameterFilter
from conflict.public.parameters import (
    Box,
    BoxInDegrees,
    Day,
    Flag,
    IdentifierCode,
    Key,
    Moment,
    Number,
    PointInDegrees,
    Term,
    Terms,
    Words,
)
from conflict.record.models import (
    Action,
    PublishedActor,
    PublishedClaim,
    PublishedEvent,
    PublishedFinding,
    PublishedLocation,
    PublishedPeriod,
    PublishedReference,
    PublishedSource,
)

OVERLAP = (
    "Dates are intervals: what is only known as “January 2013” may have happened on any day of it, and is found. "
    "Both bounds are inclusive and may be fuzzy themselves (`2013-01`, `2013`). Entries without a date are not found."
)


DATE_MATCH = ("overlap", "contained", "possible")
BOX = (
    "Located in this box: west,south,east,north in degrees. What has no coordinates is not found; see their precision."
)
NEAR = "Located near this point: latitude,longitude in degrees. With `radius_km`."
RADIUS = "Distance from the point `near`, in kilometres."
COUNTING = "A claim counts that asserts its figure and is neither deprecated nor revised or superseded."


def search_filter() -> ParameterFilter:
    return ParameterFilter(
        Words(
            "Words that all occur in the text, names or aliases. Accents and endings do not matter: "
            '`Esperanca` finds Esperança. `"quoted words"`, `or` and `-without` work; quotation marks and apostrophes may be '
            "those of any language. Acronyms of another language find the English one: `ONU` finds UN."
        ),
        lambda rows, words: rows.with_words(words),
    )


def identifier_filter() -> ParameterFilter:
    return ParameterFilter(
        IdentifierCode(
            "The same as this in another system: scheme and value, such as `wikidata:Q912` or `doi:10.1000/182`."
        ),
        lambda rows, code: rows.filter(identifiers__contains=[identifiers.canonical(code)]),
    )


def since_filters() -> tuple[ParameterFilter, ParameterFilter]:
    """Filters `changed_since` and `published_since`."""
    return (
        ParameterFilter(
            Moment("Last changed in substance at this moment or later."), lambda rows, at: rows.changed_since(at)
        ),
        ParameterFilter(Moment("First published at this moment or later."), lambda rows, at: rows.published_since(at)),
    )


def _dated(rows: Any, _day: Any, values: Mapping[str, Any]) -> Any:
    """Filter by `after` and `before` as one range: for two half-open ones, the planner assumes that each halves the
    rows.
    """
    after, before = values["after"], values.get("before")
    return rows.between(after.starts_on, before.ends_before if before else None)


def _dated_before(rows: Any, before: Any, values: Mapping[str, Any]) -> Any:
    return rows if values.get("after") else rows.between(None, before.ends_before)


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
    return within(*_period(values))


def _period(values: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Half-open period of `after` and `before`."""
    after, before = values.get("after"), values.get("before")
    return after and after.starts_on, before and before.ends_before


def by_certainty(events: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The events filtered by these values as ranks: those that certainly lie within `after` and `before`, and those that
    only may; a single rank where nothing is to be told apart.
    """
    period = _period(values)
    if not any(period) or values.get("date_match") in DATE_MATCH[1:]:
        return (events,)
    return events.happening_within(*period), events.possibly_within(*period)


BESIDE_ACTOR: dict[str, Any] = {"beside": ("actor",), "remedy": "Name the `actor` whose part it is."}
BESIDE_MEASURE: dict[str, Any] = {
    "beside": ("measure",),
    "remedy": "Say what is counted: `measure=killed`, for example.",
}
BESIDE_POINT: dict[str, Any] = {"beside": ("near",), "remedy": "Say `near` which point: latitude,longitude."}
BESIDE_RADIUS: dict[str, Any] = {"beside": ("radius_km",), "remedy": "Say within which distance: `radius_km`."}
BESIDE_DATES: dict[str, Any] = {"beside": ("after", "before"), "remedy": "Give `after`, `before` or both."}


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
    after = CombinedFilter(Day(f"May have happened on this date or later. {OVERLAP}"), _dated)
    before = CombinedFilter(Day(f"May have happened on this date or earlier. {OVERLAP}"), _dated_before)
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
        Flag("Contested, or with claims that contradict, deny or dispute each other."),
        lambda events, yes: events.disputed() if yes else events.filter(is_disputed=False),
    )
    single_source = ParameterFilter(
        Flag("Exactly one source is cited by the event and all that is said in it."),
        lambda events, yes: events.with_single_source() if yes else events.exclude(sources=1),
    )
    unsourced = ParameterFilter(
        Flag("No source is cited by the event or anything that is said in it."),
        lambda events, yes: events.without_source() if yes else events.filter(sources__gt=0),
    )
    encyclopaedia_only = ParameterFilter(
        Flag("Cites no source other than encyclopaedia articles."), _on_encyclopaedia_alone
    )
    unresolved = ParameterFilter(
        Flag("Cites a source that is known only by its number so far."),
        lambda events, yes: events.with_unresolved_sources() if yes else events.filter(unresolved_sources=0),
    )
    identifier = identifier_filter()
    changed_since, published_since = since_filters()


class ActorFilters(Filters):
    search = search_filter()
    kind = ParameterFilter(Terms("Any of these kinds of actor.", vocabulary.ActorKind), "kind__in")
    family = ParameterFilter(Terms("Any of these sides of the war.", ActorFamily), "family__in")
    part_of = ParameterFilter(
        Key("This actor and all that is part of it, at any depth.", PublishedActor),
        lambda actors, key: actors.belonging_to(key),
    )
    identifier = identifier_filter()
    changed_since, published_since = since_filters()


class LocationFilters(Filters):
    search = search_filter()
    kind = ParameterFilter(Terms("Any of these kinds of location.", vocabulary.LocationKind), "kind__in")
    place = ParameterFilter(
        Key("This location and all within it.", PublishedLocation), lambda places, key: places.lying_within(key)
    )
    identifier = identifier_filter()
    bbox = ParameterFilter(BoxInDegrees(BOX), lambda places, box: places.between(**box._asdict()))
    near = CombinedFilter(
        PointInDegrees(NEAR),
        lambda places, point, values: places.near(*point, kilometres=values["radius_km"]),
        **BESIDE_RADIUS,
    )
    radius_km = CombinedFilter(Number(RADIUS, 1, 20000), **BESIDE_POINT)
    changed_since, published_since = since_filters()


class SourceFilters(Filters):
    search = search_filter()
    kind = ParameterFilter(Terms("Any of these kinds of source.", vocabulary.SourceKind), "kind__in")
    resolved = ParameterFilter(Flag("`false`: citations known only by their number so far."), "resolved")
    publisher = ParameterFilter(Key("Published by this actor.", PublishedActor), "publisher")
    identifier = identifier_filter()
    changed_since, published_since = since_filters()


class PeriodFilters(Filters):
    search = search_filter()
    period = ParameterFilter(
        Key("This period and all nested in it.", PublishedPeriod), lambda periods, key: periods.lying_within(key)
    )
    changed_since, published_since = since_filters()


class ClaimFilters(Filters):
    event = ParameterFilter(Key("About this event.", PublishedEvent), "event")
    kind = ParameterFilter(Terms("Any of these kinds of claim.", vocabulary.ClaimKind), "kind__in")
    measure = ParameterFilter(Terms("What the figure counts.", vocabulary.Measure), "measure__in")
    claimant = ParameterFilter(
        Key("Made by this actor, alone or with others.", PublishedActor, PublishedLocation),
        lambda claims, key: claims.by(key),
    )
    subject = ParameterFilter(
        Key("Whose losses, which place or who is meant.", PublishedActor, PublishedLocation),
        lambda claims, key: claims.about(key),
    )
    place = ParameterFilter(
        Key("About an event at this location or one within it.", PublishedLocation),
        lambda claims, key: claims.within(key),
    )
    after = CombinedFilter(Day(f"About an event that may have happened on this date or later. {OVERLAP}"), _dated)
    before = CombinedFilter(
        Day(f"About an event that may have happened on this date or earlier. {OVERLAP}"), _dated_before
    )
    at_least = ParameterFilter(
        Number("The figure may be so many or more. “At least 25” counts as 25."),
        lambda claims, number: claims.reaching(at_least=number),
    )
    at_most = ParameterFilter(
        Number("The figure may be so many or fewer."), lambda claims, number: claims.reaching(at_most=number)
    )
    rank = ParameterFilter(Terms("Any of these ranks.", vocabulary.Rank), "rank__in")


class FindingFilters(Filters):
    event = ParameterFilter(Key("On this event.", PublishedEvent), "event")
    aspect = ParameterFilter(Terms("What it concludes about.", vocabulary.FindingAspect), "aspect__in")
    measure = ParameterFilter(Terms("What the figure counts.", vocabulary.Measure), "measure__in")
    grade = ParameterFilter(Terms("Any of these grades.", vocabulary.Grade), "grade__in")


class TargetedFilters(Filters):
    """Filters for notices and disputes: by target, and by whether they are still open."""

    search = search_filter()
    target = ParameterFilter(
        Key(
            "On the entry or claim with this key, whatever its kind.",
            PublishedEvent,
            PublishedActor,
            PublishedLocation,
            PublishedSource,
            PublishedPeriod,
            PublishedClaim,
        ),
        "target_key",
    )
    target_kind = ParameterFilter(
        Terms(
            "On any entry of these kinds; `chronology` for warnings on the whole chronology.",
            ["chronology", *vocabulary.EntryKind.values, "claim"],
        ),
        lambda notices, kinds: notices.filter(target_kind__in=["" if kind == "chronology" else kind for kind in kinds]),
    )
    open = ParameterFilter(Flag("`true`: still to be resolved; `false`: resolved."), "resolved_on__isnull")
    changed_since, published_since = since_filters()


class NoticeFilters(TargetedFilters):
    kind = ParameterFilter(Terms("Any of these kinds of notice.", vocabulary.NoticeKind), "kind__in")


class DisputeFilters(TargetedFilters):
    pass


class PublicationFilters(Filters):
    after = ParameterFilter(
        Number("Later than the publication of this number: a consumer's next question."),
        lambda publications, number: publications.after(number),
    )
    kind = ParameterFilter(Terms("Of these kinds of entry.", vocabulary.EntryKind), "entry_kind__in")
    key = ParameterFilter(Key("Of entries with this key, withdrawn ones too."), "key")
    action = ParameterFilter(Terms("What was done.", Action), "action__in")
    change_kind = ParameterFilter(Terms("Why it was done.", vocabulary.ChangeKind), "change_kind__in")
    published_since = ParameterFilter(Moment("First published at this moment or later."), "published_at__gte")
