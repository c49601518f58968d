"""Projecting the log onto the record: typed rows, search texts and bodies, in the publisher's transaction."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Count, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from conflict.documents.lifting import lifted
from conflict.documents.references import references
from conflict.record import bodies, rows
from conflict.record.clocks import clocks
from conflict.record.models import (
    PUBLISHED,
    Action,
    Publication,
    PublishedAffiliation,
    PublishedClaim,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEntry,
    PublishedEvent,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedLocation,
    PublishedNotice,
    PublishedParticipation,
    PublishedReference,
    Tombstone,
)

Entry = tuple[str, str]
Document = dict[str, Any]

CHUNK = 500

CHILDREN_OF_CLAIM: tuple[type[Model], ...] = (PublishedClaimParty, PublishedClaimRelation)
CHILDREN_OF_EVENT: tuple[type[Model], ...] = (
    PublishedParticipation,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedClaim,
)


def apply(publications: Sequence[Publication]) -> None:
    """Bring the record up to these publications, which are the log's newest.

    Rows first, then whatever shows them: an actor's new name reaches the bodies and the search
    texts of all that name it. Foreign keys are checked at commit.
    """
    latest = {(publication.entry_kind, publication.key): publication for publication in publications}
    published = {entry: step for entry, step in latest.items() if step.action == Action.PUBLISH}
    affected = set(published) | _showing(latest)
    _erase([entry for entry in latest if entry not in published])
    _bury([step for step in latest.values() if step.action != Action.PUBLISH])
    for chunk in _chunks(published.values()):
        _write(chunk)
    if any(kind in ("location", "period") for kind, _ in published):
        _refresh_paths()
    refresh(affected | _showing(latest))


def _write(publications: Sequence[Publication]) -> None:
    documents = {(step.entry_kind, step.key): lifted(step.entry_kind, step.document or "") for step in publications}
    known = clocks(Publication.objects.all(), publications)
    _erase(documents)
    Tombstone.objects.filter(_any_of(documents))._raw_delete("default")
    by_table: dict[type[Model], list[Model]] = defaultdict(list)
    for (kind, key), document in documents.items():
        row = rows.entry_row(kind, document, known[kind, key])
        by_table[type(row)].append(row)
        for child in rows.child_rows(kind, document):
            by_table[type(child)].append(child)
    for table, instances in by_table.items():
        table._default_manager.bulk_create(instances, batch_size=1000)


def _erase(entries: Iterable[Entry]) -> None:
    """Remove the rows of these entries and below them, children first."""
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    for kind, of_kind in keys.items():
        PublishedReference.objects.filter(from_kind=kind, from_key__in=of_kind)._raw_delete("default")
        if kind == "actor":
            PublishedAffiliation.objects.filter(actor__in=of_kind)._raw_delete("default")
        if kind == "event":
            claims = list(PublishedClaim.objects.filter(event__in=of_kind).values_list("key", flat=True))
            for table in CHILDREN_OF_CLAIM:
                table._default_manager.filter(claim__in=claims)._raw_delete("default")
            for table in CHILDREN_OF_EVENT:
                table._default_manager.filter(event__in=of_kind)._raw_delete("default")
        PUBLISHED[kind]._default_manager.filter(key__in=of_kind)._raw_delete("default")


def _bury(steps: Iterable[Publication]) -> None:
    for step in steps:
        if step.action == Action.REDACT:
            Publication.objects.of(step.entry_kind, step.key).filter(document__isnull=False).update(document=None)
        Tombstone.objects.update_or_create(
            entry_kind=step.entry_kind,
            key=step.key,
            defaults={
                "publication_id": step.number,
                "withdrawn_at": step.published_at,
                "reason": step.reason,
                "successor": step.successor,
            },
        )


def _showing(entries: Collection[Entry]) -> set[Entry]:
    """Entries whose bodies show something of these: they name them, or are what these warn of or bear on."""
    keys: dict[str, set[str]] = defaultdict(set)
    for kind, key in entries:
        keys[kind].add(key)
    keys["claim"] = set(PublishedClaim.objects.filter(event__in=keys["event"]).values_list("key", flat=True))
    naming = Q()
    for kind, of_kind in keys.items():
        if kind != "notice" and of_kind:
            naming |= Q(**{f"{kind}__in": of_kind})
    found = set(PublishedReference.objects.filter(naming).values_list("from_kind", "from_key")) if naming else set()
    found |= _warned_of(keys["notice"])
    borne_on = PublishedClaimRelation.objects.filter(claim__in=keys["claim"]).values_list("other__event_id", flat=True)
    found |= {("event", key) for key in borne_on}
    below = PublishedLocation.objects.filter(path__overlap=list(keys["location"]))
    found |= {("location", key) for key in below.values_list("key", flat=True)}
    return found - {("event", None)}


def _warned_of(notices: Collection[str]) -> set[Entry]:
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


def _refresh_paths() -> None:
    """Paths of all locations and periods, from their parents; the tables are small."""
    for table in ("record_publishedlocation", "record_publishedperiod"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH RECURSIVE tree(key, path) AS (
                    SELECT key, ARRAY[key]::varchar[] FROM {table} WHERE parent_id IS NULL
                    UNION ALL SELECT t.key, (tree.path || t.key)::varchar[] FROM {table} t JOIN tree ON t.parent_id = tree.key
                )
                UPDATE {table} t SET path = tree.path FROM tree WHERE tree.key = t.key AND t.path::varchar[] <> tree.path
                """
            )


