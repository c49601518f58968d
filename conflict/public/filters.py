"""Filter sets, one for each kind of entry: the filters that each resource accepts."""

from collections.abc import Mapping
from typing import Any

from conflict import identifiers, vocabulary
from conflict.families import ActorFamily
from conflict.public.fatalities_over_time import Period
from conflict.public.filterset import CombinedFilter, Filters, ParameterFilter
from conflict.public.parameters import (
    BoxInDegrees,
    Day,
    Flag,
    IdentifierCode,
    Key,
    Moment,
    Number,
    PointInDegrees,
    Terms,
    Words,
)
from conflict.record.models import (
    Action,
    PublishedActor,
    PublishedClaim,
    PublishedEvent,
    PublishedLocation,
    PublishedPeriod,
    PublishedSource,
)

OVERLAP = (
    "Dates are intervals: what is only known as “January 2013” may have happened on any day of it, and is found. "
    "Both bounds are inclusive and may be fuzzy themselves (`2013-01`, `2013`). Entries without a date are not found."
)
BOX = (
    "Located in this box: west,south,east,north in degrees. What has no coordinates is not found; see their precision."
)
NEAR = "Located near this point: latitude,longitude in degrees. With `radius_km`."
RADIUS = "Distance from the point `near`, in kilometres."
BESIDE_POINT: dict[str, Any] = {"beside": ("near",), "remedy": "Say `near` which point: latitude,longitude."}
BESIDE_RADIUS: dict[str, Any] = {"beside": ("radius_km",), "remedy": "Say within which distance: `radius_km`."}


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
            "The same as this in another system: scheme and value, such as `wikidata:Q1065` or `doi:10.1000/182`."
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


def period_asked(values: Mapping[str, Any]) -> Period:
    """Half-open period of `after` and `before`; None on a side without a date."""
    after, before = values.get("after"), values.get("before")
    return after and after.starts_on, before and before.ends_before


def dated(rows: Any, _day: Any, values: Mapping[str, Any]) -> Any:
    """Filter by `after` and `before` as one range: the planner would take two for half of the rows each."""
    return rows.between(*period_asked(values))


def dated_before(rows: Any, before: Any, values: Mapping[str, Any]) -> Any:
    return rows if values.get("after") else dated(rows, before, values)


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
    after = CombinedFilter(Day(f"About an event that may have happened on this date or later. {OVERLAP}"), dated)
    before = CombinedFilter(
        Day(f"About an event that may have happened on this date or earlier. {OVERLAP}"), dated_before
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
