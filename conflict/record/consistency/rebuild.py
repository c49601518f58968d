"""Rebuild of the record from the log: correct rows are left alone, and readers see the old record until the end.

First all entries are compared, in several processes if the log is long; then those that differ or are missing are
written as on publication. So a sound record is only read, and an empty one is not compared at all.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.expressions import RawSQL

from conflict.documents.schema_upgrades import lifted
from conflict.record import claim_events, log
from conflict.record.consistency import comparison, worker_pool
from conflict.record.consistency.comparison import (
    BELOW,
    HOLDS,
    LACKS,
    MOST_SENTENCES,
    OF_KIND,
    Batch,
    Differing,
    Table,
    owner,
    publications,
    sentence,
)
from conflict.record.models import (
    PUBLISHED,
    Action,
    Publication,
    PublishedClaim,
    PublishedClaimHome,
    PublishedClaimRelation,
    PublishedCount,
    PublishedEvent,
    PublishedReference,
    Tombstone,
)
from conflict.record.projection import counts, projector, tombstones, version
from conflict.record.projection.dependents import Entry, dependents
from conflict.record.projection.paths import NESTED, path
from conflict.record.projection.projector import CHILDREN_OF_CLAIM, ORDER, Version
from conflict.vocabulary import ChangeKind

Say = Callable[[str], None]

TABLES: tuple[type[Model], ...] = tuple(
    dict.fromkeys([*(table for kind in ORDER for table in OF_KIND[kind]), PublishedClaimHome, Tombstone])
)
NEWEST = """
    CREATE TEMPORARY TABLE newest ON COMMIT DROP AS
    SELECT DISTINCT ON (entry_kind, key) entry_kind, key, number, action FROM record_publication
    ORDER BY entry_kind, key, version DESC
