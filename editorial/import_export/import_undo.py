"""Undo of an import of which nothing is public, using the history written by the database."""

from collections.abc import Iterator, Sequence
from typing import Any

import pghistory
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from pghistory.models import Context

from conflict.models import ENTRIES, Actor, Location, Source
from conflict.record.models import PUBLISHED, Publication
from conflict.vocabulary import kind_label
from editorial.import_export import import_state
from editorial.import_export.exceptions import ImportRefused
from editorial.import_export.importer import Outcome
from editorial.import_export.imports import LOCK
from editorial.models import ExternalId, ImportRun, SourceTerms, User
from editorial.workflow import dependencies
from editorial.workflow.edit_history import DIRECT, INDIRECT, TRACKED, history_of

# Created by one import, and possibly referenced by later rows
SHARED: tuple[type[models.Model], ...] = (Source, Actor, Location)
NAMED_AT_MOST = 10
Rows = QuerySet[Any]


@transaction.atomic
def undo(*, run: ImportRun, by: User) -> int:
    """Undo what this import wrote, and return the number of rows. Raises ImportRefused with the obstacles.

    Actors, places and sources that it created stay if something else references them now.
    """
    with pghistory.context(user=by.pk, undone_import=run.pk), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        import_state.undo(run=run)
        contexts = list(Context.objects.filter(metadata__import_run=run.pk).values_list("pk", flat=True))
        written = {model: history_of(model).filter(pgh_context__in=contexts) for model in TRACKED}
        _refuse_what_is_public(run, written)
        _refuse_what_was_edited(written)
        _restore_ids(run)
        return _restore(written) + _delete(written)


def _of(written: Rows, label: str) -> Rows:
    return written.filter(pgh_label=label).order_by()


def _refuse_what_is_public(run: ImportRun, written: dict[type[models.Model], Rows]) -> None:
    for kind, model in ENTRIES.items():
        made = model.objects.filter(pk__in=_of(written[model], "insert").values("id")).values("key")
        if model not in SHARED or run.table:
            public = PUBLISHED[kind]._default_manager.filter(key__in=made)
            _refuse(
                public.values_list("key", flat=True),
                _("The %(kind)s") % {"kind": kind_label(kind)},
                _("is public: withdraw it instead."),
            )
        is_shared = model in SHARED and not run.table
        changed = _of(written[model], "update").values("id") if is_shared else _touched(kind, model, written)
        touched = model.objects.filter(pk__in=changed).values("key")
        later = Publication.objects.filter(entry_kind=kind, key__in=touched, published_at__gte=run.settled_at)
        _refuse(
            later.values_list("key", flat=True).distinct(),
            _("The %(kind)s") % {"kind": kind_label(kind)},
            _("was published after the import."),
        )
        waiting = {(kind, key) for key in touched.values_list("key", flat=True)}
        submitted = dependencies.submitted(waiting)
        _refuse(
            [
                _("%(key)s (submission %(number)s)") % {"key": key, "number": number}
                for (_kind, key), number in submitted.items()
            ],
            _("The %(kind)s") % {"kind": kind_label(kind)},
            _("is submitted for review: withdraw the submission first."),
        )


def _touched(kind: str, model: type[models.Model], written: dict[type[models.Model], Rows]) -> Any:
    """Primary keys of entries that the import wrote, or of which it wrote a part."""
    found = [written[model].order_by().values("id")]
    found += [written[child].order_by().values(column) for child, column in DIRECT[kind].items()]
    return found[0].union(*found[1:]) if len(found) > 1 else found[0]


def _refuse(keys: Any, what: str, why: str) -> None:
    if named := list(keys[: NAMED_AT_MOST + 1]):
        more = _(" and others") if len(named) > NAMED_AT_MOST else ""
        raise ImportRefused(
            _("%(what)s %(named)s%(more)s %(why)s Nothing was taken back.")
            % {"what": what, "named": ", ".join(named[:NAMED_AT_MOST]), "more": more, "why": why}
        )


