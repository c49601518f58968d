"""Projection of the log onto the record: typed rows, search texts and bodies, in the publisher's transaction."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Model, Q

from conflict.documents import gc_pause
from conflict.documents.references import cited_sources
from conflict.documents.schema_upgrades import lifted
from conflict.documents.tables.csv_lines import kept_lines
from conflict.record.bulk_copy import Rows, copier, copy, stored_columns
from conflict.record.models import (
    PUBLISHED,
    Action,
    Publication,
    PublishedAffiliation,
    PublishedClaim,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEventActor,
    PublishedEventLocation,
    PublishedFinding,
    PublishedIncident,
    PublishedParticipation,
    PublishedReference,
    Tombstone,
)
from conflict.record.projection import bodies, cards, counts, foreign_keys, incidents, rows, tombstones
from conflict.record.projection.dependents import Entry, dependents, warned_of, with_replaced
from conflict.record.projection.paths import NESTED, refresh_paths, refresh_places_around
from conflict.record.projection.search_text import search_text
from conflict.record.timestamps import clocks
from conflict.rival_facts import is_disputed

Document = dict[str, Any]

CHUNK = 1000
# Referenced kinds come before those that refer to them, as far as possible; the rest is refreshed at the end.
ORDER = {kind: place for place, kind in enumerate(("actor", *NESTED, "source", "event", "notice"))}

ONLY_NAMED = ("actor", "source")  # kinds of which the bodies of others show some columns and nothing else
# columns that show other entries
WRITTEN_ANEW = ("body", "csv_line", "card", "search_text", "unresolved_sources", "is_disputed")
CLAIMS_WRITTEN_ANEW = ("body", "csv_line", "counts")  # the same, of a claim

CHILDREN_OF_CLAIM: tuple[type[Model], ...] = (PublishedClaimParty, PublishedClaimRelation)
CHILDREN_OF_EVENT: tuple[type[Model], ...] = (
    PublishedParticipation,
    PublishedEventActor,
    PublishedEventLocation,
    PublishedFinding,
    PublishedIncident,
)


OTHER_COLUMNS: dict[type[Model], Sequence[str]] = {
    **rows.CHILD_COLUMNS,
    PublishedClaim: rows.CLAIM_COLUMNS,
    PublishedIncident: incidents.COLUMNS,
}


def apply(publications: Sequence[Publication]) -> None:
    """Update the record with these publications, the newest in the log.

    An actor's new name reaches the bodies and search texts of all entries that name it; a new description leaves them
    as they are. Foreign keys are checked at commit.
    """
    latest = {(publication.entry_kind, publication.key): publication for publication in publications}
    published = {entry: step for entry, step in latest.items() if step.action == Action.PUBLISH}
    known = {entry for entry, step in latest.items() if step.version > 1}
    named = {entry for entry in known if entry[0] in ONLY_NAMED}
    shown, shown_by = bodies.shown_of(named), dependents(known - named)
    actors = [key for kind, key in known if kind == "actor"]
    families = counts.families(actors)
    erase(known)
    Tombstone.objects.filter(_any_of(published.keys() & known))._raw_delete("default")
    tombstones.write([step for step in latest.values() if step.action != Action.PUBLISH])
    in_order = sorted(published.values(), key=lambda step: (ORDER[step.entry_kind], step.number))
    unfinished = fill(in_order, are_many=len(in_order) > CHUNK)
    if any(counts.families(actors).get(key, family) != family for key, family in families.items()):
        counts.remake_families()
    now_shown = bodies.shown_of(named)
    alike = {entry for entry in named if entry in shown and shown[entry] == now_shown.get(entry)}
    refresh(unfinished | shown_by | dependents(known - alike))


class Version(NamedTuple):
    """Publication of an entry, with all data needed to build its rows."""

    entry_kind: str
    key: str
    number: int
    version: int
    published_at: datetime
    document: str
    change_kind: str
    reason: str
    readers: int | None


class ProjectedRows(NamedTuple):
    """Rows for some entries of one kind, and the data they were built from."""

    documents: dict[Entry, Document]
    around: bodies.BodyContext
    tables: list[Rows]


def fill(publications: Iterable[Publication | Version], *, are_many: bool = False) -> set[Entry]:
    """Write the rows of these publications, sorted by the ORDER of their kinds; none of them has rows yet.

    While PostgreSQL copies the rows of one chunk, Python builds those of the next; if they are many, PostgreSQL checks
    their foreign keys meanwhile as well. Returns the entries whose bodies show entries written after them: these need a
    refresh.
    """
    unfinished, borne_on, notices = set[Entry](), set[str](), set[str]()
    with copier() as copying:
        for kind, of_kind in groupby(publications, key=attrgetter("entry_kind")):
            written: list[str] = []
            with foreign_keys.checked_with_each_copy() if are_many and kind == "event" else nullcontext():
                for chunk in chunks(of_kind):
                    made = rows_of(chunk, copying.begin)
                    copying.hand_over(made.tables)
                    unfinished |= _unfinished(made)
                    borne_on |= _borne_on(made)
                    written += [key for _, key in made.documents] if kind in (*NESTED, "notice") else []
                copying.finish()
            if kind in NESTED:
                moved = refresh_paths()
                if kind == "location":
                    refresh_places_around([*moved, *written])
            elif kind == "notice":
                notices.update(written)
    return unfinished | _having(borne_on) | warned_of(notices)


def _unfinished(made: ProjectedRows) -> set[Entry]:
    """Entries that show others which had no row yet."""
    unlabelled = {entry for entry, named in made.around.named.items() if not made.around.labels.keys() >= set(named)}
    return unlabelled | {entry for entry in made.documents if entry[0] in NESTED}


def _borne_on(made: ProjectedRows) -> set[str]:
    """Claims of other events to which these events' claims are related."""
    found = set()
    for (kind, key), named in made.around.named.items():
        if kind == "event" and (claims := {ref.key for ref in named if ref.kind == "claim"}):
            found |= claims - {claim["key"] for claim in made.documents[kind, key]["claims"]}
    return found


