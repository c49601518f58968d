"""Changes of an entry: who changed what and when, read from the rows that the history triggers write."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conflict.models import Entry
from conflict.models.entry import AUTOMATIC
from editorial.models import User
from editorial.workflow import edit_history

DERIVED = frozenset({"span", "made_span", "raised_span", "published_span"})  # they repeat the text next to them
BY_THE_SYSTEM = gettext_lazy("the system")
LABELS = {
    "insert": pgettext_lazy("word", "added"),
    "update": pgettext_lazy("word", "changed"),
    "delete": pgettext_lazy("word", "removed"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Change of one field: its old and new value, both as displayed and as stored."""

    name: str
    old: str
    new: str
    column: str
    was: Any = None
    now: Any = None


@dataclass(slots=True)
class Change:
    """One row added, changed or removed, by one person at one moment."""

    at: datetime
    who: str
    what: str
    step: str  # a key of LABELS
    number: int
    model: type[Model]
    row: int
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def done(self) -> str:
        """A sentence in the reader's language on what was done to the row."""
        return str(LABELS.get(self.step, self.step))


def changes(entry: Entry, hidden: Collection[int] = ()) -> list[Change]:
    """All changes of the entry and its parts, newest first, without citations of hidden sources; a fixed number of queries."""
    rows = [
        (
            model,
            [
                row
                for row in found.select_related("pgh_context").order_by("pgh_id")
                if getattr(row, "source_id", None) not in hidden
            ],
        )
        for model, found in edit_history.history_of_entry(entry.entry_kind, entry.pk)
    ]
    names = Names([row for _, found in rows for row in found])
    changes_found = [change for model, found in rows for change in _of_model(model, found, names)]
    return sorted(changes_found, key=lambda change: (change.at, change.number), reverse=True)


def since(entry: Entry, moment: datetime) -> list[Change]:
    """Changes made after the state that was last modified at `moment`.

    A transaction that began earlier may have been committed later: its changes are those of
    the entry's last modification.
    """
    return [change for change in changes(entry) if change.at > moment or change.at == entry.modified_at]


class Names:
    """Names of the people and rows that history rows refer to by number, read together."""

    def __init__(self, rows: Sequence[Any]) -> None:
        people = {user for row in rows if (user := _user(row)) is not None}
        self.people = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for row in rows:
            for column in (column for column in _columns(type(row)) if isinstance(column, ForeignKey)):
                if (pk := getattr(row, column.attname)) is not None:
                    wanted[column.related_model].add(pk)
        self.rows = {
            (model, pk): str(found)
            for model, pks in wanted.items()
            for pk, found in model._default_manager.in_bulk(pks).items()
        }

    def who(self, row: Any) -> str:
        user = _user(row)
        return str(BY_THE_SYSTEM) if user is None else self.people.get(user, _("account %(user)s") % {"user": user})

    def shown(self, row: Any, column: Any) -> str:
        value = getattr(row, column.attname)
        if value in (None, "", {}):
            return ""
        if isinstance(column, ForeignKey):
            return self.rows.get((column.related_model, value), _("no. %(value)s, since removed") % {"value": value})
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)


def _user(row: Any) -> int | None:
    context = row.pgh_context
    user = context.metadata.get("user") if context else None
    return int(user) if user is not None else None


def _columns(history: type[Model]) -> list[Any]:
    return [
        column
        for column in history._meta.concrete_fields
        if not column.name.startswith("pgh_") and column.name not in AUTOMATIC | DERIVED
    ]


def _of_model(model: type[Model], rows: list[Any], names: Names) -> Iterable[Change]:
    before: dict[int, Any] = {}
    parents = (
        {
            column.attname
            for column in _columns(type(rows[0]))
            if isinstance(column, ForeignKey) and column.name in PARENTS
        }
        if rows
        else set()
    )
    for row in rows:
        old, new = (row, None) if row.pgh_label == "delete" else (before.get(row.id), row)
        change = Change(
            at=row.pgh_created_at,
            who=names.who(row),
            what=_titled(model, row, names),
            step=row.pgh_label,
            number=row.pgh_id,
            model=model,
            row=row.id,
            fields=[
                FieldChange(
                    capfirst(str(column.verbose_name)),
                    was,
                    now,
                    column.name,
                    getattr(old, column.attname, None),
                    getattr(new, column.attname, None),
                )
                for column in _columns(type(row))
                if not (column.attname in parents and (old is None or new is None))
                and (was := names.shown(old, column) if old else "") != (now := names.shown(new, column) if new else "")
            ],
        )
        before[row.id] = row
        if change.fields or row.pgh_label != "update":
            yield change


PARENTS = frozenset({"claim", "finding", "participation", "affiliation", "event", "notice"})


def _titled(model: type[Model], row: Any, names: Names) -> str:
    """“claim attack-46”, “participation: National Army”."""
    noun = str(model._meta.verbose_name)
    if key := getattr(row, "key", ""):
        return f"{noun} {key}"
    for name in ("actor", "source", "location", "other", "claim"):
        column = next((column for column in _columns(type(row)) if column.name == name), None)
        if column is not None and (shown := names.shown(row, column)):
            return _("%(what)s: %(which)s") % {"what": noun, "which": shown[:80]}
    name = getattr(row, "name", "") or getattr(row, "described_as", "")
    return _("%(what)s: %(which)s") % {"what": noun, "which": name} if name else noun
