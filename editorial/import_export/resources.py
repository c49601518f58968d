"""The tables of the desk as rows of text, out and in again without loss (django-import-export).

Relations use natural keys, dates stay EDTF text; timestamps, primary keys and derived columns
are left out. A row is identified by its natural key or, in a table without one, by all that it
references and its number among equals.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from import_export import fields, resources

from conflict import models as desk
from conflict.message import Refusal
from conflict.message import gettext as _
from conflict.models.entry import AUTOMATIC
from conflict.models.fields import EvenedOut, SpanField
from conflict.vocabulary import UNPUBLISHED_ACCESS
from conflict.workbook import Kind
from editorial.import_export import references
from editorial.import_export.table_cells import (
    DayCell,
    DecimalCell,
    NumberCell,
    ReferenceCell,
    TruthCell,
    cell_of,
    is_the_same_text,
)
from editorial.models import User
from editorial.workflow import restricted_sources

POSITION = "\0position"  # of a row in the file; no column can have this name
NUMBER = "nth"  # among rows that are equal in all that identifies them
IDENTITY: dict[type[models.Model], tuple[str, ...]] = {
    desk.ActorName: ("actor", "name"),
    desk.LocationName: ("location", "name"),
    desk.EventLocation: ("event", "location"),
    desk.Finding: ("event", "key"),
    desk.FindingBasis: ("finding", "claim"),
}
IDENTITY_BY_NUMBER: dict[type[models.Model], tuple[str, ...]] = {
    desk.Citation: ("event", "claim", "finding", "affiliation", "participation", "source"),
    desk.Participation: ("event", "actor"),
    desk.Affiliation: ("actor", "other"),
    desk.EventRelation: ("event", "other"),
    desk.ClaimRelation: ("claim", "other"),
    desk.ClaimParty: ("claim", "role", "position"),
    desk.FindingParty: ("finding", "position"),
    desk.NoticeMention: ("notice", "period", "event", "actor", "location", "source", "claim"),
}
# Identity of rows without their number among equals, such as those added by hand.
IDENTITY_WITHOUT_NUMBER: dict[type[models.Model], tuple[str, ...]] = {
    desk.Participation: ("event", "actor", "role"),
    desk.Affiliation: ("actor", "kind", "other", "when", "role"),
    desk.EventRelation: ("event", "kind", "other"),
    desk.ClaimRelation: ("claim", "kind", "other"),
}


class DeskResource(resources.ModelResource):  # type: ignore[misc]  # import_export ships no types
    """One table of the desk, as far as the user may see and change it."""

    def __init__(self, user: User | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.user = user
        self.changes: dict[int, list[dict[str, str]]] = {}  # by position in the file
        for field in self.fields.values():
            if isinstance(field.widget, ReferenceCell):
                field.widget.user = user

    @classmethod
    def model(cls) -> type[models.Model]:
        return cls._meta.model  # type: ignore[no-any-return]

    @classmethod
    def numbered_by(cls) -> tuple[str, ...]:
        return IDENTITY_BY_NUMBER.get(cls.model(), ())

    @classmethod
    def columns(cls) -> list[str]:
        return [field.column_name for field in cls().get_export_fields()]

    @classmethod
    def optional_columns(cls) -> set[str]:
        return {NUMBER} if cls.model() in IDENTITY_WITHOUT_NUMBER else set()

    @classmethod
    def empty_columns(cls) -> set[str]:
        """Columns that may be empty. A file exported before there was one lacks it, and its rows keep what they have."""
        fields = {field.name: field for field in cls.model()._meta.concrete_fields}
        names = set(cls.columns()) - set(cls._meta.import_id_fields)
        return {name for name in names if (field := fields[name]).blank or field.null or field.has_default()}

    def export(self, *args: Any, **options: Any) -> Any:
        """The rows as texts; `kinds` gives the types of the columns, for formats that have types."""
        rows = super().export(*args, **options)
        rows.kinds = [self._kind(name) for name in rows.headers]
        return rows

    def _kind(self, name: str) -> Kind:
        cell = self.fields[name].widget
        kinds = ((TruthCell, Kind.FLAG), (NumberCell | DecimalCell, Kind.NUMBER), (DayCell, Kind.DAY))
        return next((kind for classes, kind in kinds if isinstance(cell, classes)), Kind.TEXT)

    def get_queryset(self) -> "QuerySet[Any]":
        return self.model()._default_manager.all()

    def filter_export(self, queryset: "QuerySet[Any]", **options: Any) -> "QuerySet[Any]":
        """Rows that the user may export, in a total order that does not depend on when they were written."""
        model = self.model()
        everything = model._default_manager.all()
        if not self.numbered_by():  # a number among equals means something in the whole table only
            everything = everything.filter(pk__in=queryset.order_by().values("pk"))
        rows = restricted_sources.visible(everything, self.user)
        related = [
            "__".join(filter(None, (column.name, deeper)))
            for column in model._meta.concrete_fields
            if column.is_relation
            for deeper in ("", *references.related(cast(type[models.Model], column.related_model)))
        ]
        if number := self.numbered_by():
            rows = rows.annotate(
                nth=Window(RowNumber(), partition_by=[F(_column(model, name)) for name in number], order_by="pk")
            )
        order = [path for name in self._meta.import_id_fields for path in _order(model, name)]
        return rows.select_related(*related).order_by(*order)

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        values = {name: self._identified(name, row) for name in self._meta.import_id_fields if name != NUMBER}
        rows = self.get_queryset().filter(**dict(_lookup(name, value) for name, value in values.items()))
        if not self.numbered_by():
            return rows.first()
        number = NumberCell().clean(row.get(NUMBER))
        if number is None and (unnumbered := IDENTITY_WITHOUT_NUMBER.get(self.model())):
            values = {name: self._identified(name, row) for name in unnumbered}
            return self.get_queryset().filter(**dict(_lookup(name, value) for name, value in values.items())).first()
        if not number or number < 1:
            raise Refusal(_("The number among equals is missing: 1, if there are no others."))
        equal = list(rows.order_by("pk")[:number])
        if len(equal) < number - 1:
            raise Refusal(
                _("There is no number %(number)s among its equals: number them without gaps from 1.")
                % {"number": number - 1}
            )
        return equal[number - 1] if len(equal) == number else None

    def _identified(self, name: str, row: Any) -> Any:
        try:
            return self.fields[name].clean(row)
        except ValueError as error:
            raise ValidationError({name: [str(error)]}) from error

    def before_import_row(self, row: Any, **options: Any) -> None:
        """Refuse changes to rows that the user may not see."""
        if self.model() is desk.Source and not restricted_sources.may_see(self.user):
            hidden = desk.Source.objects.filter(key=row.get("key"), access__in=UNPUBLISHED_ACCESS)
            if hidden.exists() or row.get("access") in UNPUBLISHED_ACCESS:
                raise ValidationError({"key": [_("Only those who may see restricted sources can import this one.")]})

    def after_init_instance(self, instance: Any, new: bool, row: Any, **options: Any) -> None:
        self._before = {name: "" if new else field.export(instance) for name, field in self._import_fields().items()}

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """True if nothing changes; changes are recorded for the preview.

        A text that differs from the stored one only by normalization stays as stored.
        """
        if import_validation_errors:
            return False
        self._stored = {
            column.name: before
            for column in self.model()._meta.concrete_fields
            if isinstance(column, EvenedOut)
            and (before := self._before.get(column.name))
            and is_the_same_text(before, getattr(instance, column.name))
        }
        self._keep_as_stored(instance)
        now = {name: field.export(instance) for name, field in self._import_fields().items()}
        self.changes[row[POSITION]] = [
            {"column": name, "old": self._before[name], "new": now[name]}
            for name in now
            if now[name] != self._before[name]
        ]
        return instance.pk is not None and not self.changes[row[POSITION]]

    def _import_fields(self) -> dict[str, Any]:
        return {field.column_name: field for field in self.get_import_fields() if field.column_name != NUMBER}

    def import_row(self, row: Any, instance_loader: Any, **options: Any) -> Any:
        """Import a row in a savepoint, so that a refused row leaves the transaction usable for the others."""
        with transaction.atomic():
            result = super().import_row(row, instance_loader, **options)
            if result.errors or result.validation_error:
                transaction.set_rollback(True)
        return result

    def save_instance(self, instance: Any, is_create: bool, row: Any, **options: Any) -> None:
        """Save even in a preview, which is rolled back as a whole, since later rows may reference this one."""
        self._keep_as_stored(instance)  # validation evened it out
        instance.save()

    def _keep_as_stored(self, instance: Any) -> None:
        for name, value in self._stored.items():
            setattr(instance, name, value)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def _order(model: type[models.Model], name: str) -> Iterable[Any]:
    """Sort keys of a column: natural keys, never primary ones."""
    if name == NUMBER:
        return [NUMBER]
    column = model._meta.get_field(name)
    if not column.is_relation:
        return [F(name).asc(nulls_first=True)]
    paths = references.parts_of(column.related_model)  # type: ignore[arg-type]
    return [F(f"{name}__{path}").asc(nulls_first=True) for path in paths]


def _lookup(name: str, value: Any) -> tuple[str, Any]:
    return (name, value) if value is not None else (f"{name}__isnull", True)


def _resource(model: type[models.Model]) -> type[DeskResource]:
    columns = [
        column
        for column in model._meta.concrete_fields
        if column.name not in AUTOMATIC and not isinstance(column, SpanField)
    ]
    identity = IDENTITY.get(model, ("key",))
    declared: dict[str, Any] = {
        column.name: fields.Field(column_name=column.name, attribute=column.name, widget=cell_of(column))
        for column in columns
    }
    order = [column.name for column in columns]
    if number := IDENTITY_BY_NUMBER.get(model):
        identity = (*number, NUMBER)
        declared[NUMBER] = fields.Field(column_name=NUMBER, attribute=NUMBER, widget=NumberCell(), readonly=True)
        order.append(NUMBER)
    meta = type(
        "Meta",
        (),
        {
            "model": model,
            "fields": tuple(order),
            "export_order": tuple(order),
            "import_id_fields": tuple(identity),
            "clean_model_instances": True,
            "skip_unchanged": True,
            "report_skipped": True,
            "skip_diff": True,
            "use_transactions": True,
            "name": str(model._meta.verbose_name_plural),
        },
    )
    return type(f"{model.__name__}Resource", (DeskResource,), {**declared, "Meta": meta})


RESOURCES: dict[str, type[DeskResource]] = {name: _resource(model) for name, model in desk.TABLES.items()}