"""
PROGRESS = 10_000
MANY = 20_000  # entries; with fewer, starting processes takes longer than they save
MOST_AT_ONCE = 8  # processes, each with a connection and 170 MB


def rebuild(say: Say = lambda what: None, at_once: int = 0) -> None:
    """Make the record match the log, in one transaction; readers see the old record until it ends.

    `at_once` is the number of processes that compare; 0 chooses it by the length of the log and the machine.
    """
    with _transaction(at_once) as processes_at_most:
        _keep_autovacuum_away()
        wrong = _Wrong(say, processes_at_most, meanwhile=_remake)
        if wrong.is_any:
            _put_right(wrong, say)
            _remake()
        lacking, superfluous = _tombstones()
        for stone in superfluous:
            stone.delete()
        tombstones.write(lacking)
        version.remember()


def differences(say: Say = lambda what: None, at_once: int = 0) -> Iterator[str]:
    """Compare the record with the log: sentences on rows that differ, up to 20 of each sort; empty if they agree.

    An entry that correctly shows a wrong label of another is not listed; the other one is.
    """
    with _transaction(at_once) as processes_at_most:
        yield from _Wrong(say, processes_at_most).sentences()


@contextmanager
def _transaction(at_once: int) -> Iterator[int]:
    """Transaction in which the log cannot change, with a temporary table of the newest publication of each entry.

    Yields how many processes may compare, 0 for any number: inside an outer transaction only this one, because others
    do not see what is not committed.
    """
    alone = connection.in_atomic_block
    with transaction.atomic():
        log.lock()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # while other processes work for it
            cursor.execute(NEWEST)
            cursor.execute("ANALYZE newest")
        yield 1 if alone else at_once
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE newest")


def _keep_autovacuum_away() -> None:
    """Lock the tables against autovacuum, not against readers.

    It does not see rows that are not committed, would note that a table being filled is empty, and PostgreSQL would
    then check each foreign key by reading a whole index: minutes instead of seconds for 35,000 events.
    """
    names = ", ".join(table._meta.db_table for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE UPDATE EXCLUSIVE MODE")


class _Wrong:
    """Rows of the record that disagree with the log. `meanwhile`: done while other processes compare what there is."""

    def __init__(self, say: Say, at_once: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        say("looking for what is missing, and for what the log does not say")
        standing = {kind: list(_numbers(kind, stand=True)) for kind in ORDER}
        number = sum(map(len, standing.values()))
        if not at_once:
            at_once = min(worker_pool.cores(), MOST_AT_ONCE) if number >= MANY else 1
        with worker_pool.mapping(at_once, connection.settings_dict) as mapped:  # the others start meanwhile
            self.superfluous = {(kind, key) for kind in ORDER for key in _superfluous(kind)}
            self.missing = {kind: _numbers(kind, stand=False) for kind in ORDER}
            self.without_owner = [(table, where) for table, where in _without_owner() if _count(table, where)]
            if number or not any(self.missing.values()):  # a lost record is first to be written
                meanwhile()
            self.differing, self.differences = _compared(standing, say, mapped)
        self.nothing_is_right = number == len(self.differing)
        self.is_any = bool(self.superfluous or any(self.missing.values()) or self.without_owner or self.differing)

    def sentences(self) -> Iterator[str]:
        for kind, key in sorted(self.superfluous)[:MOST_SENTENCES]:
            yield sentence(PUBLISHED[kind], HOLDS, (key,))
        for kind, numbers in self.missing.items():
            for key in islice(numbers.values(), MOST_SENTENCES):
                yield sentence(PUBLISHED[kind], LACKS, (key,))
        for table, where in self.without_owner:
            yield from (sentence(table, HOLDS, row) for row in _rows(table, where, MOST_SENTENCES))
        for sentences in self.differences.values():
            yield from sentences
        for fault, found in zip((LACKS, HOLDS), claim_events.wrong(MOST_SENTENCES), strict=True):
            yield from (sentence(PublishedClaimHome, fault, row) for row in found)
        for fault, miscounted in zip((LACKS, HOLDS), counts.wrong(MOST_SENTENCES), strict=True):
            yield from (sentence(PublishedCount, fault, row) for row in miscounted)
        lacking, superfluous = _tombstones()
        yield from (sentence(Tombstone, LACKS, (step.entry_kind, step.key)) for step in lacking[:MOST_SENTENCES])
        yield from (sentence(Tombstone, HOLDS, (stone.entry_kind, stone.key)) for stone in superfluous[:MOST_SENTENCES])


def _put_right(wrong: _Wrong, say: Say) -> None:
    """Write missing rows, and rewrite differing ones.

    Their dependents are collected before that, and once more when all rows exist.
    """
    differing = {found.entry for found in wrong.differing}
    shown = {found.entry for found in wrong.differing if found.is_shown}
    showing = _showing(wrong.superfluous | shown)
    if wrong.without_owner:
        showing |= _show_relations_of_nobody()
        for table, where in _without_owner():  # not only the rows found: deleting some orphans others
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table._meta.db_table} WHERE {where}")
    for entries in projector.chunks(wrong.superfluous | differing):
        projector.erase(entries)
    numbers = {kind: set(numbers) for kind, numbers in wrong.missing.items()}
    for found in wrong.differing:
        numbers[found.entry[0]].add(found.number)
    are_many = sum(map(len, numbers.values())) > projector.CHUNK
    unfinished = projector.fill(_in_order({kind: sorted(numbers[kind]) for kind in ORDER}, say), are_many=are_many)
    say("refreshing what shows others")
    if not wrong.nothing_is_right:  # otherwise all rows were just written with current data
        missing = {(kind, key) for kind, numbers in wrong.missing.items() for key in numbers.values()}
        showing |= _showing(shown | missing) - missing
    projector.refresh(unfinished | showing)


def _remake() -> None:
    """Rebuild what is kept of all entries together."""
    claim_events.remake()
    counts.remake()


def _showing(entries: Iterable[Entry]) -> set[Entry]:
    return {showing for some in projector.chunks(entries) for showing in dependents(some)}


def _show_relations_of_nobody() -> set[Entry]:
    """Events with claims to which orphaned claims are related."""
    standing = PublishedClaim.objects.filter(event__in=PublishedEvent.objects.values("pk"))
    nobodys = PublishedClaimRelation.objects.exclude(claim__in=standing.values("pk"))
    return {("event", key) for key in nobodys.values_list("other__event_id", flat=True) if key}


def _compared(
    numbers: dict[str, list[int]], say: Say, mapped: worker_pool.Mapped
) -> tuple[list[Differing], dict[str, list[str]]]:
    """Public entries that differ, with sentences on the differences; one batch at a time per process."""
    differing: list[Differing] = []
    differences: dict[str, list[str]] = defaultdict(list)
    done: Counter[str] = Counter()
    batches = [batch for kind in ORDER for batch in _batches(kind, numbers[kind])]
    for batch, found in zip(batches, mapped(comparison.compare_batch, batches), strict=True):
        differing += found.differing
        for sort, sentences in found.sentences.items():
            differences[sort] += sentences[: MOST_SENTENCES - len(differences[sort])]
        done[batch.kind] = _progress(say, batch.kind, "compared", done[batch.kind], len(batch.numbers))
    return differing, differences


def _batches(kind: str, numbers: list[int]) -> Iterator[Batch]:
    paths = _paths(kind) if kind in NESTED else {}
    for of_lot in projector.chunks(numbers):
        yield Batch(kind, of_lot, {paths[number][-1]: paths[number] for number in of_lot} if paths else {})


def _in_order(numbers: dict[str, list[int]], say: Say) -> Iterator[Version]:
    """These publications, one kind after the other; never all in memory at once."""
    for kind, of_kind in numbers.items():
        done = 0
        for of_lot in projector.chunks(of_kind):
            yield from publications(of_lot)
            done = _progress(say, kind, "written", done, len(of_lot))


def _progress(say: Say, kind: str, what: str, before: int, more: int) -> int:
    if (before + more) // PROGRESS > before // PROGRESS:
        say(f"{before + more:,} {PUBLISHED[kind]._meta.verbose_name_plural} {what}")
    return before + more


def _numbers(kind: str, *, stand: bool) -> dict[int, str]:
    """Numbers and keys of this kind's publications, in order: those in the record, or those missing from it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, key FROM newest WHERE entry_kind = %s AND action = %s"
            f" AND EXISTS (SELECT FROM {PUBLISHED[kind]._meta.db_table} stands WHERE stands.key = newest.key) = %s"
            " ORDER BY number",
            [kind, Action.PUBLISH, stand],
        )
        return dict(cursor.fetchall())


