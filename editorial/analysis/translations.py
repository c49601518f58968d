"""Missing translations, and translations of texts that have changed since; of withdrawn entries, nobody needs any."""

from typing import Any

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from conflict.models import ENTRIES, Event
from conflict.models.translations import kind_of
from conflict.record.models import Tombstone
from conflict.translations import DIGEST, TRANSLATED
from conflict.vocabulary import EntryKind


class Digest(Func):
    """`conflict.translations.digest` of a column."""

    template = f"left(encode(sha256(convert_to(normalize(%(expressions)s, NFC), 'UTF8')), 'hex'), {DIGEST})"
    output_field = CharField()


def older(rows: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Rows with a text that has changed since it was translated."""
    found, changed = _not_withdrawn(rows).filter(translations__has_key=language), Q()
    for field in TRANSLATED[kind_of(rows.model)]:
        found = found.alias(
            **{f"{field}_now": Digest(F(field)), f"{field}_of": KT(f"translations__{language}__{field}__of")}
        )
        changed |= Q(**{f"{field}_of__isnull": False}) & ~Q(**{f"{field}_of": F(f"{field}_now")})
    return found.filter(changed)


def missing(rows: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Rows with a text that has not been translated at all."""
    found, lacking = _not_withdrawn(rows), Q()
    for field in TRANSLATED[kind_of(rows.model)]:
        found = found.alias(**{f"{field}_of": KT(f"translations__{language}__{field}__of")})
        # PostgreSQL knows how many rows have no translation at all, but not how many lack one of a text: it reads the
        # list in its order where many do.
        lacking |= (Q(translations={}) | Q(**{f"{field}_of__isnull": True})) & ~Q(**{field: ""})
    return found.filter(lacking)


def _not_withdrawn(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows without those that readers no longer see: entries that were withdrawn, and claims and findings of such events."""
    if rows.model in ENTRIES.values():
        stones = Tombstone.objects.filter(entry_kind=rows.model.entry_kind, key=OuterRef("key"))
        return rows.exclude(Exists(stones))
    withdrawn = Tombstone.objects.filter(entry_kind=EntryKind.EVENT).values("key")  # few: no other event is read
    return rows.exclude(Exists(Event.objects.filter(pk=OuterRef("event"), key__in=withdrawn)))
