"""Houses of the publishers of sources, according to the desk."""

from collections.abc import Iterable

from conflict import independence
from conflict.models import Affiliation, Source
from conflict.vocabulary import AffiliationKind


def houses_of(sources: Iterable[str]) -> dict[str, str]:
    """Key of the house by key of the source; sources without a publisher have none."""
    publishers = dict(
        Source.objects.filter(key__in=list(sources), publisher__isnull=False).values_list("key", "publisher__key")
    )
    parents: list[tuple[str, str]] = []
    known, waiting = set[str](), set(publishers.values())
    while waiting:
        ties = Affiliation.objects.filter(actor__key__in=waiting, kind=AffiliationKind.PART_OF)
        found = list(ties.values_list("actor__key", "other__key"))
        parents += found
        known |= waiting
        waiting = {parent for _actor, parent in found} - known
    return independence.houses(publishers, parents)