@gc_pause.gc_paused()
def rows_of(
    publications: Sequence[Publication | Version],
    begin: Callable[[], None] = lambda: None,
    paths: Mapping[str, list[str]] = MappingProxyType({}),
) -> ProjectedRows:
    """Rows of these publications, all of one kind. All queries are made before `begin` is called.

    `paths` are those of locations or periods, if they are known before all of these have rows.
    """
    documents = {(step.entry_kind, step.key): lifted(step.entry_kind, step.document or "") for step in publications}
    known = clocks(Publication.objects.all(), publications)
    found = {
        (kind, key): rows.entry_row(kind, document, known[kind, key]) for (kind, key), document in documents.items()
    }
    for (_, key), row in found.items():
        if key in paths:
            row["path"] = paths[key]
    around = bodies.BodyContext(documents, found)
    begin()
    claims, happened = _complete(found, documents, around)
    below: rows.Below = {table: [] for table in rows.CHILD_COLUMNS}
    for entry in found:
        rows.add_child_rows(below, entry[0], documents[entry], around.named[entry], around.paths)
    tables = [_of_entries(found), claims, happened]
    tables += [Rows(table, rows.CHILD_COLUMNS[table], values) for table, values in below.items()]
    return ProjectedRows(documents, around, [table for table in tables if table.values])


def _of_entries(found: Mapping[Entry, rows.Row]) -> Rows:
    ((kind, _), *_) = found
    columns = columns_of(PUBLISHED[kind])
    return Rows(PUBLISHED[kind], columns, list(map(itemgetter(*columns), found.values())))


def columns_of(table: type[Model]) -> Sequence[str]:
    """Columns of the rows built for the table, in order; the key, if there is one, comes first."""
    return OTHER_COLUMNS.get(table) or stored_columns(table)


def _having(claims: Collection[str]) -> set[Entry]:
    """Events that contain these claims, or one that they replace."""
    events = PublishedClaim.objects.filter(key__in=with_replaced(claims)).values_list("event_id", flat=True)
    return {("event", event) for event in events}


