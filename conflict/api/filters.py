"""What each resource can be asked for; one filter set per kind of entry."""

from datetime import date

from conflict import dates, vocabulary
from conflict.api.asking import Asks, Filters, search_parameter, since_parameters
from conflict.api.parameters import Day, Flag, Key, Number, Terms
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


def _from(when: dates.When) -> date | None:
    return when.starts_on


def _until(when: dates.When) -> date | None:
    return when.ends_before


class EventFilters(Filters):
    search = search_parameter()
    after = Asks(
        Day(f"May have happened on this date or later. {OVERLAP}"),
        lambda events, when: events.between(_from(when), None),
    )
    before = Asks(
        Day(f"May have happened on this date or earlier. {OVERLAP}"),
        lambda events, when: events.between(None, _until(when)),
    )
    kind = Asks(
        Terms("Any of these kinds of event.", vocabulary.EventKind), lambda events, kinds: events.of_kind(*kinds)
    )
    actor = Asks(
        Key("Named in the event: as participant, claimant, relay, subject or holder.", PublishedActor),
        lambda events, key: events.involving(key),
    )
    place = Asks(
        Key("At this location or one within it: a region contains its towns.", PublishedLocation),
        lambda events, key: events.within(key),
    )
    period = Asks(
        Key("Filed under this period or one nested in it.", PublishedPeriod), lambda events, key: events.during(key)
    )
    changed_since, published_since = since_parameters().values()


class ActorFilters(Filters):
    search = search_parameter()
    kind = Asks(
        Terms("Any of these kinds of actor.", vocabulary.ActorKind), lambda actors, kinds: actors.filter(kind__in=kinds)
    )
    family = Asks(
        Terms("Any of these sides of the war.", vocabulary.ActorFamily),
        lambda actors, families: actors.filter(family__in=families),
    )
    changed_since, published_since = since_parameters().values()


class LocationFilters(Filters):
    search = search_parameter()
    kind = Asks(
        Terms("Any of these kinds of location.", vocabulary.LocationKind),
        lambda places, kinds: places.filter(kind__in=kinds),
    )
    place = Asks(
        Key("This location and all within it.", PublishedLocation), lambda places, key: places.lying_within(key)
    )
    changed_since, published_since = since_parameters().values()


class SourceFilters(Filters):
    search = search_parameter()
    kind = Asks(
        Terms("Any of these kinds of source.", vocabulary.SourceKind),
        lambda sources, kinds: sources.filter(kind__in=kinds),
    )
    resolved = Asks(
        Flag("`false`: citations known only by their number so far."), lambda sources, yes: sources.filter(resolved=yes)
    )
    publisher = Asks(
        Key("Published by this actor.", PublishedActor), lambda sources, key: sources.filter(publisher=key)
    )
    changed_since, published_since = since_parameters().values()


class PeriodFilters(Filters):
    search = search_parameter()
    period = Asks(
        Key("This period and all nested in it.", PublishedPeriod), lambda periods, key: periods.lying_within(key)
    )
    changed_since, published_since = since_parameters().values()


class ClaimFilters(Filters):
    event = Asks(Key("About this event.", PublishedEvent), lambda claims, key: claims.filter(event=key))
    kind = Asks(
        Terms("Any of these kinds of claim.", vocabulary.ClaimKind), lambda claims, kinds: claims.filter(kind__in=kinds)
    )
    measure = Asks(
        Terms("What the figure counts.", vocabulary.Measure),
        lambda claims, measures: claims.filter(measure__in=measures),
    )
    claimant = Asks(
        Key("Made by this actor, alone or with others.", PublishedActor, PublishedLocation),
        lambda claims, key: claims.by(key),
    )
    subject = Asks(
        Key("Whose losses, which place or who is meant.", PublishedActor, PublishedLocation),
        lambda claims, key: claims.about(key),
    )
    place = Asks(
        Key("About an event at this location or one within it.", PublishedLocation),
        lambda claims, key: claims.within(key),
    )
    after = Asks(
        Day(f"About an event that may have happened on this date or later. {OVERLAP}"),
        lambda claims, when: claims.between(_from(when), None),
    )
    before = Asks(
        Day(f"About an event that may have happened on this date or earlier. {OVERLAP}"),
        lambda claims, when: claims.between(None, _until(when)),
    )


class NoticeFilters(Filters):
    search = search_parameter()
    kind = Asks(
        Terms("Any of these kinds of notice.", vocabulary.NoticeKind),
        lambda notices, kinds: notices.filter(kind__in=kinds),
    )
    target = Asks(
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
    target_kind = Asks(
        Terms(
            "On any entry of these kinds; `chronology` for warnings on the whole chronology.",
            ["chronology", *vocabulary.EntryKind.values, "claim"],
        ),
        lambda notices, kinds: notices.filter(target_kind__in=["" if kind == "chronology" else kind for kind in kinds]),
    )
    open = Asks(
        Flag("`true`: still to be resolved; `false`: resolved."),
        lambda notices, yes: notices.filter(resolved_on__isnull=yes),
    )
    changed_since, published_since = since_parameters().values()


class PublicationFilters(Filters):
    after = Asks(
        Number("Later than the publication of this number: a consumer's next question."),
        lambda publications, number: publications.after(number),
    )
    kind = Asks(
        Terms("Of these kinds of entry.", vocabulary.EntryKind),
        lambda publications, kinds: publications.filter(entry_kind__in=kinds),
    )
    key = Asks(
        Key("Of entries with this key, withdrawn ones too."),
        lambda publications, key: publications.filter(key=key),
    )
    action = Asks(
        Terms("What was done.", Action), lambda publications, actions: publications.filter(action__in=actions)
    )
    change_kind = Asks(
        Terms("Why it was done.", vocabulary.ChangeKind),
        lambda publications, kinds: publications.filter(change_kind__in=kinds),
    )
    published_since = Asks(
        since_parameters()["published_since"].parameter,
        lambda publications, at: publications.filter(published_at__gte=at),
    )
