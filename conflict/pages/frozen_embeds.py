"""Events as of one publication, for embeds that never change: counted from the documents of then, not from the record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from conflict import dates
from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import mark_current
from conflict.estimates import estimates, replaced_within
from conflict.pages.event_filter import EventFilter
from conflict.pages.maps import Kinds, by_family
from conflict.public import queries
from conflict.public.charts.event_map import MapPlace
from conflict.public.fatalities_over_time import Fatalities, over_time
from conflict.public.query_strings import Parameters
from conflict.record.models import Publication
from conflict.record.projection import incidents
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.vocabulary import EntryKind
from conflict.wording.localized_texts import localized

MOST = 5000  # documents read for one embed
GOES_WITH = {"kind", "from", "to"}  # filters that need nothing but the event's own document


def publication(asked: Parameters, chosen: EventFilter) -> Publication | None:
    """The publication to which an embed is frozen; None if it is not. Refuses what cannot be counted as of then."""
    number = asked["publication"]
    if not number:
        return None
    if others := sorted(chosen.given.keys() - GOES_WITH):
        asked.refuse(
            _("A frozen embed can be filtered by kind, from and to only, not by %(names)s.")
            % {"names": ", ".join(others)}
        )
    found = queries.log().filter(number=number).first()
    if found is None:
        asked.refuse(_("There is no publication %(number)s.") % {"number": number})
    if queries.log().filter(entry_kind=EntryKind.EVENT, number__lte=number).count() > MOST:
        asked.refuse(_("There are too many events to count them as of a publication. Leave “publication” out."))
    return found


def events(number: int, chosen: EventFilter) -> list[dict[str, Any]]:
    """Documents of the events that were public then and match the filter."""
    return _matching(_documents(EntryKind.EVENT, number), chosen)


def dead(number: int, chosen: EventFilter) -> Fatalities:
    """The dead of these events, counted by the rules of today's chart from the claims and the actors of then."""
    public = list(_documents(EntryKind.EVENT, number))
    replaced = replaced_within(claim for event in public for claim in event["claims"])
    actors = {
        actor["key"]: incidents.Actor(actor["key"], actor["name"], actor["kind"], actor["family"])
        for actor in _documents(EntryKind.ACTOR, number)
    }
    found = _matching(public, chosen)
    for event in found:
        event["estimates"] = [estimate.as_dict() for estimate in estimates(event["claims"], replaced)]
        incidents.tell_parties(event, actors)
    return over_time(found, within=chosen.within)


def _matching(public: Iterable[dict[str, Any]], chosen: EventFilter) -> list[dict[str, Any]]:
    start, end = chosen.within or (None, None)
    return [
        document
        for document in public
        if (not chosen.kind or document["kind"] == chosen.kind) and _is_within(document["when"], start, end)
    ]


def by_month(found: list[dict[str, Any]]) -> dict[date, int]:
    days = (dates.parse(document["when"]).sorts_on for document in found if document["when"])
    return dict(Counter(day.replace(day=1) for day in days if day != UNDATED_SORTS_ON))


def by_place(number: int, found: list[dict[str, Any]]) -> tuple[Kinds, list[MapPlace]]:
    """Events of each place by kind, and the places as they were known then."""
    counts = Counter(((document["location"] or {}).get("key"), document["kind"]) for document in found)
    kinds = by_family(counts)
    known = {document["key"]: document for document in _documents(EntryKind.LOCATION, number)}
    return kinds, [_place(known, key, kinds) for key in kinds if key in known]


def _place(known: dict[str, dict[str, Any]], key: str | None, kinds: Kinds) -> MapPlace:
    document = known[key or ""]
    keys = [document["key"]]
    while (parent := known[keys[-1]]["parent"]) and parent["key"] in known and parent["key"] not in keys:
        keys.append(parent["key"])
    latitude, longitude = document["latitude"], document["longitude"]
    return MapPlace(
        document["key"],
        localized(document)["name"],
        keys,
        float(latitude) if latitude else None,
        float(longitude) if longitude else None,
        document["coordinate_precision"],
        kinds[key],
        kinds[key].total(),
    )


def _documents(kind: EntryKind, number: int) -> Iterator[dict[str, Any]]:
    steps = queries.log().filter(entry_kind=kind, number__lte=number).order_by("key", "-version").distinct("key")
    for step in steps:
        if step.document:
            document = lifted(kind, step.document)
            mark_current(kind, document)
            yield {**document, "key": step.key}


def _is_within(when: str, start: date | None, end: date | None) -> bool:
    """Return True if this date is asked for: every one, and none, where there is no period."""
    return not (start or end) or (bool(when) and dates.parse(when).may_lie_within(start, end))
