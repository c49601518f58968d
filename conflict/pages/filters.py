"""The filter of events: read from an address, applied to the record, said in words."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conflict.pages import queries
from conflict.pages.parameters import Box, Parameters, query_string
from conflict.public.wording import days, degrees
from conflict.public.wording.texts import named
from conflict.record.models import PublishedEntry
from conflict.record.models.event import PublishedEventQuerySet
from conflict.vocabulary import EventKind

FILTERS = ("q", "from", "to", "actor", "place", "bbox", "kind", "period", "standing")


class Support(Enum):
    """How an event is supported by its sources."""

    DISPUTED = "disputed"
    SINGLE_SOURCE = "single-source"
    UNSOURCED = "unsourced"
    UNRESOLVED = "unresolved"

    @property
    def label(self) -> str:
        return {
            Support.DISPUTED: _("accounts contradict each other"),
            Support.SINGLE_SOURCE: _("rests on a single source"),
            Support.UNSOURCED: _("without any source"),
            Support.UNRESOLVED: _("cites a source not yet resolved"),
        }[self]


IN_THE_API: dict[Any, str] = {
    "q": "search",
    "from": "after",
    "to": "before",
    Support.DISPUTED: "disputed",
    Support.UNRESOLVED: "unresolved",
}


@dataclass(slots=True)
class EventFilter:
    """What is asked of the chronology. `given` is the same as it stands in the address."""

    given: dict[str, str]
    words: str
    start: date | None
    end: date | None
    kind: EventKind | None
    support: Support | None
    actor: PublishedEntry | None
    place: PublishedEntry | None
    period: PublishedEntry | None
    box: Box | None

    @classmethod
    def asked(cls, asked: Parameters) -> "EventFilter":
        """Notes a fault for every value that names nothing; the caller refuses them."""
        start, end = asked.day("from"), asked.day("to", end=True)
        if start and end and start >= end:
            asked.fault(_("The filter ends before it begins: put the earlier date first."))
        return cls(
            given={name: asked.given[name] for name in FILTERS if name in asked.given},
            words=asked.text("q"),
            start=start,
            end=end,
            kind=asked.choice("kind", EventKind),
            support=asked.choice("standing", Support),
            actor=_named(asked, "actor", "actor"),
            place=_named(asked, "place", "location"),
            period=_named(asked, "period", "period"),
            box=asked.box("bbox"),
        )

    def __bool__(self) -> bool:
        return bool(self.given)

    def applied(self) -> PublishedEventQuerySet:
        found = queries.events()
        if self.words:
            found = found.matching(self.words)
        if self.actor:
            found = found.involving(self.actor.key)
        if self.place:
            found = found.within(self.place.key)
        if self.start or self.end:
            found = found.between(self.start, self.end)
        if self.kind:
            found = found.of_kind(self.kind)
        if self.box:
            found = found.located_among(queries.points_between(self.box))
        if self.period:
            found = found.during(self.period.key)
        match self.support:
            case Support.DISPUTED:
                return found.disputed()
            case Support.SINGLE_SOURCE:
                return found.resting_on_one_source()
            case Support.UNSOURCED:
                return found.without_source()
            case Support.UNRESOLVED:
                return found.citing_the_unresolved()
        return found

    def to_count(self) -> QuerySet[Any]:
        """As many rows as there are events, each with its day and kind: an index alone has those of an actor or a place."""
        rows: QuerySet[Any] = self.applied()
        match sorted(self.given.keys() - {"kind"}):
            case ["actor"] if self.actor:
                rows = queries.naming(self.actor.key)
            case ["place"] if self.place:
                rows = queries.at_or_below(self.place.key)
            case _:
                return rows
        return rows.filter(kind=self.kind) if self.kind else rows

    @property
    def stands_through_rewordings(self) -> bool:
        """Whether a publication that only rewords leaves the events found as they are; not where their words are asked.

        (conflict.pages.change_tracker.) A stretch of the earth is not kept either: no two readers look at the same one.
        """
        return not self.words and not self.box

    def said(self) -> list[dict[str, str]]:
        """The filter in words, each part with the query string that drops it."""
        parts: dict[str, str] = {}
        if self.words:
            parts["q"] = _("with the words “%(words)s”") % {"words": self.words}
        if self.start:
            parts["from"] = _("from %(date)s") % {"date": days.words(self.given["from"])}
        if self.end:
            parts["to"] = _("until %(date)s") % {"date": days.words(self.given["to"])}
        if self.kind:
            parts["kind"] = _("of the kind “%(kind)s”") % {"kind": self.kind.label}
        if self.actor:
            parts["actor"] = _("naming %(actor)s") % {"actor": named(self.actor)}
        if self.place:
            parts["place"] = _("in %(place)s") % {"place": named(self.place)}
        if self.box:
            parts["bbox"] = _("between %(west)s and %(east)s, %(south)s and %(north)s") % {
                "west": degrees.longitude(self.box.west),
                "east": degrees.longitude(self.box.east),
                "south": degrees.latitude(self.box.south),
                "north": degrees.latitude(self.box.north),
            }
        if self.period:
            parts["period"] = _("filed under “%(period)s”") % {"period": named(self.period)}
        if self.support:
            parts["standing"] = self.support.label
        return [
            {"name": name, "words": said, "without": self.query(**{name: ""}) or "?"} for name, said in parts.items()
        ]

    def in_the_api(self) -> str | None:
        """The same question as the API asks it; None for one that it does not know."""
        if self.support and self.support not in IN_THE_API:
            return None
        asked = {IN_THE_API.get(name, name): value for name, value in self.given.items() if name != "standing"}
        return query_string({**asked, **({IN_THE_API[self.support]: "true"} if self.support else {})})

    def query(self, **changes: str) -> str:
        return query_string(self.given, **changes)


def _named(asked: Parameters, name: str, kind: str) -> PublishedEntry | None:
    key = asked.text(name, 120)
    if not key:
        return None
    entry: Any = queries.entries(kind).filter(key=key).only("key", "label", "labels").first()
    if entry is None:
        asked.fault(
            _("“%(name)s”: nothing public has the key “%(key)s”. Choose from the list, or search for the name.")
            % {"name": name, "key": key[:60]}
        )
    return entry  # type: ignore[no-any-return]
