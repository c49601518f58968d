"""Base of all entries: key, timestamps, history, and rules enforced by triggers."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar, Self, TypeVar

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from conflict.message import gettext as _
from conflict.models.triggers import key_is_settled, modified_now, published_stays
from conflict.vocabulary import LONGEST_KEY

Model = TypeVar("Model", bound=models.Model)

AUTOMATIC = frozenset({"id", "created_at", "modified_at"})  # columns of any table that no person fills
well_formed_key = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$",
    gettext_lazy("A key is made of lower-case letters, digits and single hyphens, for example 2013-01-10-town-taken."),
    "key_not_well_formed",
)


class KeyField(models.CharField):
    """A readable key: lower-case letters, digits and single hyphens."""

    default_validators = [well_formed_key]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST_KEY, **options})


def tracked(model: type[Model]) -> type[Model]:
    """Record every insert, update and delete as a row in `<Model>History`, by trigger.

    Setting `modified_at` alone is not recorded: the child that caused it has a row of its own. Inserts and deletes
    write their history once per statement. These triggers have names that sort after `touch_…` and so run later: a new
    child waits for its entry's lock before it takes a number in the history; otherwise it could take one from before a
    publication that it waited for (`editorial.workflow.edit_history` relies on these numbers). Updates are recorded row
    by row, because a statement's old and new rows have no index to join them by.
    """
    changed = pghistory.AnyChange(exclude=["modified_at"]) if issubclass(model, Entry) else pghistory.AnyChange()
    track: Callable[[type[Model]], type[Model]] = pghistory.track(
        pghistory.InsertEvent(level=pgtrigger.Statement, trigger_name="written_insert"),
        pghistory.UpdateEvent(level=pgtrigger.Row, trigger_name="written_update", condition=changed),
        pghistory.DeleteEvent(level=pgtrigger.Statement, trigger_name="written_delete"),
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history_row"),
        model_name=f"{model.__name__}History",
    )
    return track(model)


class EntryQuerySet(models.QuerySet[Any]):
    """Queries that the desk can make on every kind of entry."""

    def with_children(self) -> Self:
        """Prefetch everything that the entry's document reads, in a fixed number of queries."""
        return self.select_related(*self.model.document_parents).prefetch_related(*self.model.document_children)

    def keyed(self, key: str) -> Self:
        return self.filter(key=key)

    def in_key_order(self) -> Self:
        return self.order_by("key")


class EntryManager(models.Manager.from_queryset(EntryQuerySet)):  # type: ignore[misc]  # created at run time
    def get_by_natural_key(self, key: str) -> Any:
        return self.get(key=key)


class Entry(models.Model):
    """An aggregate that is edited, reviewed and published as one."""

    entry_kind: ClassVar[str]
    document_parents: ClassVar[tuple[str, ...]] = ()
    document_children: ClassVar[tuple[str, ...]] = ()

    key = KeyField(unique=True, help_text=gettext_lazy("Readable and lasting: it cannot be changed once published."))
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    modified_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EntryManager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    @classmethod
    def rules(cls, kind: str) -> list[pgtrigger.Trigger]:
        """Triggers of every entry."""
        return [modified_now(), key_is_settled(kind), published_stays(kind)]


def exactly_one(*fields: str) -> Q:
    """Condition that exactly one of these nullable columns is set."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in fields})
    return condition


def refuse_cycle(entry: Any, noun: str) -> None:
    """Validate what the trigger `no_cycle` enforces, with a readable message."""
    above, seen = entry.parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == entry.pk:
            raise ValidationError(
                {
                    "parent": _("The %(noun)s %(key)s would lie within itself: choose a parent that is not below it.")
                    % {"noun": noun, "key": entry.key}
                }
            )
        seen.add(above.pk)
        above = above.parent


def leads_back(model: type[models.Model], owner: str, row: Any, kinds: Collection[str], *limits: Q) -> bool:
    """Return True if relations of these kinds, within the limits, already lead from the row's `other` back to its owner."""
    start, found = getattr(row, f"{owner}_id"), set[int]()
    waiting = {row.other_id}
    while waiting and start not in waiting:
        found |= waiting
        ahead = model._default_manager.filter(*limits, **{f"{owner}__in": waiting}, kind__in=kinds).exclude(pk=row.pk)
        waiting = set(ahead.values_list("other", flat=True)) - found
    return start in waiting
