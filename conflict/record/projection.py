"""Projecting the log onto the record: typed rows, search texts and bodies, in the publisher's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Model, Q

from conflict import collecting
from conflict.documents.lifting import lifted
from conflict.documents.references import Reference
from conflict.record import bodies, incidents, rows
from conflict.record.clocks import clocks
from conflict.record.copying import Copier, Rows, as_rows, copier, copy
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
    PublishedIncident,
    PublishedLocation,
    PublishedNotice,
    PublishedParticipation,
    PublishedPeriod,
    PublishedReference,
    Tombstone,
)

Entry = tuple[str, str]
Document = dict[str, Any]

CHUNK = 1000
NESTED = ("location", "period")  # their paths are known when all of them have rows
# What is named before what names it, as far as kinds tell; the rest is refreshed at the end.
ORDER = {kind: place for place, kind in enumerate(("actor", *NESTED, "source", "event", "notice"))}

CHILDREN_OF_CLAIM: tuple[type[Model], ...] = (PublishedClaimParty, PublishedClaimRelation)
CHILDREN_OF_EVENT: tuple[type[Model], ...] = (
    PublishedParticipation,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedIncident,
    PublishedClaim,
)


def apply(publications: Sequence[Publication]) -> None:
    """Bring the record up to these publications, which are the log's newest.

    An actor's new name reaches the bodies and the search texts of all that name it. Foreign keys are
    checked at commit.
    """
    latest = {(publication.entry_kind, publication.key): publication for publication in publications}
    published = {entry: step for entry, step in latest.items() if step.action == Action.PUBLISH}
    known = {entry for entry, step in latest.items() if step.version > 1}
    shown_by = _showing(known)
    _erase(known)
    Tombstone.objects.filter(_any_of(published.keys() & known))._raw_delete("default")
    bury([step for step in latest.values() if step.action != Action.PUBLISH])
    unfinished = fill(sorted(published.values(), key=lambda step: (ORDER[step.entry_kind], step.number)))
    refresh(unfinished | shown_by | _showing(known))


def fill(publications: Iterable[Publication]) -> set[Entry]:
    """Write the rows of these publications, given in the ORDER of their kinds; none of them has rows.

    While PostgreSQL copies the rows of one chunk, Python makes those of the next.

    Returns the entries whose bodies show what was written after them: they have to be refreshed.
    """
    unfinished, borne_on, notices = set[Entry](), set[str](), set[str]()
    with copier() as copying:
        for kind, of_kind in groupby(publications, key=attrgetter("entry_kind")):
            for chunk in _chunks(of_kind):
                documents, around = _write(chunk, copying)
                unfinished |= _unfinished(documents, around)
                borne_on |= _borne_on(documents, around)
                notices |= {key for of_entry, key in documents if of_entry == "notice"}
            copying.finish()
            if kind in NESTED:
                _refresh_paths()
    return unfinished | _having(borne_on) | _warned_of(notices)


@collecting.put_off()
def _write(publications: Sequence[Publication], copying: Copier) -> tuple[dict[Entry, Document], bodies.Surroundings]:
    """Make the rows of these publications of one kind, and hand them over. From `begin` on, nothing is asked."""
    documents = {(step.entry_kind, step.key): lifted(step.entry_kind, step.document or "") for step in publications}
    known = clocks(Publication.objects.all(), publications)
    found = {
        (kind, key): rows.entry_row(kind, document, known[kind, key]) for (kind, key), document in documents.items()
    }
    around = bodies.Surroundings(documents, found.values())
    copying.begin()
    claims, made = _complete(found, documents, around)
    below: dict[type[Model], list[tuple[Any, ...]]] = {table: [] for table in rows.CHILD_COLUMNS}
    for entry in found:
        for table, values in rows.child_rows(entry[0], documents[entry], around.named[entry], around.paths):
            below[table].append(values)
    of_claims = Rows(PublishedClaim, rows.CLAIM_COLUMNS, claims)
    children = [Rows(table, rows.CHILD_COLUMNS[table], values) for table, values in below.items() if values]
    copying.hand_over([*as_rows(list(found.values())), of_claims, *as_rows(made), *children])
    return documents, around


def _unfinished(documents: Mapping[Entry, Document], around: bodies.Surroundings) -> set[Entry]:
    """Entries that show what had no row yet."""
    unlabelled = {entry for entry, named in around.named.items() if any(ref not in around.labels for ref in named)}
    return unlabelled | {entry for entry in documents if entry[0] in NESTED}


def _borne_on(documents: Mapping[Entry, Document], around: bodies.Surroundings) -> set[str]:
    """Claims of other events that claims of these bear on."""
    found = set()
    for (kind, key), named in around.named.items():
        if kind == "event" and (claims := {ref.key for ref in named if ref.kind == "claim"}):
            found |= claims - {claim["key"] for claim in documents[kind, key]["claims"]}
    return found


def _having(claims: Collection[str]) -> set[Entry]:
    """The events that these claims belong to."""
    events = PublishedClaim.objects.filter(key__in=claims).values_list("event_id", flat=True)
    return {("event", event) for event in events}


def _complete(
    found: Mapping[Entry, PublishedEntry], documents: Mapping[Entry, Document], around: bodies.Surroundings
) -> tuple[list[tuple[Any, ...]], list[PublishedIncident]]:
    """Give the rows their bodies, search texts and counts of unresolved sources; the rows of their claims and incidents."""
    claims, made = [], []
    for entry, row in found.items():
        document, named = documents[entry], set(around.named[entry])
        shown = bodies.body(entry[0], document, row, around)
        row.body = _text(shown)
        row.search_text = _search_text(document, row, named, around.names)
        if isinstance(row, PublishedEvent):
            row.sources = sum(ref.kind == "source" for ref in named)
            row.unresolved_sources = sum(ref.kind == "source" and ref.key in around.unresolved for ref in named)
            claims += [
                rows.claim_row(claim, document, _text(bodies.claim_body(said, shown)))
                for claim, said in zip(document["claims"], shown["claims"], strict=True)
            ]
            if shown["starts_on"]:
                made.append(incidents.incident(shown, row.sorts_on, around.actors))
    return claims, made


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


def bury(steps: Iterable[Publication]) -> None:
    """Write the tombstones of what was withdrawn; what was redacted by law loses its texts."""
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
    for table in (PublishedLocation, PublishedPeriod):
        name = table._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH RECURSIVE tree(key, path) AS (
                    SELECT key, ARRAY[key]::varchar[] FROM {name} WHERE parent_id IS NULL
                    UNION ALL SELECT t.key, (tree.path || t.key)::varchar[] FROM {name} t JOIN tree ON t.parent_id = tree.key
                )
                UPDATE {name} t SET path = tree.path FROM tree WHERE tree.key = t.key AND t.path::varchar[] <> tree.path
                RETURNING t.key
                """
            )
            moved = [key for (key,) in cursor.fetchall()]
        if table is PublishedLocation and moved:
            _refresh_places_around(moved)


