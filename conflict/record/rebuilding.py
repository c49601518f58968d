"""The record brought back to what the log says: what stands right is not touched, and readers see the old one until the end.

First all entries are compared, by as many processes as there are processors; then those that differ or are
missing are written as publishing writes them. So a sound record is read and not written, and a lost one is written once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from conflict import processes
from conflict.documents.lifting import lifted
from conflict.record import comparing, homes, log, projection
from conflict.record.comparing import (
    BELOW,
    HOLDS,
    LACKS,
    OF_KIND,
    TOLD,
    Differing,
    Lot,
    Table,
    owner,
    publications,
    said,
)
from conflict.record.models import (
    PUBLISHED,
    Action,
    Publication,
    PublishedClaim,
    PublishedClaimHome,
    PublishedReference,
    Tombstone,
)
from conflict.record.projection import CHILDREN_OF_CLAIM, NESTED, ORDER, Version

Step = Callable[[str], None]

TABLES = tuple(dict.fromkeys([*(table for kind in ORDER for table in OF_KIND[kind]), PublishedClaimHome, Tombstone]))
NEWEST = """
    CREATE TEMPORARY TABLE newest ON COMMIT DROP AS
    SELECT DISTINCT ON (entry_kind, key) entry_kind, key, number, action FROM record_publication
    ORDER BY entry_kind, key, version DESC
"""
PROGRESS = 10_000
MANY = 20_000  # entries; for fewer, to start processes takes longer than they save


def rebuild(step: Step = lambda what: None, at_once: int = 0) -> None:
    """Make the record what the log says, in one transaction; readers see the old one until it ends.

    `at_once` are the processes that compare; 0 leaves it to the length of the log and the machine.
    """
    with transaction.atomic():
        log.lock()
        with _newest():
            _put_right(_Wrong(step, at_once), step)


def differences(step: Step = lambda what: None, at_once: int = 0) -> Iterator[str]:
    """Compare the record with the log: sentences on rows that differ, up to 20 of one sort, none where they agree.

    An entry that shows the wrong label of another is not among them while that label stands: the other is.
    """
    with transaction.atomic():
        log.lock()
        with _newest():
            yield from _Wrong(step, at_once).sentences()


class _Wrong:
    """What of the record is not what the log says."""

    def __init__(self, step: Step, at_once: int) -> None:
        step("looking for what is missing, and for what the log does not say")
        self.superfluous = {(kind, key) for kind in ORDER for key in _superfluous(kind)}
        self.missing = {kind: _numbers(kind, stand=False) for kind in ORDER}
        self.without_owner = [(table, where) for table, where in _without_owner() if _count(table, where)]
        self.differing, self.told = _compared(step, at_once)

    def sentences(self) -> Iterator[str]:
        for kind, key in sorted(self.superfluous)[:TOLD]:
            yield said(PUBLISHED[kind], HOLDS, (key,))
        for kind, numbers in self.missing.items():
            for step in publications(numbers[:TOLD]):
                yield said(PUBLISHED[kind], LACKS, (step.key,))
        for table, where in self.without_owner:
            yield from (said(table, HOLDS, row) for row in _rows(table, where, TOLD))
        for sentences in self.told.values():
            yield from sentences
        for sentence, found in zip((LACKS, HOLDS), homes.wrong(TOLD), strict=True):
            yield from (said(PublishedClaimHome, sentence, row) for row in found)
        lacking, superfluous = _tombstones()
        yield from (said(Tombstone, LACKS, (step.entry_kind, step.key)) for step in lacking)
        yield from (said(Tombstone, HOLDS, (stone.entry_kind, stone.key)) for stone in superfluous)


def _put_right(wrong: _Wrong, step: Step) -> None:
    """Write what is missing, and what differs anew. Who shows it is asked before, and, when all rows stand, again."""
    shown = {found.entry for found in wrong.differing if found.is_shown}
    showing = projection.showing(wrong.superfluous | shown)
    for table, where in _without_owner() if wrong.without_owner else ():  # what goes leaves others without owner
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table._meta.db_table} WHERE {where}")
    projection.erase({*wrong.superfluous, *(found.entry for found in wrong.differing)})
    numbers = {kind: set(numbers) for kind, numbers in wrong.missing.items()}
    for found in wrong.differing:
        numbers[found.entry[0]].add(found.number)
    unfinished = projection.fill(_in_order({kind: sorted(numbers[kind]) for kind in ORDER}, step))
    projection.refresh(unfinished | showing | projection.showing(shown))
    homes.remake()
    lacking, superfluous = _tombstones()
    for stone in superfluous:
        stone.delete()
    projection.bury(lacking)


def _compared(step: Step, at_once: int) -> tuple[list[Differing], dict[str, list[str]]]:
    """Of the entries that stand: those that differ, and sentences on them. As many lots at a time as there are processes."""
    numbers = {kind: _numbers(kind, stand=True) for kind in ORDER}
    if not at_once:
        at_once = processes.cores() if sum(map(len, numbers.values())) >= MANY else 1
    differing: list[Differing] = []
    told: dict[str, list[str]] = defaultdict(list)
    with processes.mapping(at_once, connection.settings_dict) as mapped:
        for kind in ORDER:
            paths = _paths(kind) if kind in NESTED else {}
            lots = [Lot(kind, of_lot, paths) for of_lot in projection.chunks(numbers[kind])]
            done = 0
            for lot, found in zip(lots, mapped(comparing.compared, lots), strict=True):
                differing += found.differing
                for sort, sentences in found.sentences.items():
                    told[sort] += sentences[: TOLD - len(told[sort])]
                done = _progress(step, kind, "compared", done, len(lot.numbers))
    return differing, told


def _in_order(numbers: dict[str, list[int]], step: Step) -> Iterator[Version]:
    """These publications, kind after kind; never all at once in memory."""
    for kind, of_kind in numbers.items():
        done = 0
        for of_lot in projection.chunks(of_kind):
            yield from publications(of_lot)
            done = _progress(step, kind, "written", done, len(of_lot))


def _progress(step: Step, kind: str, what: str, before: int, more: int) -> int:
    if (before + more) // PROGRESS > before // PROGRESS:
        step(f"{before + more:,} {PUBLISHED[kind]._meta.verbose_name_plural} {what}")
    return before + more


@contextmanager
def _newest() -> Iterator[None]:
    """Within: a temporary table of the newest publication of each entry."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        cursor.execute("ANALYZE newest")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE newest")


