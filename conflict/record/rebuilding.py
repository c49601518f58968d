"""The record made anew from the log, beside the living one, to compare with it or to replace it.

Temporary tables of the same names stand before the real ones on this connection, so that
`projection.fill` fills them without knowing; readers keep reading the real ones. Then only rows that
differ are replaced: a sound record is not touched.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

from conflict.record import homes, log, projection
from conflict.record.copying import stored_columns
from conflict.record.models import (
    PUBLISHED,
    Action,
    Publication,
    PublishedAffiliation,
    PublishedClaim,
    PublishedClaimHome,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedIncident,
    PublishedNotice,
    PublishedParticipation,
    PublishedReference,
    Tombstone,
)

# By table, parents first: the columns that say to which entry or claim a row belongs.
TABLES: dict[type[models.Model], tuple[str, ...]] = {
    **dict.fromkeys(PUBLISHED.values(), ("key",)),
    PublishedClaim: ("key",),
    PublishedAffiliation: ("actor_id",),
    PublishedClaimHome: ("event",),
    PublishedClaimParty: ("claim_id",),
    PublishedClaimRelation: ("claim_id",),
    PublishedEventActor: ("event_id",),
    PublishedEventPlace: ("event_id",),
    PublishedFinding: ("event_id",),
    PublishedIncident: ("event_id",),
    PublishedParticipation: ("event_id",),
    PublishedReference: ("from_kind", "from_key"),
    Tombstone: ("entry_kind", "key"),
}
# What filling asks of the tables while they are being filled.
ASKED_BY: dict[type[models.Model], str] = {
    PublishedClaimRelation: "other_id",
    PublishedIncident: "event_id",
    PublishedNotice: "target_key",
}
PROGRESS = 10_000
SORTING_MEMORY = "64MB"


def differences(step: Callable[[str], None] = lambda what: None) -> Iterator[str]:
    """Compare the record with the log; sentences on every row that differs, none where they agree."""
    with _beside(step), connection.cursor() as cursor:
        for table in TABLES:
            step(f"comparing {table._meta.verbose_name_plural}")
            columns = ", ".join(_quoted(stored_columns(table)))
            cursor.execute(f"CREATE TEMPORARY TABLE differing ON COMMIT DROP AS {_owners_of_differing(table)}")
            for wanted, other, sentence in (
                ("pg_temp", "public", "lacks, or has otherwise"),
                ("public", "pg_temp", "holds, though the log does not say so"),
            ):
                cursor.execute(
                    f"SELECT {columns} FROM {wanted}.{_name(table)} WHERE {_differing(table)}"
                    f" EXCEPT ALL SELECT {columns} FROM {other}.{_name(table)} WHERE {_differing(table)} LIMIT 20"
                )
                for row in cursor.fetchall():
                    yield f"{table._meta.verbose_name}: the record {sentence}: {str(row)[:160]}"
            cursor.execute("DROP TABLE differing")


def rebuild(step: Callable[[str], None] = lambda what: None) -> None:
    """Make the record what the log says, in one transaction; readers see the old one until it ends."""
    with _beside(step), connection.cursor() as cursor:
        for table in TABLES:
            step(f"replacing {table._meta.verbose_name_plural} that differ")
            columns = ", ".join(_quoted(stored_columns(table)))
            cursor.execute(f"CREATE TEMPORARY TABLE differing ON COMMIT DROP AS {_owners_of_differing(table)}")
            cursor.execute("ANALYZE differing")
            differing = _differing(table)
            cursor.execute(f"DELETE FROM public.{_name(table)} WHERE {differing}")
            cursor.execute(
                f"INSERT INTO public.{_name(table)} ({columns})"
                f" SELECT {columns} FROM pg_temp.{_name(table)} WHERE {differing}"
            )
            cursor.execute("DROP TABLE differing")


@contextmanager
def _beside(step: Callable[[str], None]) -> Iterator[None]:
    """Within: temporary tables hold the record as the log says it should be."""
    with transaction.atomic():
        log.lock()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('work_mem', %s, true)", [SORTING_MEMORY])
            cursor.execute("SET LOCAL jit = off")  # compiling the comparisons takes longer than most of them
            for table, owner in TABLES.items():
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {_name(table)} (LIKE public.{_name(table)} INCLUDING IDENTITY INCLUDING STORAGE) ON COMMIT DROP"
                )
                for asked in filter(None, ("key" if owner == ("key",) else "", ASKED_BY.get(table, ""))):
                    cursor.execute(f"CREATE INDEX ON pg_temp.{_name(table)} ({asked})")
        projection.refresh(projection.fill(_newest(step)))
        projection.bury(_withdrawn())
        homes.remake()
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE pg_temp.{_name(table)}")
        yield
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE pg_temp.{_name(table)}")


def _newest(step: Callable[[str], None]) -> Iterator[Publication]:
    """The publications that the record shows, in the order in which it is filled; never all at once in memory."""
    for kind in projection.ORDER:
        newest = Publication.objects.filter(entry_kind=kind).order_by("key", "-number").distinct("key")
        shown = Publication.objects.filter(number__in=newest.values("number"), action=Action.PUBLISH)
        rows = shown.in_order().iterator(chunk_size=projection.CHUNK)
        for done, publication in enumerate(rows, start=1):
            yield publication
            if done % PROGRESS == 0:
                step(f"{done:,} {PUBLISHED[kind]._meta.verbose_name_plural} projected")


def _withdrawn() -> Iterator[Publication]:
    newest = Publication.objects.order_by("entry_kind", "key", "-number").distinct("entry_kind", "key")
    return Publication.objects.filter(number__in=newest.values("number")).exclude(action=Action.PUBLISH).iterator()


def _owners_of_differing(table: type[models.Model]) -> str:
    """SQL for the entries or claims whose rows in this table are not the same in both records."""
    name, columns = _name(table), stored_columns(table)
    if TABLES[table] == ("key",):  # bodies are long: compared in place by key, not sorted
        mine, theirs = (", ".join(f"{side}.{column}" for column in _quoted(columns)) for side in ("mine", "theirs"))
        return (
            f"SELECT key FROM pg_temp.{name} mine FULL JOIN public.{name} theirs USING (key)"
            f" WHERE ({mine}) IS DISTINCT FROM ({theirs})"
        )
    owner, whole = ", ".join(_quoted(TABLES[table])), ", ".join(_quoted(columns))
    mine, theirs = f"SELECT {whole} FROM pg_temp.{name}", f"SELECT {whole} FROM public.{name}"
    return (
        f"SELECT {owner} FROM ({mine} EXCEPT ALL {theirs}) lacking"
        f" UNION SELECT {owner} FROM ({theirs} EXCEPT ALL {mine}) superfluous"
    )


def _differing(table: type[models.Model]) -> str:
    owner = ", ".join(_quoted(TABLES[table]))
    return f"({owner}) IN (SELECT {owner} FROM differing)"


def _quoted(columns: Iterable[str]) -> list[str]:
    return [f'"{column}"' for column in columns]


def _name(table: type[models.Model]) -> str:
    return f'"{table._meta.db_table}"'