def _superfluous(kind: str) -> list[str]:
    """Keys of entries that are in the record but not in the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key FROM {PUBLISHED[kind]._meta.db_table} stands WHERE NOT EXISTS (SELECT FROM newest"
            " WHERE newest.entry_kind = %s AND newest.action = %s AND newest.key = stands.key)",
            [kind, Action.PUBLISH],
        )
        return [key for (key,) in cursor.fetchall()]


def _without_owner() -> Iterator[tuple[Table, str]]:
    """Conditions, by table, for rows whose entry does not exist. Foreign keys prevent most of these, unless disabled."""
    for kind, tables in BELOW.items():
        for table in tables:
            above = (PublishedClaim if table in CHILDREN_OF_CLAIM else PUBLISHED[kind])._meta.db_table
            own = f"{table._meta.db_table}.{owner(table)}"
            yield table, f"NOT EXISTS (SELECT FROM {above} above WHERE above.key = {own})"
    own = PublishedReference._meta.db_table
    for kind, entries in PUBLISHED.items():
        standing = f"EXISTS (SELECT FROM {entries._meta.db_table} above WHERE above.key = {own}.from_key)"
        yield PublishedReference, f"{own}.from_kind = '{kind}' AND NOT {standing}"
    kinds = ", ".join(f"'{kind}'" for kind in PUBLISHED)
    yield PublishedReference, f"{own}.from_kind NOT IN ({kinds})"


def _count(table: Table, where: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table._meta.db_table} WHERE {where}")
        return int(cursor.fetchone()[0])


def _rows(table: Table, where: str, most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table._meta.db_table} WHERE {where} LIMIT {most}")
        return list(cursor.fetchall())


def _paths(kind: str) -> dict[int, list[str]]:
    """For each publication of locations or periods, the keys from the top of the hierarchy down, from the log.

    There are few.
    """
    numbers = [*_numbers(kind, stand=True), *_numbers(kind, stand=False)]
    documents = {step.number: lifted(kind, step.document) for step in publications(numbers)}
    above = {document["key"]: document["parent"] and document["parent"]["key"] for document in documents.values()}
    return {number: path(document["key"], above) for number, document in documents.items()}


def _tombstones() -> tuple[list[Publication], list[Tombstone]]:
    """Withdrawals without a correct tombstone, and tombstones without a matching withdrawal."""
    newest = RawSQL("SELECT number FROM newest WHERE action <> %s", [Action.PUBLISH])
    steps = {
        (step.entry_kind, step.key): tombstones.withdrawn_by(step) if step.change_kind == ChangeKind.REVIEWED else step
        for step in Publication.objects.filter(number__in=newest)
    }
    superfluous = []
    for stone in Tombstone.objects.all():
        entry = stone.entry_kind, stone.key
        written = tombstones.fields(steps[entry]) if entry in steps else {}
        if written and all(getattr(stone, name) == text for name, text in written.items()):
            del steps[entry]
        else:
            superfluous.append(stone)
    return list(steps.values()), superfluous
