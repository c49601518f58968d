"""Counts over the whole record, kept at publication; a process caches what it makes of them until they may have changed."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Cast, ExtractMonth, ExtractYear

from conflict.public import queries
from conflict.public.cache.change_tracker import tracker
from conflict.public.cache.reads import Value, note, shown_head, unrecorded
from conflict.public.head import Head
from conflict.record.models import PublishedCount, PublishedEventActor
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.vocabulary import ReviewState

T = TypeVar("T")
PlacesAndKinds = dict[tuple[str | None, str], int]
# The month as a whole number: reading a timestamp of its first day takes ten times as long, thousands of times per map.
MONTH = Cast(ExtractYear("sorts_on") * 12 + ExtractMonth("sorts_on") - 1, IntegerField())
UNDATED = str(UNDATED_SORTS_ON.year * 12 + UNDATED_SORTS_ON.month - 1)


class KeptCount(NamedTuple):
    """Last value of a count, the publication under which it was counted, and a number that changes with the value."""

    under: Head
    version: int
    value: Any


_made: dict[Callable[[], Any], KeptCount] = {}
_versions = itertools.count()


def month_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def once_for_each_head(count: Callable[[], T]) -> Callable[[], T]:
    """Decorator that caches a count until the next publication.

    The count must depend on the record alone, not on the reader.
    """
    return _kept(count, lambda head: head)


def once_while_only_reworded(count: Callable[[], T]) -> Callable[[], T]:
    """Decorator that caches a count until something other than a rewording is published.

    That is found by conflict.public.cache.change_tracker. If several threads of a process call at once, one counts and
    the others wait.
    """
    return _kept(count, tracker.under)


def _kept(count: Callable[[], T], under_of: Callable[[Head], Head]) -> Callable[[], T]:
    """The count, kept until `under_of` the log's head changes. What is made of it stays valid while it is the same."""
    counting = threading.Lock()

    def kept(under: Head) -> KeptCount:
        with counting:
            last = _made.get(count)
            if last is None or last.under != under:
                with unrecorded():
                    found = count()
                version = last.version if last and last.value == found else next(_versions)
                last = _made[count] = KeptCount(under, version, found)
            return last

    @wraps(count)
    def counted() -> T:
        head = shown_head()
        if not head.number or settings.DEBUG:
            return count()
        last = kept(under_of(head))
        note(Value(lambda head: kept(under_of(head)).version, last.version))
        return cast(T, last.value)

    return counted


def clear() -> None:
    _made.clear()


class Reviewed(NamedTuple):
    """Number of public entries read by a second person, out of the total."""

    entries: int
    total: int


@once_while_only_reworded
def reviewed() -> Reviewed:
    states: Counter[str] = Counter()
    for state, number in kept_counts("entry").values_list("detail", "number"):
        states[state] += number
    return Reviewed(states[ReviewState.REVIEWED], states.total())


def kept_counts(dimension: str) -> Any:
    """Counts of one dimension, which are kept at publication."""
    return queries.rows(PublishedCount).filter(dimension=dimension, number__gt=0)


def by_key(dimension: str) -> Counter[str]:
    """Counts of one dimension by key, whatever their detail."""
    counts: Counter[str] = Counter()
    for key, number in kept_counts(dimension).values_list("key", "number"):
        counts[key] += number
    return counts


@once_for_each_head
def unresolved_sources() -> int:
    """Number of sources known only by their number so far."""
    return by_key("resolved")["false"]


@once_while_only_reworded
def events_by_period() -> dict[str | None, int]:
    return {key or None: number for key, number in kept_counts("period").values_list("key", "number")}


@once_while_only_reworded
def events_by_month() -> dict[date, int]:
    counts = kept_counts("month").exclude(key=UNDATED).values_list("key", "number")
    return {month_of(int(number)): events for number, events in counts}


def by_month(found: Any) -> dict[date, int]:
    """Number of these events, or of links to them, per month; undated ones are left out."""
    dated = found.exclude(sorts_on=UNDATED_SORTS_ON).order_by()
    return {month_of(number): events for number, events in dated.values_list(MONTH).annotate(number=Count("*"))}


@once_while_only_reworded
def events_by_family_and_month() -> dict[str, dict[date, int]]:
    """Number of events per month that name an actor of each family."""
    counts: dict[str, dict[date, int]] = {}
    for family, month, number in kept_counts("family").exclude(detail=UNDATED).values_list("key", "detail", "number"):
        counts.setdefault(family, {})[month_of(int(month))] = number
    return counts


class Mentions(NamedTuple):
    """Events that name an actor: their number, and the days of the first and the last that have a date."""

    number: int
    first: date | None
    last: date | None


@once_while_only_reworded
def mentions_of_actors() -> dict[str, Mentions]:
    """Events that name each actor, by key."""
    dated = queries.rows(PublishedEventActor).filter(actor=OuterRef("key"), sorts_on__lt=UNDATED_SORTS_ON)
    first, last = (Subquery(dated.order_by(order).values("sorts_on")[:1]) for order in ("sorts_on", "-sorts_on"))
    counts = kept_counts("actor").annotate(first=first, last=last).values_list("key", "number", "first", "last")
    return {actor: Mentions(*days) for actor, *days in counts}


@once_while_only_reworded
def events_by_place_and_kind() -> PlacesAndKinds:
    counts = kept_counts("place").values_list("key", "detail", "number")
    return {(place or None, kind): number for place, kind, number in counts}  # not a list: rows come in any order


def by_place_and_kind(found: Any) -> PlacesAndKinds:
    counts = found.order_by().values_list("location", "kind").annotate(Count("key"))
    return {(place, kind): number for place, kind, number in counts}


@once_while_only_reworded
def control_claims_by_place() -> dict[str, int]:
    """Number of claims about who held each place."""
    return by_key("control")


@once_while_only_reworded
def events_within_places() -> dict[str, int]:
    return by_key("within")


def within_places(links: Any) -> dict[str, int]:
    """Number of events at, touching or within each place, by its key, for these links."""
    return dict(links.order_by().values_list("location").annotate(Count("event")))


@once_while_only_reworded
def events_touching_places() -> dict[str, int]:
    return by_key("touching")
