"""Reported death toll: lowest and highest figure, by whom it is given, and what is left out."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef

from conflict.public import queries
from conflict.public.fatalities_over_time import Fatalities, over_time
from conflict.public.filters import period_asked
from conflict.record.models import PublishedClaim
from conflict.record.models.event import PublishedEventQuerySet
from conflict.totals import Count, counts_of, of_parties
from conflict.vocabulary import ClaimKind, Measure
from conflict.wording import figures
from conflict.wording.articles import unqualified, with_article
from conflict.wording.localized_texts import localized
from conflict.wording.messages import ngettext

MOST = 500  # maximum number of events read for a page
TELLERS = 3


@dataclass(frozen=True, slots=True)
class DeadCount:
    """The dead of some events, the bodies of those that tell of any, and the actor whose dead alone are counted."""

    over_time: Fatalities
    events: list[queries.Body]
    whose: str = ""

    @property
    def bodies_seen(self) -> int:
        """Number of figures of bodies that were only seen. They count nothing: who saw them does not say who died, and how."""
        counts = [count for event in self.events for count in counts_of(event, Measure.BODIES)]
        return len(of_parties(counts, queries.with_its_units(self.whose)) if self.whose else counts)

    @property
    def counted(self) -> list[Count]:
        """The figures included, without those contained in them."""
        return self.over_time.whole.counted if self.over_time.whole else []

    def claimants(self) -> Iterator[queries.Body]:
        """Parties that give these figures, one for each figure."""
        claims = {claim["key"]: claim for event in self.events for claim in event["claims"]}
        return (party for count in self.counted for key in count.claims for party in claims[key]["claimant"])


@dataclass(frozen=True, slots=True)
class Toll:
    """Toll: `events` with counted figures; `tellers` give these figures.

    `beyond`: number of figures left out because they may lie outside the period.
    """

    words: str
    events: int
    tellers: str
    may_overlap: bool
    in_words: int
    bodies_seen: int
    undated: str
    beyond: int


def count_dead(found: PublishedEventQuerySet, values: Mapping[str, Any], most: int = MOST) -> DeadCount | None:
    """The dead of these events, found by these values of filters: of an actor in `dead_of` or `actor` only its own, with
    `after` or `before` only figures that cannot lie outside.

    None if more than `most` events tell of any.
    """
    rows = telling(found).values_list("body", flat=True)
    if len(rows.values_list("pk")[: most + 1]) > most:
        return None
    bodies = [msgspec.json.decode(text) for text in rows]
    whose = values.get("dead_of") or values.get("actor") or ""
    of = queries.with_its_units(whose) if whose else ()
    return DeadCount(over_time(bodies, of, period_asked(values)), bodies, whose)


def toll(found: PublishedEventQuerySet, values: Mapping[str, Any]) -> Toll | None:
    """Toll of these events, as in `count_dead`; None if there are no figures, or too many events."""
    dead = count_dead(found, values)
    return toll_of(replace(dead, events=list(map(localized, dead.events)))) if dead else None


def toll_of(dead: DeadCount) -> Toll | None:
    """The count in words; None if there are no figures."""
    whole = dead.over_time.whole
    if not whole:
        return None
    tellers = Counter(with_article(unqualified(party["name"])) for party in dead.claimants()).most_common()
    undated = dead.over_time.undated
    return Toll(
        words=figures.total(whole.as_dict()),
        events=len({count.event for count in dead.counted}),
        tellers=_first(tellers),
        may_overlap=whole.may_overlap,
        in_words=whole.in_words,
        bodies_seen=dead.bodies_seen,
        undated=figures.total(undated.as_dict()) if undated else "",
        beyond=dead.over_time.beyond,
    )


def telling(found: PublishedEventQuerySet) -> PublishedEventQuerySet:
    """Those events with a figure of the dead, or of bodies seen."""
    measures = (Measure.KILLED, Measure.BODIES)
    claims = PublishedClaim.objects.filter(event=OuterRef("pk"), kind=ClaimKind.FIGURE, measure__in=measures)
    return found.filter(Exists(claims)).order_by("sorts_on", "key")


def _first(tellers: list[tuple[str, int]]) -> str:
    """Names of those who give most of the figures, and the number of the others."""
    names = [name for name, _number in tellers[:TELLERS]]
    if more := len(tellers) - len(names):
        names.append(ngettext("%(number)s other", "%(number)s others", more) % {"number": figures.number(more)})
    return figures.joined(names)
