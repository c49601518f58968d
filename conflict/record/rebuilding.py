"""The record made anew from the log, beside the living one, to compare with it or to replace it.

Temporary tables of the same names stand before the real ones on this connection, so that
`projection.apply` fills them without knowing; readers keep reading the real ones.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

from conflict.record import log, projection
from conflict.record.models import (
    PUBLISHED,
    Publication,
    PublishedAffiliation,
    PublishedClaim,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedParticipation,
    PublishedReference,
    Tombstone,
)

TABLES: tuple[type[models.Model], ...] = (
    *PUBLISHED.values(),
    PublishedClaim,
    PublishedAffiliation,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedParticipation,
    PublishedReference,
    Tombstone,
)


def differences(step: Callable[[str], None] = lambda what: None) -> Iterator[str]:
    """Compare the record with the log; sentences on every row that differs, none where they agree."""
    with _beside(step):
        for table in TABLES:
            yield from _differences_of(table)


def rebuild(step: Callable[[str], None] = lambda what: None) -> None:
    """Replace the record by what the log says, in one transaction; readers see the old one until it ends."""
    with _beside(step):
        step("replacing the record")
        with connection.cursor() as cursor:
            for table in reversed(TABLES):
                cursor.execute(f"DELETE FROM public.{_name(table)}")
            for table in TABLES:
                columns = ", ".join(_columns(table, surrogate=True))
                cursor.execute(
                    f"INSERT INTO public.{_name(table)} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM pg_temp.{_name(table)}"
                )
                if _has_surrogate(table):
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('public.{_name(table)}', 'id'),"
                        f" (SELECT coalesce(max(id), 0) + 1 FROM public.{_name(table)}), false)"
                    )


@contextmanager
def _beside(step: Callable[[str], None]) -> Iterator[None]:
    """Within: temporary tables hold the record as the log says it should be."""
    with transaction.atomic():
        log.lock()
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {_name(table)} (LIKE public.{_name(table)} INCLUDING ALL) ON COMMIT DROP"
                )
        step("reading the log")
        newest = Publication.objects.order_by("entry_kind", "key", "-number").distinct("entry_kind", "key")
        step("projecting it")
        projection.apply(sorted(newest, key=lambda publication: publication.number))
        yield
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE pg_temp.{_name(table)}")


def _differences_of(table: type[models.Model]) -> Iterator[str]:
    columns = ", ".join(_columns(table, surrogate=False))
    should, is_ = f"SELECT {columns} FROM pg_temp.{_name(table)}", f"SELECT {columns} FROM public.{_name(table)}"
    with connection.cursor() as cursor:
        for wanted, other, sentence in (
            (should, is_, "lacks, or has otherwise"),
            (is_, should, "holds, though the log does not say so"),
        ):
            cursor.execute(f"{wanted} EXCEPT ALL {other} LIMIT 20")
            for row in cursor.fetchall():
                yield f"{table._meta.verbose_name}: the record {sentence}: {str(row)[:160]}"


def _columns(table: type[models.Model], *, surrogate: bool) -> list[str]:
    return [
        f'"{column.column}"'
        for column in table._meta.concrete_fields
        if not isinstance(column, models.GeneratedField) and (surrogate or not isinstance(column, models.BigAutoField))
    ]


def _has_surrogate(table: type[models.Model]) -> bool:
    return isinstance(table._meta.pk, models.BigAutoField)


def _name(table: type[models.Model]) -> str:
    return f'"{table._meta.db_table}"'
