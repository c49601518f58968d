"""Integrity checks of the desk: every row against every rule, and every stored key against existing entries."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from conflict.documents import document
from conflict.models import ENTRIES, TABLES
from conflict.record.models import Action, Publication
from conflict.record.projection.projector import chunks
from editorial.import_export.documents import sentences
from editorial.models import Dispute, JournalNote, SubmittedEntry
from editorial.workflow.publisher import is_for_the_public
from editorial.workflow.readiness import shortcomings


def broken_rules() -> Iterator[str]:
    """Rows let in by a direct write or an older rule. Rules the database enforces itself are not checked again."""
    for model in TABLES.values():
        held = {field.name for field in model._meta.concrete_fields if field.is_relation or field.primary_key}
        for row in model._default_manager.order_by("pk").iterator(chunk_size=500):
            try:
                row.full_clean(exclude=held, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                for sentence in sentences(error):
                    yield f"{model._meta.verbose_name} {getattr(row, 'key', row.pk)}: {sentence}"


def dangling_keys() -> Iterator[str]:
    """Keys stored as text whose entries are not on the desk."""
    there = {(kind, key) for kind, model in ENTRIES.items() for key in model.objects.values_list("key", flat=True)}
    erased = Publication.objects.filter(action=Action.REDACT).values_list("entry_kind", "key")
    there.update(erased)
    for table in (SubmittedEntry, Dispute, JournalNote):
        for kind, key in table._default_manager.values_list("entry_kind", "key").distinct().order_by():
            if (kind, key) not in there:
                yield f"A {table._meta.verbose_name} names the {kind} {key}, which is not on the desk."


def unready() -> Iterator[str]:
    """Public entries that would be refused if they were submitted today."""
    for kind, model in ENTRIES.items():
        for entries in chunks(model.objects.with_children().in_key_order().iterator(chunk_size=500)):
            public = {(kind, entry.key): document(kind, entry) for entry in entries if is_for_the_public(entry)}
            for (_kind, key), missing in shortcomings(public).items():
                yield from (f"{kind} {key}: {sentence}" for sentence in missing)
