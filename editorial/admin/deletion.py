"""Deletion at the desk: what goes with a row, and what speaks against deleting it.

Of the rows that name it, some are shown and the rest is counted: an actor may be named by every event.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

from django.contrib.admin.utils import NestedObjects, quote
from django.db import DEFAULT_DB_ALIAS
from django.db.models import PROTECT, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conflict.vocabulary import kind_label
from editorial.admin.pagination import COUNTED_OF_FOUND, counted
from editorial.workflow import restricted_sources

SHOWN = 20  # rows of each kind that name what is to be deleted

Tree = list[Any]  # of texts, each followed by the list of what is below it: what the filter `unordered_list` takes


class DeletedObjects(NestedObjects):
    """Collects what goes with a row, and the first rows of each relation that forbids deleting it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.naming: list[tuple[QuerySet[Any], QuerySet[Any]]] = []  # all rows of a relation, the first of them

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> QuerySet[Any]:
        rows = super().related_objects(related_model, related_fields, objs)
        rows = rows.select_related(*(field.name for field in related_model._meta.fields if field.many_to_one))
        if related_fields[0].remote_field.on_delete is not PROTECT:
            return rows
        first = rows.order_by("pk")[:SHOWN]
        self.naming.append((rows, first))
        return first


def deleted_objects(
    rows: Sequence[Any] | QuerySet[Any], request: HttpRequest, site: Any
) -> tuple[Tree, dict[str, int], set[str], Tree]:
    """Like Django's `get_deleted_objects`: what is deleted, counted, what of it the account may not delete, what forbids it."""
    if public := [row for row in rows if getattr(row, "public_version", None) is not None]:
        return [], {}, set(), [_published(entry) for entry in public]
    collector = DeletedObjects(using=DEFAULT_DB_ALIAS, origin=rows)
    collector.collect(rows)
    by_model: dict[Any, set[Any]] = collector.model_objs
    deleted = [row for found in by_model.values() for row in found]
    linked = partial(_linked, site, _hidden([*deleted, *collector.protected], request.user))
    lacking = {str(row._meta.verbose_name) for row in deleted if not _may_delete(row, request, site)}
    counts = {str(model._meta.verbose_name_plural): len(found) for model, found in by_model.items()}
    return collector.nested(linked), counts, lacking, list(_forbidding(collector, linked))


def _published(entry: Any) -> str:
    return _("The %(kind)s %(key)s has been published: withdraw it with a reason instead of deleting it.") % {
        "kind": kind_label(entry.entry_kind),
        "key": entry.key,
    }


def _may_delete(row: Any, request: HttpRequest, site: Any) -> bool:
    """Rows without an admin of their own go with the row that has one."""
    return not site.is_registered(type(row)) or site.get_model_admin(type(row)).has_delete_permission(request, row)


def _hidden(rows: Sequence[Any], user: object) -> set[Any]:
    """Rows that would name a source that the account may not see."""
    found = set()
    for model in restricted_sources.NAMED_BY.keys() & set(map(type, rows)):
        of_model = [row for row in rows if type(row) is model]
        seen = restricted_sources.visible(model._default_manager.filter(pk__in=[row.pk for row in of_model]), user)
        found |= set(of_model) - set(seen)
    return found


def _linked(site: Any, hidden: Collection[Any], row: Any) -> str:
    options = row._meta
    kind = str(capfirst(options.verbose_name))
    if row in hidden:
        return kind
    try:
        address = reverse(f"{site.name}:{options.app_label}_{options.model_name}_change", args=[quote(row.pk)])
    except NoReverseMatch:
        return f"{kind}: {row}"
    return format_html('{}: <a href="{}">{}</a>', kind, address, row)


def _forbidding(collector: DeletedObjects, linked: Callable[[Any], str]) -> Iterator[str | list[str]]:
    """For each relation the number of rows that forbid it, and the first of them."""
    for rows, first in collector.naming:
        if first:
            number = counted(rows, COUNTED_OF_FOUND) if len(first) == SHOWN else len(first)
            told = {"kind": capfirst(rows.model._meta.verbose_name_plural), "number": number}
            yield _("%(kind)s that name it: %(number)s") % told
            yield list(map(linked, first))
    yield from map(linked, collector.protected - {row for _rows, first in collector.naming for row in first})
