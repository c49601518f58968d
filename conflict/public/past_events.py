"""Events as they stood at a past point of the log, by the filters of today's list and in the order of time.

Events that are unchanged since are read from the record; the others are compared with the filter one by one, by their
documents of then. What contains what (places, periods, units of an actor) is what the record says today. That a claim of
another event disputed one of theirs is no part of their documents, and makes none of these disputed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, JSONField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from conflict.documents.encyclopaedias import rests_on_articles
from conflict.documents.references import SINGLE_SOURCE, Reference, cited_sources, references
from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import labels
from conflict.estimates import counting
from conflict.public import history, queries
from conflict.public.exceptions import Refusal
from conflict.public.total_order import Ordering
from conflict.record.models import Publication
from conflict.record.models.entry import CHRONOLOGY
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.models.search_words import search_query
from conflict.record.models.stemmers import configurations
from conflict.record.projection.rows import label_text, sorts_on
from conflict.rival_facts import is_disputed
from conflict.vocabulary import Measure, SourceKind
from conflict.wording.localized_texts import chosen

Document = dict[str, Any]
Values = Mapping[str, Any]
Fits = Callable[[Document], bool]
MOST_CHANGED = 2_000  # events compared one by one


@dataclass(frozen=True)
class PastEvent:
    """One event in the version of then."""

    key: str
    version: int
    when: str
    sorts_on: date
    title: str
    place: str | None  # its key


def page(
    values: Values, today: PublishedEventQuerySet, number: int, after: tuple[date, str] | None, size: int
) -> list[PastEvent]:
    """First events by date, at most `size`, that matched the filter at this point of the log, beyond a position.

    `today` are the events that match it now. Raises Refusal if too many have changed since.
    """
    rows = Ordering(CHRONOLOGY).after(today.filter(publication__lte=number), after or ())[:size]
    found = [
        PastEvent(row.key, row.version, row.when, row.sorts_on, chosen(row.label, row.labels), row.location_id)
        for row in rows
    ]
    found += [event for event in _changed_since(values, number) if not after or (event.sorts_on, event.key) > after]
    return sorted(found, key=lambda event: (event.sorts_on, event.key))[:size]


def _changed_since(values: Values, number: int) -> Iterator[PastEvent]:
    later = Publication.objects.filter(entry_kind="event", number__gt=number)
    steps = history.standing("event", number).filter(key__in=later.values("key"))
    steps = history.narrowed(steps, {name: values.get(name) for name in ("after", "before", "kind")})
    if values.get("search"):
        vectors = [Func(Value(one), Cast("document", JSONField()), function="to_tsvector") for one in configurations()]
        vector = Func(*vectors, arg_joiner=" || ", template="(%(expressions)s)", output_field=SearchVectorField())
        steps = steps.alias(vector=vector).filter(vector=search_query(values["search"]))
    rows = list(steps.order_by("key")[: MOST_CHANGED + 1])
    if len(rows) > MOST_CHANGED:
        message = _("More than %(number)s events have changed since that day: ask for a later one, or take a release.")
        raise Refusal(message % {"number": MOST_CHANGED}, field="day")
    documents = {(row.entry_kind, row.key): lifted("event", row.document or "") for row in rows}
    fits = Fitting(values, documents, number)
    for row in rows:
        document = documents[row.entry_kind, row.key]
        if fits(document):
            title = chosen(document["title"], label_text(labels("event", document)))
            place = document["location"]
            yield PastEvent(
                row.key, row.version, document["when"], sorts_on(document), title, place["key"] if place else None
            )


class Fitting:
    """Match of a document against the filter, except for what the log itself is asked for: words, dates and kinds."""

    def __init__(self, values: Values, documents: Mapping[tuple[str, str], Document], number: int) -> None:
        self.values, self.documents, self.number = values, documents, number

    def __call__(self, document: Document) -> bool:
        return all(fits(document) for fits in self._conditions)

    @cached_property
    def _conditions(self) -> list[Fits]:
        conditions = {
            "actor": self._names_actor,
            "dead_of": self._counts_dead,
            "place": lambda document: not self._places.isdisjoint(_located(document)),
            "bbox": lambda document: bool(document["location"]) and document["location"]["key"] in self._in_box,
            "period": lambda document: bool(document["period"]) and document["period"]["key"] in self._periods,
            "disputed": lambda document: is_disputed(document, self._replaced),
            "single_source": lambda document: len(_sources(document)) == SINGLE_SOURCE,
            "unsourced": lambda document: not _sources(document),
            "unresolved": lambda document: not self._unresolved.isdisjoint(_sources(document)),
            "encyclopaedia_only": lambda document: rests_on_articles(_sources(document), self._articles),
        }
        return [fits for name, fits in conditions.items() if self.values.get(name)]

    def _names_actor(self, document: Document) -> bool:
        actor = self.values["actor"]
        part = {name: self.values[name] for name in ("role", "side", "standing") if self.values.get(name)}
        if not part:
            return Reference("actor", actor) in references(document)
        return any(
            one["actor"]["key"] == actor and all(one[name] in wanted for name, wanted in part.items())
            for one in document["participants"]
        )

    def _counts_dead(self, document: Document) -> bool:
        return any(
            claim["measure"] == Measure.KILLED and any(party.get("key") in self._units for party in claim["subject"])
            for claim in counting(document["claims"], self._replaced)
        )

    @cached_property
    def _replaced(self) -> set[str]:
        return history.replaced_at(self.documents, self.number)

    @cached_property
    def _units(self) -> frozenset[str]:
        return queries.with_its_units(self.values["dead_of"])

    @cached_property
    def _places(self) -> frozenset[str]:
        return _keys(queries.locations().lying_within(self.values["place"]))

    @cached_property
    def _in_box(self) -> frozenset[str]:
        return _keys(queries.locations().between(**self.values["bbox"]._asdict()))

    @cached_property
    def _periods(self) -> frozenset[str]:
        return _keys(queries.periods().lying_within(self.values["period"]))

    @cached_property
    def _unresolved(self) -> frozenset[str]:
        return _keys(queries.sources().filter(resolved=False))

    @cached_property
    def _articles(self) -> frozenset[str]:
        return _keys(queries.sources().filter(kind=SourceKind.REFERENCE))


def _keys(rows: Any) -> frozenset[str]:
    return frozenset(rows.values_list("key", flat=True))


def _located(document: Document) -> Iterable[str]:
    return [place["key"] for place in (document["location"], *document["other_locations"]) if place]


def _sources(document: Document) -> set[str]:
    return cited_sources(references(document))