def _complete(
    found: Mapping[Entry, rows.Row], documents: Mapping[Entry, Document], around: bodies.BodyContext
) -> tuple[Rows, Rows]:
    """Add to the rows what shows other entries, such as bodies and search texts; make the rows of claims and incidents."""
    claims, texts_of_claims, happened = [], [], []
    for entry, row in found.items():
        document, named = documents[entry], around.named[entry]
        shown = bodies.body(entry[0], document, row, around)
        row["search_text"] = search_text(entry[0], document, row, named, around.names)
        if entry[0] != "event":
            row["body"] = bodies.text(shown)
            continue
        row["body"], of_claims = bodies.texts(shown)
        row["card"] = cards.text(shown, row["body"], around.headlines[entry[1]])
        sources = cited_sources(named)
        row["is_disputed"] = is_disputed(shown, around.replaced)
        row["sources"], row["unresolved_sources"] = len(sources), len(around.unresolved & sources)
        texts_of_claims += of_claims
        claims += [
            rows.claim_row(claim, text, document, counts=claim["key"] in around.counting)
            for claim, text in zip(shown["claims"], of_claims, strict=True)
        ]
        if shown["starts_on"]:
            happened.append(incidents.incident(shown, row["sorts_on"], around.actors))
    for kind, entries in groupby(found, key=itemgetter(0)):
        of_kind = [found[entry] for entry in entries]
        for row, line in zip(of_kind, kept_lines(kind, [row["body"] for row in of_kind]), strict=True):
            row["csv_line"] = line
    claims = [(*row, line) for row, line in zip(claims, kept_lines("claim", texts_of_claims), strict=True)]
    return Rows(PublishedClaim, rows.CLAIM_COLUMNS, claims), Rows(PublishedIncident, incidents.COLUMNS, happened)


def erase(entries: Iterable[Entry]) -> None:
    """Delete the rows of these entries and their children, children first."""
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    for kind, of_kind in sorted(keys.items(), key=lambda item: -ORDER[item[0]]):  # events while their actors are there
        PublishedReference.objects.filter(from_kind=kind, from_key__in=of_kind)._raw_delete("default")
        if kind == "actor":
            PublishedAffiliation.objects.filter(actor__in=of_kind)._raw_delete("default")
        if kind == "event":
            claims = list(PublishedClaim.objects.filter(event__in=of_kind).values_list("key", flat=True))
            for table in CHILDREN_OF_CLAIM:
                table._default_manager.filter(claim__in=claims)._raw_delete("default")
            PublishedClaim.objects.filter(key__in=claims)._raw_delete("default")
            for table in CHILDREN_OF_EVENT:
                table._default_manager.filter(event__in=of_kind)._raw_delete("default")
        PUBLISHED[kind]._default_manager.filter(key__in=of_kind)._raw_delete("default")


def refresh(entries: Collection[Entry]) -> None:
    """Rewrite the search texts and bodies of these entries."""
    for chunk in chunks(sorted(entries)):
        _refresh_chunk(chunk)


@gc_pause.gc_paused()
def _refresh_chunk(entries: Sequence[Entry]) -> None:
    found: dict[Entry, rows.Row] = {
        (kind, row["key"]): row
        for kind, table in PUBLISHED.items()
        if (keys := [key for of_kind, key in entries if of_kind == kind])
        for row in table._default_manager.filter(key__in=keys).values(
            *set(stored_columns(table)).difference(WRITTEN_ANEW), document=F("publication__document")
        )
    }
    documents = {entry: lifted(entry[0], row["document"] or "") for entry, row in found.items()}
    claims, happened = _complete(found, documents, bodies.BodyContext(documents, found))
    for kind, table in PUBLISHED.items():
        columns = [column for column in ("key", *WRITTEN_ANEW) if column in stored_columns(table)]
        of_kind = [row for (kind_of_row, _), row in found.items() if kind_of_row == kind]
        _rewrite(table, columns, list(map(itemgetter(*columns), of_kind)))
    of_claim = itemgetter(*map(rows.CLAIM_COLUMNS.index, ("key", *CLAIMS_WRITTEN_ANEW)))
    _rewrite(PublishedClaim, ["key", *CLAIMS_WRITTEN_ANEW], list(map(of_claim, claims.values)))
    PublishedIncident.objects.filter(event__in=[incident[0] for incident in happened.values])._raw_delete("default")
    copy([happened])


def _rewrite(table: type[Model], columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Update these columns where they differ, matching rows by the first one: unchanged rows need not be indexed again."""
    if not values:
        return
    given = ", ".join(f"{column} {table._meta.get_field(column).db_type(connection)}" for column in columns)
    _, *written = columns
    mine, theirs = (", ".join(f"{side}.{column}" for column in written) for side in ("mine", "new"))
    setting = ", ".join(f"{column} = new.{column}" for column in written)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table._meta.db_table} mine SET {setting} FROM json_to_recordset(%s::json) new({given})"
            f" WHERE mine.key = new.key AND ({mine}) IS DISTINCT FROM ({theirs})",
            [bodies.text([dict(zip(columns, row, strict=True)) for row in values])],
        )


def _any_of(entries: Iterable[Entry]) -> Q:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    condition = Q(pk__in=[])
    for kind, of_kind in keys.items():
        condition |= Q(entry_kind=kind, key__in=of_kind)
    return condition


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
