"""Dependents: entries whose bodies show something of others."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from conflict.estimates import REPLACING
from conflict.record.models import (
    PublishedClaim,
    PublishedClaimRelation,
    PublishedLocation,
    PublishedNotice,
    PublishedReference,
)

Entry = tuple[str, str]


def dependents(entries: Collection[Entry]) -> set[Entry]:
    """Entries whose bodies show something of these: they refer to them, or are named by their notices or relations."""
    keys: dict[str, set[str]] = defaultdict(set)
    for kind, key in entries:
        keys[kind].add(key)
    keys["claim"] = set(PublishedClaim.objects.filter(event__in=keys["event"]).values_list("key", flat=True))
    naming = Q()
    for kind, of_kind in keys.items():
        if kind != "notice" and of_kind:
            naming |= Q(**{f"{kind}__in": of_kind})
    found = set(PublishedReference.objects.filter(naming).values_list("from_kind", "from_key")) if naming else set()
    found |= warned_of(keys["notice"])
    related = set(PublishedClaimRelation.objects.filter(claim__in=keys["claim"]).values_list("other_id", flat=True))
    borne_on = PublishedClaim.objects.filter(key__in=with_replaced(related)).values_list("event_id", flat=True)
    found |= {("event", key) for key in borne_on}
    below = PublishedLocation.objects.filter(path__overlap=list(keys["location"]))
    found |= {("location", key) for key in below.values_list("key", flat=True)}
    return found


def with_replaced(claims: Collection[str]) -> set[str]:
    """These claims, and those that they revise or supersede, directly or through others."""
    found, waiting = set[str](), set(claims)
    while waiting:
        found |= waiting
        relations = PublishedClaimRelation.objects.filter(claim__in=waiting, kind__in=REPLACING)
        waiting = set(relations.values_list("other_id", flat=True)) - found
    return found


def warned_of(notices: Collection[str]) -> set[Entry]:
    targets = PublishedNotice.objects.filter(key__in=notices).values_list("target_kind", "target_key")
    events = dict(
        PublishedClaim.objects.filter(key__in=[key for kind, key in targets if kind == "claim"]).values_list(
            "key", "event_id"
        )
    )
    return {
        ("event", events[key]) if kind == "claim" else (kind, key)
        for kind, key in targets
        if kind and (kind != "claim" or key in events)
    }