def _refresh_places_around(locations: Sequence[str]) -> None:
    """What lies around these locations, of events that name them: what is right stays untouched."""
    links, places = PublishedEventPlace._meta.db_table, PublishedLocation._meta.db_table
    named = f"{links} named JOIN {places} place ON place.key = named.location_id AND named.is_named"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM {links} around WHERE NOT around.is_named
            AND around.event_id IN (SELECT event_id FROM {links} WHERE is_named AND location_id = ANY(%(moved)s))
            AND NOT EXISTS (
                SELECT FROM {named} WHERE named.event_id = around.event_id AND around.location_id = ANY(place.path)
            )
            """,
            {"moved": list(locations)},
        )
        cursor.execute(
            f"""
            INSERT INTO {links} (event_id, location_id, is_named, sorts_on, kind)
            SELECT DISTINCT named.event_id, above, false, named.sorts_on, named.kind
            FROM {named} CROSS JOIN unnest(place.path) above WHERE place.key = ANY(%(moved)s)
            AND NOT EXISTS (SELECT FROM {links} there WHERE there.event_id = named.event_id AND there.location_id = above)
            """,
            {"moved": list(locations)},
        )


def refresh(entries: Collection[Entry]) -> None:
    """Write search texts and bodies of these entries anew."""
    for chunk in _chunks(sorted(entries)):
        _refresh_chunk(chunk)


@collecting.put_off()
def _refresh_chunk(entries: Sequence[Entry]) -> None:
    found = {
        (kind, row.key): row
        for kind, table in PUBLISHED.items()
        if (keys := [key for of_kind, key in entries if of_kind == kind])
        for row in table._default_manager.filter(key__in=keys).select_related("publication")
    }
    documents = {entry: lifted(entry[0], row.publication.document or "") for entry, row in found.items()}
    claims, made = _complete(found, documents, bodies.Surroundings(documents, found.values()))
    for kind, table in PUBLISHED.items():
        instances = [row for (of_kind, _), row in found.items() if of_kind == kind]
        columns = ["body", "search_text", *(["unresolved_sources"] if kind == "event" else [])]
        _rewrite(table, columns, [(row.key, *[getattr(row, column) for column in columns]) for row in instances])
    key, body = rows.CLAIM_COLUMNS.index("key"), rows.CLAIM_COLUMNS.index("body")
    _rewrite(PublishedClaim, ["body"], [(claim[key], claim[body]) for claim in claims])
    PublishedIncident.objects.filter(event__in=[incident.event_id for incident in made])._raw_delete("default")
    copy(as_rows(made))


def _rewrite(table: type[Model], columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Set these columns of the rows by key, where they differ: what is rewritten is indexed anew."""
    if not values:
        return
    given = ", ".join(f"{column} {table._meta.get_field(column).db_type(connection)}" for column in ("key", *columns))
    mine, theirs = ", ".join(f"mine.{column}" for column in columns), ", ".join(f"new.{column}" for column in columns)
    setting = ", ".join(f"{column} = new.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table._meta.db_table} mine SET {setting} FROM json_to_recordset(%s::json) new({given})"
            f" WHERE mine.key = new.key AND ({mine}) IS DISTINCT FROM ({theirs})",
            [_text([dict(zip(("key", *columns), row, strict=True)) for row in values])],
        )


def _search_text(
    document: Document, row: PublishedEntry, named: Collection[Reference], names: Mapping[Reference, str]
) -> str:
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
    return "\n".join(filter(None, [*own, *(names.get(ref, "") for ref in sorted(named))]))


def _text(body: Any) -> str:
    return msgspec.json.encode(body).decode()


def _any_of(entries: Iterable[Entry]) -> Q:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    condition = Q(pk__in=[])
    for kind, of_kind in keys.items():
        condition |= Q(entry_kind=kind, key__in=of_kind)
    return condition


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
