"""Houses of the publishers of sources: what an outlet is part of, from the top down, according to the desk."""

from collections.abc import Iterable

from conflict.models import Affiliation, Source
from conflict.vocabulary import AffiliationKind

STEPS = 5


def houses_of(sources: Iterable[str]) -> dict[str, str]:
    """Key of the house by key of the source; sources without a publisher have none."""
    publishers = dict(
        Source.objects.filter(key__in=list(sources), publisher__isnull=False).values_list("key", "publisher__key")
    )
    above: dict[str, str] = {}
    waiting = set(publishers.values())
    for _ in range(STEPS):
        ties = Affiliation.objects.filter(actor__key__in=waiting, kind=AffiliationKind.PART_OF).order_by("-other__key")
        found = dict(ties.values_list("actor__key", "other__key"))
        above |= found
        waiting = set(found.values()) - above.keys()
        if not waiting:
            break
    return {source: _top(publisher, above) for source, publisher in publishers.items()}


def _top(actor: str, above: dict[str, str]) -> str:
    seen = {actor}
    while (higher := above.get(actor)) is not None and higher not in seen:
        seen.add(higher)
        actor = higher
    return actor
