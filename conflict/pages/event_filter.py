"""Event filter of the website: read from the URL, applied by the API's filters, described in words."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conflict import typed_dates
from conflict.public import queries
from conflict.public.event_filters import EventFilters, by_certainty
from conflict.public.exceptions import Refusal
from conflict.public.fatalities_over_time import Period
from conflict.public.filters import period_asked
from conflict.public.parameters import Box, Parameter, Term, TypedDay
from conflict.public.query_strings import Parameters, query_string
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.models.search_words import has_words
from conflict.vocabulary import EventKind
from conflict.wording import days, degrees
from conflict.wording.articles import unqualified, with_article
from conflict.wording.localized_texts import label_of


class Support(Enum):
    """Support of an event by its sources."""

    DISPUTED = "disputed"
    SINGLE_SOURCE = "single-source"
    UNSOURCED = "unsourced"
    ENCYCLOPAEDIA_ONLY = "encyclopaedia-only"
    UNRESOLVED = "unresolved"

    @property
    def label(self) -> str:
        return {
            Support.DISPUTED: _("accounts contradict each other"),
            Support.SINGLE_SOURCE: _("rests on a single source"),
            Support.UNSOURCED: _("without any source"),
            Support.ENCYCLOPAEDIA_ONLY: _("resting on an encyclopaedia alone"),
            Support.UNRESOLVED: _("cites a source not yet resolved"),
        }[self]

    @property
    def filter_name(self) -> str:
        return self.value.replace("-", "_")


# Filters with the same name in the API; each is a select list in the form.
CHOICES = {name: declared.choice for name, declared in EventFilters.base_filters.items() if declared.choice}
# The website's names of filters, and those under which conflict.public.event_filters declares them.
ASKED_AS = {
    "q": "search",
    "from": "after",
    "to": "before",
    "actor": "actor",
    "dead_of": "dead_of",
    "place": "place",
    "bbox": "bbox",
    "kind": "kind",
    "period": "period",
}
FILTERS: dict[str, Parameter] = {
    **{name: EventFilters.parameters()[filter_name] for name, filter_name in ASKED_AS.items()},
    "from": TypedDay(),
    "to": TypedDay(),
    "kind": Term("", EventKind),  # only one at a time; and support by sources is a single filter
    "standing": Term("", Support),
    **{name: Term("", choice.terms) for name, choice in CHOICES.items()},
}
KINDS = {"actor": "actor", "dead_of": "actor", "place": "location", "period": "period"}


def _read_date_among_words(given: dict[str, str], values: dict[str, Any]) -> None:
    """Read a date among the words as the dates of the filter, unless it has some: “Bridge 16 November 2012”."""
    if "q" not in given or given.keys() & {"from", "to"}:
        return
    when, words = typed_dates.among_words(given["q"], day_first=get_language() == "fr")
    if not when:
        return
    values["search"] = words if has_words(words) else ""
    given.pop("q")
    if values["search"]:
        given["q"] = words
    if when.starts_on:
        given["from"], values["after"] = when.text, when
    if when.ends_before:
        given["to"], values["before"] = when.text, when


@dataclass
class EventFilter:
    """Filter of the chronology: `given` holds the parameters as in the URL, `values` the arguments of the filter set."""

    given: dict[str, str]
    values: dict[str, Any]
    kind: EventKind | None
    support: Support | None

    @classmethod
    def asked(cls, asked: Parameters) -> "EventFilter":
        """Build the filter from the parameters. Raises RefusedParameters for a period that ends before it starts."""
        kind, support = asked["kind"], asked["standing"]
        values = {filter_name: asked[name] for name, filter_name in ASKED_AS.items()}
        values["kind"] = [kind.value] if kind else []
        values |= {name: [asked[name].value] for name in CHOICES if asked[name]}
        if support:
            values[support.filter_name] = True
        if "role" in values and not values["actor"]:
            asked.refuse(_("Choose an actor as well: the role is that of an actor."))
        try:
            EventFilters.check(values)
        except Refusal as refusal:
            asked.refuse(refusal.message)
        given = {name: asked.given[name] for name in FILTERS if name in asked.given}
        given |= {name: asked[name].text for name in ("from", "to") if name in given}  # as interpreted
        _read_date_among_words(given, values)
        return cls(given, values, kind, support)

    def __bool__(self) -> bool:
        return bool(self.given)

    def without(self, *names: str) -> "EventFilter":
        """The filter without these parameters."""
        given = {name: value for name, value in self.given.items() if name not in names}
        return replace(self, given=given, values={**self.values, **{ASKED_AS[name]: None for name in names}})

    @property
    def choices(self) -> list[dict[str, Any]]:
        """Select lists of the form, each with its current choice."""
        return [
            {"name": name, "label": choice.label, "terms": choice.terms, "given": self.given.get(name)}
            for name, choice in CHOICES.items()
        ]

    @property
    def box(self) -> Box | None:
        box: Box | None = self.values["bbox"]
        return box

    @cached_property
    def events(self) -> PublishedEventQuerySet:
        """Events that match the filter."""
        found: PublishedEventQuerySet = EventFilters.narrow(queries.events(), self.values)
        return found.found_first_if_few()

    @property
    def ranks(self) -> tuple[PublishedEventQuerySet, ...]:
        """Events that match: with dates, those certainly within them, then those that only may be."""
        return by_certainty(self.events, self.values)

    @property
    def within(self) -> Period | None:
        return period if any(period := period_asked(self.values)) else None

    @property
    def whose(self) -> str:
        """Name of the actor whose dead alone are counted; empty for everybody's."""
        names = (with_article(unqualified(self.named(name))) for name in ("dead_of", "actor") if name in self.given)
        return next(names, "")

    def to_count(self) -> QuerySet[Any]:
        """Rows that number as the events do, with day and kind: of an actor or place, an index alone can count them."""
        rows: QuerySet[Any] = self.events
        match sorted(self.given.keys() - {"kind"}):
            case ["actor"]:
                rows = queries.naming(self.given["actor"])
            case ["place"]:
                rows = queries.at_or_below(self.given["place"])
            case _:
                return rows
        return rows.filter(kind=self.kind) if self.kind else rows

    def said(self) -> list[dict[str, str]]:
        """The filter in words, each part with the query string that removes it."""
        words = {
            "q": _("with the words “%(words)s”"),
            "from": _("from %(date)s"),
            "to": _("until %(date)s"),
            "kind": _("of the kind “%(kind)s”"),
            "actor": _("naming %(actor)s"),
            "dead_of": _("with dead of %(dead_of)s"),
            "place": _("in %(place)s"),
            "bbox": _("between %(west)s and %(east)s, %(south)s and %(north)s"),
            "period": _("filed under “%(period)s”"),
            "standing": "%(standing)s",
            **{name: str(choice.sentence) for name, choice in CHOICES.items()},
        }
        parts = [(name, {name: ""}) for name in words if name in self.given]
        if self.given.get("from") and self.given.get("from") == self.given.get("to"):
            words["from"] = _("dated %(date)s")
            parts = [(name, {"from": "", "to": ""} if name == "from" else gone) for name, gone in parts if name != "to"]
        return [
            {"name": name, "words": words[name] % self._named(name), "without": self.query(**gone) or "?"}
            for name, gone in parts
        ]

    @cached_property
    def sentence(self) -> str:
        """The events that match, as a phrase: “Events naming the Army, in Santa Rosa, 2022–2024”."""
        words = {part["name"]: part["words"] for part in self.said()}
        first, last = self.given.get("from"), self.given.get("to")
        if words.pop("from", None) or words.pop("to", None):
            words.pop("to", None)
            words["dates"] = (
                days.placed(first) if first and first == last else days.words(f"{first or '..'}/{last or '..'}")
            )
        support = words.pop("standing", "")
        named = " ".join(filter(None, [_("Events"), ", ".join(words.values())]))
        return f"{named} · {support}" if support else named

    def _named(self, name: str) -> dict[str, str]:
        """Name and readable value of one parameter, for display."""
        given = self.given[name]
        if name in CHOICES:
            return {"term": str(CHOICES[name].terms(given).label)}
        match name:
            case "q":
                return {"words": given}
            case "from" | "to":
                return {"date": days.words(given)}
            case "kind" | "standing":
                return {name: str((self.kind if name == "kind" else self.support).label)}  # type: ignore[union-attr]  # given
            case "bbox":
                west, south, east, north = self.values["bbox"]
                meridians = {"west": degrees.longitude(west), "east": degrees.longitude(east)}
                return {**meridians, "south": degrees.latitude(south), "north": degrees.latitude(north)}
        return {name: with_article(unqualified(self.named(name))) if name == "actor" else self.named(name)}

    def named(self, name: str) -> str:
        """Display name of the actor, place or period given as a parameter."""
        entry = queries.entries(KINDS[name]).filter(key=self.given[name]).only("key", "label", "labels").first()
        return label_of(entry) if entry else self.given[name]

    def in_the_api(self) -> str:
        """Query string of the same filter for the API."""
        params = {ASKED_AS[name]: value for name, value in self.given.items() if name in ASKED_AS}
        params |= {name: value for name, value in self.given.items() if name in CHOICES}
        return query_string({**params, **({self.support.filter_name: "true"} if self.support else {})})

    def query(self, **changes: str) -> str:
        return query_string(self.given, **changes)