def refresh(entries: Collection[Entry]) -> None:
    """Write search texts and bodies of these entries anew."""
    for chunk in _chunks(sorted(entries)):
        _refresh_chunk(chunk)


def _refresh_chunk(entries: Sequence[Entry]) -> None:
    found = {
        (kind, row.key): row
        for kind, table in PUBLISHED.items()
        for row in table._default_manager.filter(
            key__in=[key for of_kind, key in entries if of_kind == kind]
        ).select_related("publication")
    }
    documents = {entry: lifted(entry[0], row.publication.document or "") for entry, row in found.items()}
    around = bodies.Surroundings(documents, found.values())
    names = _names(documents)
    claims = []
    for (kind, key), row in found.items():
        shown = bodies.body(kind, documents[kind, key], row, around)
        row.body = _text(shown)
        row.search_text = _search_text(documents[kind, key], row, names)
        for claim in shown.get("claims", ()):
            claims.append(PublishedClaim(key=claim["key"], body=_text(bodies.claim_body(claim, shown))))
    for kind, table in PUBLISHED.items():
        instances = [row for (of_kind, _), row in found.items() if of_kind == kind]
        table._default_manager.bulk_update(instances, ["body", "search_text"], batch_size=CHUNK)
    PublishedClaim.objects.bulk_update(claims, ["body"], batch_size=CHUNK)
    _count_unresolved([key for kind, key in entries if kind == "event"])


def _names(documents: Mapping[Entry, Document]) -> dict[Entry, str]:
    """All names and aliases of the actors and places that these documents name."""
    named = {
        ref for document in documents.values() for ref in references(document) if ref.kind in ("actor", "location")
    }
    return {
        (kind, key): names
        for kind in ("actor", "location")
        for key, names in PUBLISHED[kind]
        ._default_manager.filter(key__in=[ref.key for ref in named if ref.kind == kind])
        .values_list("key", "names")
    }


def _search_text(document: Document, row: PublishedEntry, names: Mapping[Entry, str]) -> str:
    """The entry's own words, then every name of whom and what it names."""
    own = [
        row.names,
        row.key,
        *(
            document.get(field) or ""
            for field in ("summary", "description", "introduction", "reason", "note", "authors")
        ),
    ]
    own += [claim["statement"] for claim in document.get("claims", ())]
    own += [
        party["name"]
        for claim in document.get("claims", ())
        for party in claim["claimant"]
        if party["kind"] == "described"
    ]
    if row.entry_kind != "event":
        return "\n".join(filter(None, own))
    named = sorted({(ref.kind, ref.key) for ref in references(document)})
    return "\n".join(filter(None, [*own, *(names.get(entry, "") for entry in named)]))


def _count_unresolved(events: Sequence[str]) -> None:
    count = (
        PublishedReference.objects.filter(from_kind="event", from_key=OuterRef("key"), source__resolved=False)
        .order_by()
        .values("from_key")
        .annotate(number=Count("source", distinct=True))
        .values("number")
    )
    PublishedEvent.objects.filter(key__in=events).update(unresolved_sources=Coalesce(Subquery(count), 0))


def _text(body: Document) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _any_of(entries: Iterable[Entry]) -> Q:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    condition = Q(pk__in=[])
    for kind, of_kind in keys.items():
        condition |= Q(entry_kind=kind, key__in=of_kind)
    return condition


def _chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
