"""What each resource can be asked for; one filter set per kind of entry."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef

from conflict import vocabulary
from conflict.api.filterset import CombinedFilter, Filters, ParameterFilter, search_parameter, since_parameters
from conflict.api.parameters import BoxInDegrees, Day, Flag, Key, Number, PointInDegrees, Term, Terms
from conflict.record.models import (
    Action,
    PublishedActor,
    PublishedClaim,
    PublishedEvent,
    PublishedFinding,
    PublishedLocation,
    PublishedPeriod,
    PublishedSource,
)

OVERLAP = (
    "Dates are intervals: what is only known as “January 2013” may have happened on any day of it, and is found. "
    "Both bounds are inclusive and may be fuzzy themselves (`2013-01`, `2013`). Entries without a date are not found."
)


DATE_MATCH = ("overlap", "contained")
BOX = (
    "Located in this box: west,south,east,north in degrees. What has no coordinates is not found; see their precision."
)
NEAR = "Located near this point: latitude,longitude in degrees. With `radius_km`."
RADIUS = "Distance from the point `near`, in kilometres."


def _dated(rows: Any, asked: Mapping[str, Any]) -> Any:
    """Between `after` and `before`, as one period: of two half-open ones the planner thinks that each halves the rows."""
    after, before = asked["after"], asked["before"]
    if not after and not before:
        return rows
    return rows.between(after.starts_on if after else None, before.ends_before if before else None)


class EventFilters(Filters):
    search = search_parameter()
    after = ParameterFilter(Day(f"May have happened on this date or later. {OVERLAP}"))
    before = ParameterFilter(Day(f"May have happened on this date or earlier. {OVERLAP}"))
    kind = ParameterFilter(Terms("Any of these kinds of event.", vocabulary.EventKind))
    date_match = ParameterFilter(
        Term("`overlap`, the default, or `contained`: cannot have happened outside `after` and `before`.", DATE_MATCH)
    )
    actor = ParameterFilter(
        Key("Named in the event: as participant, claimant, relay, subject or holder.", PublishedActor)
    )
    with_units = ParameterFilter(Flag("Counts what is part of the actor, at any depth: an army's units. With `actor`."))
    role = ParameterFilter(Terms("Took part in one of these roles. With `actor`.", vocabulary.ParticipantRole))
    side = ParameterFilter(Terms("Took part on this side. With `actor`.", vocabulary.Side))
    standing = ParameterFilter(Terms("How firmly its part stands. With `actor`.", vocabulary.Standing))
    place = ParameterFilter(Key("At this location or one within it: a region contains its towns.", PublishedLocation))
    period = ParameterFilter(Key("Filed under this period or one nested in it.", PublishedPeriod))
    bbox = ParameterFilter(
        BoxInDegrees(BOX), lambda events, box: events.located_among(PublishedLocation.objects.between(**box._asdict()))
    )
    near = ParameterFilter(PointInDegrees(NEAR))
    radius_km = ParameterFilter(Number(RADIUS, 1, 20000))
    measure = ParameterFilter(
        Terms("Some claim counts this.", vocabulary.Measure),
        lambda events, measures: events.filter(
            Exists(PublishedClaim.objects.filter(event=OuterRef("pk"), measure__in=measures))
        ),
    )
    at_least = ParameterFilter(
        Number("Some claim says so many or more. With `measure`; deprecated claims do not count.")
    )
    at_most = ParameterFilter(
        Number("Some claim says so many or fewer. With `measure`; deprecated claims do not count.")
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
        Flag("One source, or none, stands behind the event and its claims."),
        lambda events, yes: events.with_few_sources() if yes else events.filter(sources__gt=1),
    )
    unresolved = ParameterFilter(
        Flag("Cites a source that is known only by its number so far."),
        lambda events, yes: events.with_unresolved_sources() if yes else events.filter(unresolved_sources=0),
    )
    changed_since, published_since = since_parameters().values()

    together = (
        CombinedFilter("actor", ("with_units", "role", "side", "standing"), "Name the `actor` whose part it is."),
        CombinedFilter("near", ("radius_km",), "Say `near` which point: latitude,longitude."),
        CombinedFilter("radius_km", ("near",), "Say within which distance: `radius_km`."),
        CombinedFilter("measure", ("at_least", "at_most"), "Say what is counted: `measure=killed`, for example."),
        CombinedFilter(("after", "before"), ("date_match",), "Give `after`, `before` or both."),
    )

    def filter_queryset(self, events: Any) -> Any:
        asked = self.values
        events = _dated(self._along(super().filter_queryset(events)), asked)
        if asked["kind"]:
            events = events.of_kind(*asked["kind"])
        if asked["period"]:
            events = events.during(asked["period"])
        if asked["date_match"] == ["contained"]:
            after, before = asked["after"], asked["before"]
            events = events.happening_within(after and after.starts_on, before and before.ends_before)
        if asked["near"]:
            events = events.located_among(PublishedLocation.objects.near(*asked["near"], kilometres=asked["radius_km"]))
        if (asked["at_least"], asked["at_most"]) != (None, None):
            figures = (
                PublishedClaim.objects.standing()
                .filter(measure__in=asked["measure"])
                .reaching(asked["at_least"], asked["at_most"])
            )
            events = events.filter(Exists(figures.filter(event=OuterRef("pk"))))
        return events

    def _along(self, events: Any) -> Any:
        """By actor and place, the first of which the events are read along: what else is asked is then asked of its link."""
        asked = self.values
        if asked["actor"]:
            part = {name: asked[name] for name in ("role", "side", "standing") if asked[name]}
            units = PublishedActor.objects.belonging_to(asked["actor"])
            actors = units if asked["with_units"] else PublishedActor.objects.filter(pk=asked["actor"])
            if part:
                events = events.with_part_taken(actors, **part)
            else:
                events = events.involving_any(units) if asked["with_units"] else events.involving(asked["actor"])
        return events.within(asked["place"]) if asked["place"] else events


class ActorFilters(Filters):
    search = search_parameter()
    kind = ParameterFilter(
        Terms("Any of these kinds of actor.", vocabulary.ActorKind), lambda actors, kinds: actors.filter(kind__in=kinds)
    )
    family = ParameterFilter(
        Terms("Any of these sides of the war.", vocabulary.ActorFamily),
        lambda actors, families: actors.filter(family__in=families),
    )
    part_of = ParameterFilter(
        Key("This actor and all that is part of it, at any depth.", PublishedActor),
        lambda actors, key: actors.belonging_to(key),
    )
    changed_since, published_since = since_parameters().values()


class LocationFilters(Filters):
    search = search_parameter()
    kind = ParameterFilter(
        Terms("Any of these kinds of location.", vocabulary.LocationKind),
        lambda places, kinds: places.filter(kind__in=kinds),
    )
    place = ParameterFilter(
        Key("This location and all within it.", PublishedLocation), lambda places, key: places.lying_within(key)
    )
    bbox = ParameterFilter(BoxInDegrees(BOX), lambda places, box: places.between(**box._asdict()))
    near = ParameterFilter(PointInDegrees(NEAR))
    radius_km = ParameterFilter(Number(RADIUS, 1, 20000))
    changed_since, published_since = since_parameters().values()

    together = (
        CombinedFilter("near", ("radius_km",), "Say `near` which point: latitude,longitude."),
        CombinedFilter("radius_km", ("near",), "Say within which distance: `radius_km`."),
    )

    def filter_queryset(self, places: Any) -> Any:
        asked, places = self.values, super().filter_queryset(places)
        return places.near(*asked["near"], kilometres=asked["radius_km"]) if asked["near"] else places


class SourceFilters(Filters):
    search = search_parameter()
    kind = ParameterFilter(
        Terms("Any of these kinds of source.", vocabulary.SourceKind),
        lambda sources, kinds: sources.filter(kind__in=kinds),
    )
    resolved = ParameterFilter(
        Flag("`false`: citations known only by their number so far."), lambda sources, yes: sources.filter(resolved=yes)
    )
    publisher = ParameterFilter(
        Key("Published by this actor.", PublishedActor), lambda sources, key: sources.filter(publisher=key)
    )
    changed_since, published_since = since_parameters().values()


class PeriodFilters(Filters):
    search = search_parameter()
    period = ParameterFilter(
        Key("This period and all nested in it.", PublishedPeriod), lambda periods, key: periods.lying_within(key)
    )
    changed_since, published_since = since_parameters().values()


class ClaimFilters(Filters):
    event = ParameterFilter(Key("About this event.", PublishedEvent), lambda claims, key: claims.filter(event=key))
    kind = ParameterFilter(
        Terms("Any of these kinds of claim.", vocabulary.ClaimKind), lambda claims, kinds: claims.filter(kind__in=kinds)
    )
    measure = ParameterFilter(
        Terms("What the figure counts.", vocabulary.Measure),
        lambda claims, measures: claims.filter(measure__in=measures),
    )
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
    after = ParameterFilter(Day(f"About an event that may have happened on this date or later. {OVERLAP}"))
    before = ParameterFilter(Day(f"About an event that may have happened on this date or earlier. {OVERLAP}"))
    at_least = ParameterFilter(
        Number("The figure may be so many or more. “At least 25” counts as 25."),
        lambda claims, number: claims.reaching(at_least=number),
    )
    at_most = ParameterFilter(
        Number("The figure may be so many or fewer."), lambda claims, number: claims.reaching(at_most=number)
    )
    rank = ParameterFilter(
        Terms("Any of these ranks.", vocabulary.Rank), lambda claims, ranks: claims.filter(rank__in=ranks)
    )

    def filter_queryset(self, claims: Any) -> Any:
        return _dated(super().filter_queryset(claims), self.values)


class FindingFilters(Filters):
    event = ParameterFilter(Key("On this event.", PublishedEvent), lambda findings, key: findings.filter(event=key))
    aspect = ParameterFilter(
        Terms("What it concludes about.", vocabulary.FindingAspect),
        lambda findings, aspects: findings.filter(aspect__in=aspects),
    )
    measure = ParameterFilter(
        Terms("What the figure counts.", vocabulary.Measure),
        lambda findings, measures: findings.filter(measure__in=measures),
    )
    grade = ParameterFilter(
        Terms("Any of these grades.", vocabulary.Grade), lambda findings, grades: findings.filter(grade__in=grades)
    )


class TargetedFilters(Filters):
    """What warns of something: by what it warns of, and whether it still does."""

    search = search_parameter()
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
        lambda notices, key: notices.filter(target_key=key),
    )
    target_kind = ParameterFilter(
        Terms(
            "On any entry of these kinds; `chronology` for warnings on the whole chronology.",
            ["chronology", *vocabulary.EntryKind.values, "claim"],
        ),
        lambda notices, kinds: notices.filter(target_kind__in=["" if kind == "chronology" else kind for kind in kinds]),
    )
    open = ParameterFilter(
        Flag("`true`: still to be resolved; `false`: resolved."),
        lambda notices, yes: notices.filter(resolved_on__isnull=yes),
    )
    changed_since, published_since = since_parameters().values()


class NoticeFilters(TargetedFilters):
    kind = ParameterFilter(
        Terms("Any of these kinds of notice.", vocabulary.NoticeKind),
        lambda notices, kinds: notices.filter(kind__in=kinds),
    )


class DisputeFilters(TargetedFilters):
    pass


class PublicationFilters(Filters):
    after = ParameterFilter(
        Number("Later than the publication of this number: a consumer's next question."),
        lambda publications, number: publications.after(number),
    )
    kind = ParameterFilter(
        Terms("Of these kinds of entry.", vocabulary.EntryKind),
        lambda publications, kinds: publications.filter(entry_kind__in=kinds),
    )
    key = ParameterFilter(
        Key("Of entries with this key, withdrawn ones too."),
        lambda publications, key: publications.filter(key=key),
    )
    action = ParameterFilter(
        Terms("What was done.", Action), lambda publications, actions: publications.filter(action__in=actions)
    )
    change_kind = ParameterFilter(
        Terms("Why it was done.", vocabulary.ChangeKind),
        lambda publications, kinds: publications.filter(change_kind__in=kinds),
    )
    published_since = ParameterFilter(
        since_parameters()["published_since"].parameter,
        lambda publications, at: publications.filter(published_at__gte=at),
    )