def _numbers(kind: str, *, stand: bool) -> list[int]:
    """The publications that the record shows of this kind, or of those that it should show the missing ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM newest WHERE entry_kind = %s AND action = %s"
            f" AND EXISTS (SELECT FROM {PUBLISHED[kind]._meta.db_table} stands WHERE stands.key = newest.key) = %s"
            " ORDER BY number",
            [kind, Action.PUBLISH, stand],
        )
        return [number for (number,) in cursor.fetchall()]


def _superfluous(kind: str) -> list[str]:
    """Keys of entries that stand, though the log does not say so."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key FROM {PUBLISHED[kind]._meta.db_table} stands WHERE NOT EXISTS (SELECT FROM newest"
            " WHERE newest.entry_kind = %s AND newest.action = %s AND newest.key = stands.key)",
            [kind, Action.PUBLISH],
        )
        return [key for (key,) in cursor.fetchall()]


def _without_owner() -> Iterator[tuple[Table, str]]:
    """By table: which rows belong to no entry that stands. Foreign keys refuse them, where nobody switched these off."""
    for kind, tables in BELOW.items():
        for table in tables:
            above = PublishedClaim if table in CHILDREN_OF_CLAIM else PUBLISHED[kind]
            yield table, f"NOT EXISTS (SELECT FROM {above._meta.db_table} above WHERE above.key = {owner(table)})"
    for kind, above in PUBLISHED.items():
        standing = f"EXISTS (SELECT FROM {above._meta.db_table} above WHERE above.key = from_key)"
        yield PublishedReference, f"from_kind = '{kind}' AND NOT {standing}"
    kinds = ", ".join(f"'{kind}'" for kind in PUBLISHED)
    yield PublishedReference, f"from_kind NOT IN ({kinds})"


def _count(table: Table, where: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table._meta.db_table} WHERE {where}")
        return int(cursor.fetchone()[0])


def _rows(table: Table, where: str, most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table._meta.db_table} WHERE {where} LIMIT {most}")
        return list(cursor.fetchall())


def _paths(kind: str) -> dict[str, list[str]]:
    """The keys from the top down to each location or period, as the log says. These are few."""
    numbers = _numbers(kind, stand=True) + _numbers(kind, stand=False)
    parents = {step.key: lifted(kind, step.document)["parent"] for step in publications(numbers)}

    def path(key: str) -> list[str]:
        parent = parents[key]
        return [*(path(parent["key"]) if parent and parent["key"] in parents else ()), key]

    return {key: path(key) for key in parents}


def _tombstones() -> tuple[list[Publication], list[Tombstone]]:
    """Steps that took an entry back and have no tombstone that says so, and tombstones that say something else."""
    newest = RawSQL("SELECT number FROM newest WHERE action <> %s", [Action.PUBLISH])
    steps = {(step.entry_kind, step.key): step for step in Publication.objects.filter(number__in=newest)}
    superfluous = []
    for stone in Tombstone.objects.all():
        entry = stone.entry_kind, stone.key
        said_of_it = projection.on_the_tombstone(steps[entry]) if entry in steps else {}
        if said_of_it and all(getattr(stone, name) == text for name, text in said_of_it.items()):
            del steps[entry]
        else:
            superfluous.append(stone)
    return list(steps.values()), superfluous
