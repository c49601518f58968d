"""Total orders of lists, and the conditions for rows beyond a position."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet

from conflict.record.models.entry import LinkedQuerySet


class Ordering(NamedTuple):
    """A total order: column names, ending with a unique one."""

    columns: tuple[str, ...]
    is_descending: bool = False

    def reversed(self) -> "Ordering":
        return Ordering(self.columns, not self.is_descending)

    def of(self, rows: QuerySet[Any]) -> "Ordering":
        """Adapt the ordering to these rows: if they are read through a link, it uses the columns of the link."""
        return self._replace(columns=rows.order(self.columns)) if isinstance(rows, LinkedQuerySet) else self

    def applied(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        sign = "-" if self.is_descending else ""
        return rows.order_by(*(sign + column for column in self.columns))

    def after(self, rows: QuerySet[Any], position: Sequence[Any]) -> QuerySet[Any]:
        """Rows in this order: all of them, or those beyond a position."""
        order = self.of(rows)
        return order.applied(rows.filter(order.beyond(position)) if position else rows)

    def beyond(self, position: Sequence[Any]) -> Q:
        """Condition for rows beyond the position. Its first part alone lets the index find the place."""
        than, from_ = ("lt", "lte") if self.is_descending else ("gt", "gte")
        *leading, last = zip(self.columns, position, strict=True)
        condition = Q(**{f"{last[0]}__{than}": last[1]})
        for column, value in reversed(leading):
            condition = Q(**{f"{column}__{from_}": value}) & (Q(**{f"{column}__{than}": value}) | condition)
        return condition

    def parameters(self, model: type[Model], position: Sequence[Any]) -> tuple[Any, ...]:
        """Parameters of `beyond` in the order of their use, adapted to the columns of this model."""
        fields = [model._meta.get_field(column) for column in self.columns]
        *leading, last = (field.get_prep_value(value) for field, value in zip(fields, position, strict=True))  # type: ignore[union-attr]  # all of them are columns
        return (*(value for value in leading for _ in range(2)), last)
