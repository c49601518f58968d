"""Comparison of entries with the log: rows are built as on publication, and compared with those in the record.

What an entry shows of others, mainly their labels and places, is taken from their current rows. Those are compared as
well, and what is taken from them depends on documents alone. So if no entry differs, the whole record matches the log.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import DataError, connection, models
from psycopg import Cursor

from conflict.documents import gc_pause
from conflict.record.models import (
    PUBLISHED,
    PublishedAffiliation,
    PublishedClaim,
    PublishedIncident,
    PublishedReference,
)
from conflict.record.models.entry import array
from conflict.record.projection import projector
from conflict.record.projection.dependents import Entry
from conflict.record.projection.projector import CHILDREN_OF_CLAIM, CHILDREN_OF_EVENT, ORDER, Version

Table = type[models.Model]
Row = tuple[Any, ...]

BELOW: dict[str, tuple[Table, ...]] = {
    "actor": (PublishedAffiliation,),
    "event": (*CHILDREN_OF_EVENT, PublishedClaim, *CHILDREN_OF_CLAIM),
}
OF_KIND: dict[str, tuple[Table, ...]] = {
    kind: (PUBLISHED[kind], *BELOW.get(kind, ()), PublishedReference) for kind in ORDER
}  # parents first
ONE_BY_ONE = frozenset({*PUBLISHED.values(), PublishedClaim, PublishedIncident})  # tables with a unique first column
LACKS, HOLDS = "lacks, or has otherwise", "holds, though the log does not say so"
MOST_SENTENCES = 20  # sentences of each sort
TEXTS = frozenset({"body", "card", "csv_line", "search_text"})  # not shown by other entries


class Batch(NamedTuple):
    """Publications of one kind present in the record; `paths` are those of locations or periods, from the top down."""

    kind: str
    numbers: Sequence[int]
    paths: Mapping[str, list[str]]


class Differing(NamedTuple):
    """An entry whose rows differ from the log. `is_shown`: other entries may show what differs."""

    entry: Entry
    number: int
    is_shown: bool


class Compared(NamedTuple):
    """Result for one batch, with up to MOST_SENTENCES sentences on each kind of difference."""

    differing: list[Differing]
    sentences: dict[str, list[str]]


@gc_pause.gc_paused()
def compare_batch(batch: Batch) -> Compared:
    """Find rows of these entries that the record lacks, has in a different form, or has although the log does not."""
    steps = publications(batch.numbers)
    numbers = {step.key: step.number for step in steps}
    made = projector.rows_of(steps, paths=batch.paths)
    rows = {table: values for table, _, values in made.tables}
    events = {claim: event for claim, event, *_ in rows.get(PublishedClaim, ())}
    shown: dict[str, bool] = {}
    sentences: dict[str, list[str]] = defaultdict(list)
    for table in OF_KIND[batch.kind]:
        columns = projector.columns_of(table)
        place = columns.index(owner(table))
        owners = events if table in CHILDREN_OF_CLAIM else numbers
        try:
            stand = _standing(table, columns, batch.kind, owners)
        except DataError as unreadable:  # a date outside any supported calendar: its row cannot be identified
            shown = dict.fromkeys(numbers, True)
            sentences[table._meta.label] = [
                f"{table._meta.verbose_name}: the record holds what cannot be read: {unreadable}"
            ]
            break
        for row, is_shown, fault in _different(table, columns, rows.get(table, ()), stand):
            key = events[row[place]] if table in CHILDREN_OF_CLAIM else row[place]
            shown[key] = shown.get(key, False) or is_shown
            sort = f"{table._meta.verbose_name} {fault}"
            if len(sentences[sort]) < MOST_SENTENCES:
                sentences[sort].append(sentence(table, fault, row))
    return Compared(
        [Differing((batch.kind, key), numbers[key], is_shown) for key, is_shown in shown.items()], sentences
    )


def publications(numbers: Sequence[int]) -> list[Version]:
    """Documents of these publications, in order."""
    columns = ", ".join(Version._fields)
    rows = _rows_of(f"SELECT {columns} FROM record_publication WHERE number = ANY(%s) ORDER BY number", [numbers])
    return list(map(Version._make, rows))


def owner(table: Table) -> str:
    """Column with the key of the entry or claim that owns a row."""
    if table is PublishedReference:
        return "from_key"
    if table is PublishedAffiliation:
        return "actor_id"
    if table in CHILDREN_OF_CLAIM:
        return "claim_id"
    return "event_id" if table in BELOW["event"] else "key"


def sentence(table: Table, fault: str, row: Row) -> str:
    return f"{table._meta.verbose_name}: the record {fault}: {str(row)[:160]}"


def _standing(table: Table, columns: Sequence[str], kind: str, keys: Collection[str]) -> list[Row]:
    named = ", ".join(f'"{column}"' for column in columns)
    where, parameters = f"{owner(table)} = ANY(%s::varchar[])", [array(keys)]
    if table is PublishedReference:
        where, parameters = f"{where} AND from_kind = %s", [*parameters, kind]
    return _rows_of(f"SELECT {named} FROM {table._meta.db_table} WHERE {where}", parameters)


def _rows_of(sql: str, parameters: Sequence[Any]) -> list[Row]:
    """Rows with dates and times as text: converting them would take longer than everything else."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(sql, parameters, binary=True).fetchall()


def _different(
    table: Table, columns: Sequence[str], made: Collection[Row], stand: Collection[Row]
) -> Iterator[tuple[Row, bool, str]]:
    """Each row found on one side only, whether other entries may show the difference, and what is wrong."""
    if table not in ONE_BY_ONE:
        ours, theirs = Counter(made), Counter(stand)
        if not dict.__eq__(ours, theirs):  # implemented in C; Counter's own comparison is slow
            yield from ((row, True, LACKS) for row in ours - theirs)
            yield from ((row, True, HOLDS) for row in theirs - ours)
        return
    shown = [place for place, column in enumerate(columns) if column not in TEXTS]
    by_key, standing = ({row[0]: row for row in rows} for rows in (made, stand))
    for one, other, fault in ((by_key, standing, LACKS), (standing, by_key, HOLDS)):
        for key, row in one.items():
            there = other.get(key)
            if there != row:
                yield row, there is None or any(row[place] != there[place] for place in shown), fault