def _refuse_what_was_edited(written: dict[type[models.Model], Rows]) -> None:
    """Refuse if an edit made after the import would be lost with it."""
    for model, rows in written.items():
        later = history_of(model).filter(id=OuterRef("id"), pgh_id__gt=OuterRef("pgh_id"))
        others = later.exclude(pgh_context__in=rows.values("pgh_context")).order_by()
        edited = rows.filter(Exists(others)).exclude(pgh_label="delete")
        if model in SHARED:
            edited = edited.exclude(pgh_label="insert")  # it stays, and so does the edit
        if (count := edited.values("id").distinct().count()) != 0:
            raise ImportRefused(
                _(
                    "Somebody edited %(count)s %(verbose_name_plural)s since the import: taking it back would lose that. Nothing was taken back."
                )
                % {"count": count, "verbose_name_plural": model._meta.verbose_name_plural}
            )
    for child, column, parent in _children():
        made = _of(written[parent], "insert").values("id")
        added = child._default_manager.filter(**{f"{column}__in": made})
        added = added.exclude(pk__in=_of(written[child], "insert").values("id"))
        if (count := added.count()) != 0:
            raise ImportRefused(
                _(
                    "Somebody added %(count)s %(verbose_name_plural)s to what was imported: taking it back would lose that. Nothing was taken back."
                )
                % {"count": count, "verbose_name_plural": child._meta.verbose_name_plural}
            )


def _children() -> Iterator[tuple[type[models.Model], str, type[models.Model]]]:
    for kind, model in ENTRIES.items():
        if model not in SHARED:
            yield from ((child, column, model) for child, column in DIRECT[kind].items())
        yield from INDIRECT.get(kind, ())


def _restore_ids(run: ImportRun) -> None:
    known = ExternalId.objects.filter(dataset=run.source)
    known.filter(external_id__in=run.lines.filter(outcome=Outcome.NEW).values("external_id")).delete()
    known.filter(vanished_in=run).update(vanished_in=None)
    changed = {line.external_id: line.changes for line in run.lines.filter(outcome=Outcome.CHANGED)}
    for external_id in known.filter(external_id__in=changed).iterator():
        columns = [change for change in changed[external_id.external_id] if "column" in change]
        external_id.row |= {change["column"]: change["old"] for change in columns}
        external_id.save(update_fields=["row"])


def _restore(written: dict[type[models.Model], Rows]) -> int:
    """Restore rows that the import changed or removed."""
    restored = 0
    for model, rows in written.items():
        columns = [column.attname for column in model._meta.concrete_fields if not column.generated]
        removed = _of(rows, "delete")
        if missing := [model(**values) for values in removed.values(*columns)]:
            restored += len(model._default_manager.bulk_create(missing))
        changed = dict(_of(rows, "update").values_list("id").annotate(first=models.Min("pgh_id")))
        for pk, first in changed.items():
            before = history_of(model).filter(id=pk, pgh_id__lt=first).order_by("-pgh_id").values(*columns).first()
            if before is not None:
                before.pop("id")
                restored += model._default_manager.filter(pk=pk).update(**before)
    return restored


def _delete(written: dict[type[models.Model], Rows]) -> int:
    """Delete the rows that the import created, parts first; shared ones only if nothing references them any more."""
    taken = 0
    for model in sorted(TRACKED, key=lambda model: model in SHARED or model in ENTRIES.values()):
        if model in SHARED:
            continue
        made = model._default_manager.filter(pk__in=_of(written[model], "insert").values("id"))
        taken += made._raw_delete("default")
    for model in SHARED:
        public = PUBLISHED[model.entry_kind]._default_manager.values("key")  # type: ignore[attr-defined]
        made = model._default_manager.filter(pk__in=_of(written[model], "insert").values("id")).exclude(key__in=public)
        while unnamed := list(made.exclude(_named(model)).values_list("pk", flat=True)):
            if model is Source:
                SourceTerms.objects.filter(source__in=unnamed)._raw_delete("default")
            for child in DIRECT[model.entry_kind]:  # type: ignore[attr-defined]
                child._default_manager.filter(**{f"{model.entry_kind}__in": unnamed})._raw_delete("default")  # type: ignore[attr-defined]
            taken += model._default_manager.filter(pk__in=unnamed)._raw_delete("default")
    return taken


def _named(model: type[models.Model]) -> Any:
    """Condition: something else on the desk references the row."""
    own: Sequence[type[models.Model]] = (SourceTerms, *DIRECT[model.entry_kind])  # type: ignore[attr-defined]
    found: Any = Q()
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if relation.field.db_constraint and (other not in own or relation.field.name != model.entry_kind):  # type: ignore[attr-defined]
            found |= Exists(other._default_manager.filter(**{relation.field.name: OuterRef("pk")}))
    return found
