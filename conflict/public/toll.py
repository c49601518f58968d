"""Reported death toll: lowest and highest figure, by whom it is given, and what is left out."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from django.db.models import Exists, OuterRef

from conflict.public.fatalities import Period, over_time
from conflict.record.models import PublishedClaim
from conflict.record.models.event import PublishedEventQuerySet
from conflict.vocabulary import ClaimKind, Measure
from conflict.wording import figures
from conflict.wording.articles import unqualified, with_article
from conflict.wording.texts import localized
from conflict.wording.translation import ngettext

MOST = 500  # maximum number of events read
TELLERS = 3


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
    undated: str
    beyond: int


def telling(found: PublishedEventQuerySet) -> PublishedEventQuerySet:
    """Those events with a figure of the dead."""
    claims = PublishedClaim.objects.filter(event=OuterRef("pk"), kind=ClaimKind.FIGURE, measure=Measure.KILLED)
    return found.filter(Exists(claims)).order_by("sorts_on", "key")


def toll(found: PublishedEventQuerySet, of: Collection[str] = (), within: Period | None = None) -> Toll | None:
    """Deaths reported in these events; with `of`, only the dead of these actors; with `within`, only of that period.

    None if there are no figures, or too many events.
    """
    rows = telling(found)
    if len(rows.values_list("pk")[: MOST + 1]) > MOST:
        return None
    bodies = [localized(msgspec.json.decode(text)) for text in rows.values_list("body", flat=True)]
    dead = over_time(bodies, of, within)
    if dead.whole is None:
        return None
    claims = {claim["key"]: claim for body in bodies for claim in body["claims"]}
    tellers = Counter(
        with_article(unqualified(party["name"]))
        for count in dead.whole.counted
        for key in count.claims
        for party in claims[key]["claimant"]
    ).most_common()
    return Toll(
        words=figures.total(dead.whole.as_dict()),
        events=len({count.event for count in dead.whole.counted}),
        tellers=_first(tellers),
        may_overlap=dead.whole.may_overlap,
        in_words=dead.whole.in_words,
        undated=figures.total(dead.undated.as_dict()) if dead.undated else "",
        beyond=dead.beyond,
    )


def _first(tellers: list[tuple[str, int]]) -> str:
    """Names of those who give most of the figures, and the number of the others."""
    names = [name for name, _number in tellers[:TELLERS]]
    if more := len(tellers) - len(names):
        names.append(ngettext("%(number)s other", "%(number)s others", more) % {"number": figures.number(more)})
    return figures.joined(names)
